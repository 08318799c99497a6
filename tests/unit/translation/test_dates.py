"""Native date spellings (R19, R20)."""

import pytest

from gateway.translation import dates


def test_offset_is_dropped_and_not_converted() -> None:
    assert dates.read_iso("2026-08-03+05:00") == "2026-08-03"


@pytest.mark.parametrize("text", ["2026-02-30", "03.08.2026", "2026-8-3", "", "20260803"])
def test_other_spelling_or_impossible_day_is_no_iso_date(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        dates.read_iso(text)


@pytest.mark.parametrize(
    ("text", "iso", "assumed"),
    [
        ("25.01.1987", "1987-01-25", False),
        ("21.8.26", "2026-08-21", False),
        ("2026-08-22", "2026-08-22", False),
        ("03/02/2025", "2025-02-03", True),
        ("23/02/2025", "2025-02-23", False),
        ("03.02.2025", "2025-02-03", False),
    ],
)
def test_day_comes_first(text: str, iso: str, assumed: object) -> None:
    assert dates.read_day_first(text) == (iso, assumed)


def test_two_digit_birth_year_lies_in_the_past() -> None:
    assert dates.read_day_first("01.02.87", birth_until=2026) == ("1987-02-01", False)
    assert dates.read_day_first("01.02.05", birth_until=2026) == ("2005-02-01", False)


def test_bare_year_is_told_from_other_numbers() -> None:
    assert dates.read_year("1975") == "1975"
    assert dates.read_year("3975") is None
