"""A sheet told cell by cell becomes the lines of the workbook."""

import pytest

from gateway.model.refusal import Refusal
from gateway.translation.media.cell_list import HEADING, CellList, is_cell_list
from gateway.translation.media.cells import FaultyCell


def lines(*cells: str) -> list[tuple[str, ...]]:
    return list(CellList(lambda: iter([f"{line}\r\n" for line in (HEADING, *cells)])))


def test_stored_values_become_texts_by_their_format() -> None:
    assert lines(
        'S,A1:C1,merged_string,General,"Рӯйхат, III",same,title',
        "S,A2,number,General,400000015,4E+08,",
        "S,B2,number,dd.mm.yyyy,31802,25.01.1987,",
        "S,C2,empty,General,,,",
        "S,C4,string,@, x ,same,",
    ) == [("Рӯйхат, III",), ("400000015", "1987-01-25"), ("", "", " x ")]


def test_formula_is_known_by_its_stored_result_and_errors_as_such() -> None:
    ((formula, error),) = lines("S,A1,formula,0,=COUNTA(B3:B4),2,", "S,B1,error,0,,#REF!,")
    assert isinstance(formula, FaultyCell)
    assert (formula, formula.code) == ("2", "cell.formula")
    assert isinstance(error, FaultyCell)


@pytest.mark.parametrize(
    "cells",
    [
        ("S,A0,string,@,x,x,",),
        ("S,A1,string,@,x",),
        ("S,A1,picture,@,x,x,",),
        ("S,A2,string,@,x,x,", "S,A1,string,@,x,x,"),
        ("S,B1,string,@,x,x,", "S,A1,string,@,x,x,"),
        ("S,A1,string,@,x,x,", "T,A2,string,@,x,x,"),
        ('S,A1,string,@,"x,x,',),
        ("S,XFD1,string,@,x,x,",),
    ],
)
def test_list_that_is_not_one_sheet_in_order_is_refused(cells: tuple[str, ...]) -> None:
    with pytest.raises(Refusal) as caught:
        lines(*cells)
    assert caught.value.code == "csv.malformed"


def test_list_is_known_by_its_heading() -> None:
    assert is_cell_list(f"{HEADING}\r\nx".encode())
    assert not is_cell_list(b"sheet;cell")
