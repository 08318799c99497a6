"""Cells of spreadsheets as texts."""

import pytest

from gateway.translation.media.cells import (
    built_in_format,
    column_of,
    is_date_format,
    letters_of,
)


@pytest.mark.parametrize(
    ("pattern", "kind"),
    [
        ("dd.mm.yyyy", "day"),
        ("[$-428]d mmmm yyyy;@", "day"),
        ("mmm", "day"),
        ("h:mm", "clock"),
        ("[h]:mm:ss", ""),
        ("General", ""),
        ("0.00E+00", ""),
        ('#,##0.00" сомонӣ dd"', ""),
        (r"#,##0\ \d", ""),
        ("[Red]0", ""),
        ("@", ""),
    ],
)
def test_a_format_makes_a_day_a_time_or_nothing_of_a_number(pattern: str, kind: str) -> None:
    assert is_date_format(pattern) == kind


def test_formats_known_by_number() -> None:
    assert [built_in_format(n) for n in (0, 14, 20, 22, 46, 49)] == [
        "",
        "day",
        "clock",
        "day",
        "",
        "",
    ]


def test_columns_have_letters_both_ways() -> None:
    for place in (0, 25, 26, 701, 702, 16_383):
        assert column_of(f"{letters_of(place)}7") == place


@pytest.mark.parametrize("reference", ["7", "ABCD7", "Ж1", "A1B"])
def test_a_reference_without_letters_is_none(reference: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - it says nothing more
        column_of(reference)
