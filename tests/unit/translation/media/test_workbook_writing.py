"""Workbooks that we write hold texts only, and are the same at every run."""

import io
from datetime import UTC, datetime

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.model.refusal import Refusal
from gateway.translation.media.workbook import open_workbook
from gateway.translation.media.workbook_writing import repacked, workbook_of

TRICKY = [
    "=1+1",
    "+992 90 000",
    "-5",
    "@SUM(A1)",
    "\t=1",
    "007",
    "4E+08",
    "_x0041_",
    "a\r\nb",
    " x ",
]


def test_every_cell_is_a_text_for_other_programs() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook_of([TRICKY])))
    assert {cell.data_type for cell in book.active[1]} == {"s"}
    assert {cell.number_format for cell in book.active[1]} == {"@"}
    assert all(cell.quotePrefix for cell in book.active[1])


@given(st.lists(st.lists(st.text(min_size=1), min_size=1, max_size=4), min_size=1, max_size=4))
def test_what_is_written_is_read_again(lines: list[list[str]]) -> None:
    width = max(map(len, lines))
    padded = [(*line, *["."] * (width - len(line))) for line in lines]
    assert list(open_workbook(workbook_of(padded)).lines()) == padded


def test_same_lines_give_the_same_bytes() -> None:
    assert workbook_of([TRICKY]) == workbook_of([TRICKY])


@pytest.mark.parametrize("title", ["Бозгашт", "a/b:c*?[d]", "'", "x" * 40, "", 'a"<&'])
def test_any_title_becomes_a_sheet_name(title: str) -> None:
    (sheet,) = open_workbook(workbook_of([["x"]], title=title)).sheets
    assert 0 < len(sheet.name) <= 31


def test_text_that_no_cell_holds_is_refused() -> None:
    with pytest.raises(Refusal) as caught:
        workbook_of([["x" * 40_000]])
    assert caught.value.code == "layout.cannot-carry"


def test_template_saved_by_openpyxl_is_made_the_same_at_every_run() -> None:
    at = datetime(2026, 11, 25, tzinfo=UTC)
    saved = []
    for second in (1, 2):
        book = openpyxl.Workbook()
        book.properties.created = datetime(2020, 1, 1, 0, 0, second, tzinfo=UTC)
        data = io.BytesIO()
        book.save(data)
        saved.append(repacked(data.getvalue(), at=at))
    assert saved[0] == saved[1]
    assert openpyxl.load_workbook(io.BytesIO(saved[0])).properties.created.year == 2026
