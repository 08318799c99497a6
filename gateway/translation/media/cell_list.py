"""A sheet told cell by cell in CSV: place, kind, format and stored value, as some offices export.

It becomes the same lines as the workbook itself, by the same rules.
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator

from gateway.model.refusal import Refusal
from gateway.translation.media.cells import (
    FaultyCell,
    column_of,
    day_text,
    is_date_format,
    number_text,
)
from gateway.translation.media.sheet_events import MOST_COLUMNS, Line

HEADING = "sheet,cell,excel_type,number_format,raw_value,shown_as,note"
# As many as the cells of a workbook may be.
MOST_CELLS = 1_000_000
_PLACE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})(:[A-Z]{1,3}[1-9]\d{0,6})?")


def is_cell_list(head: bytes) -> bool:
    """Whether a file begins with the heading of such a list."""
    return head.split(b"\n", 1)[0].strip() == HEADING.encode()


class CellList:
    """The lines of the one sheet, gone through anew each time."""

    def __init__(self, text: Callable[[], Iterable[str]]) -> None:
        """text: gives the lines of the file, the heading first."""
        self._text = text

    def __iter__(self) -> Iterator[Line]:
        """Lines as a workbook gives them. Refuses `csv.malformed`, `submission.too-large`."""
        line: list[str] = []
        at = width = 0
        for row, column, text in self._cells():
            if row != at and line:
                yield tuple(line)
                width = max(width, len(line))
            if row != at:
                line, at = [""] * width, row
            if text:
                line += [""] * (column + 1 - len(line))
                line[column] = text
        if line:
            yield tuple(line)

    def _cells(self) -> Iterator[tuple[int, int, str]]:
        """(row, column from 0, text) in the order of rows."""
        told = csv.reader(self._text(), strict=True)
        last, sheets = (0, -1), set[str]()
        try:
            for number, cells in enumerate(told, start=1):
                if number == 1 or not cells:
                    continue
                if number > MOST_CELLS:
                    raise _refusal(
                        "submission.too-large", f"a list has at most {MOST_CELLS} cells", number
                    )
                sheets.add(cells[0])
                place = _PLACE.fullmatch(cells[1]) if len(cells) == 7 else None
                if place is None or len(sheets) > 1:
                    raise _malformed("each line tells one cell of one sheet", number)
                row, column = int(place[2]), column_of(place[1])
                if (row, column) <= last or column >= MOST_COLUMNS:
                    raise _malformed("cells stand row by row, from left to right", number)
                last = row, column
                yield row, column, _text_of(cells, number)
        except csv.Error:
            raise _malformed("cells are separated by commas and quoted whole", 0) from None


def _text_of(cells: list[str], number: int) -> str:
    _sheet, _place, kind, number_format, raw, shown, _note = cells
    if kind in ("string", "merged_string", "boolean"):
        return raw
    if kind == "empty":
        return ""
    if kind == "formula":
        return FaultyCell.formula(shown)
    if kind == "error":
        return FaultyCell.error(shown)
    if kind != "number":
        raise _malformed("the kind of a cell is not known", number)
    dated = is_date_format(number_format)
    try:
        return day_text(raw, dated, since_1904=False) if dated else number_text(raw)
    except (ValueError, OverflowError):
        return FaultyCell.error("#VALUE!")


def _malformed(rule: str, number: int) -> Refusal:
    return _refusal("csv.malformed", rule, number)


def _refusal(code: str, rule: str, number: int) -> Refusal:
    return Refusal(code, step="translate", rule=rule, place=f"line {number}" if number else "")
