"""Refusals in words: place, what happened, the rule, the code, and what to do."""

from collections.abc import Sequence

import pytest

from gateway.cli.told import advice, line, sentence, where
from gateway.model.refusal import Refusal
from gateway.model.refusal_codes import REFUSALS

# Areas whose codes a file of records can meet.
AREAS = ("code", "consent", "csv", "date", "document", "field", "file.unreadable", "identifier")
AREAS += ("json", "layout", "number", "record", "restricted", "source", "submission", "text", "xml")


@pytest.mark.parametrize(
    ("rows", "path", "told"),
    [
        ((2,), "row 2: /Сана", "row 2, /Сана"),
        ((2,), "row 2", "row 2"),
        ((2, 3), "/person/name", "rows 2, 3, /person/name"),
        ((), "line 4 column 343", "line 4 column 343"),
        ((), "", ""),
    ],
)
def test_a_place_is_row_and_member(rows: Sequence[int], path: str, told: str) -> None:
    assert where(rows, path) == told


def test_a_rule_that_says_no_more_than_the_title_is_left_out() -> None:
    refusal = Refusal("layout.unknown", step="translate", rule="no layout recognises the file")
    assert sentence(refusal) == "No layout recognises the file"


def test_a_line_ends_with_what_to_do() -> None:
    refusal = Refusal("date.unreadable", step="translate", rule="it must be a date")
    told = line((2,), refusal.code, "row 2: /Сана", sentence(refusal))
    assert told == (
        "row 2, /Сана: A date cannot be read: it must be a date [date.unreadable]. "
        "Write the date as the other rows do."
    )


def test_every_code_that_a_file_can_meet_has_advice() -> None:
    assert [code for code in REFUSALS if code.startswith(AREAS) and not advice(code)] == []
