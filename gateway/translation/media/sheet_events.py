"""The rows of a sheet, and the texts that workbooks share, out of a stream of XML events."""

import re
from collections.abc import Callable

from gateway.translation.media.cells import FaultyCell, column_of, day_text, number_text
from gateway.translation.media.workbook_parts import malformed, too_large

MOST_COLUMNS = 1_024
# Elements, whatever they are called: fifty thousand rows of sixteen texts have 2.4 million.
MOST_ELEMENTS = 2_500_000
MOST_STRING_ELEMENTS = 1_500_000
# What Excel lets stand in a cell.
LONGEST_TEXT = 32_767
MOST_ROWS = 1_048_576
_KNOWN = ("row", "c", "v", "t", "f", "rPh", "sheetData")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")

Line = tuple[str, ...]


class _Texts:
    """Text inside the elements that hold it; spellings beside it (rPh) are none of it."""

    def __init__(self) -> None:
        self._kept: list[str] = []
        self._length = 0
        self._keeping = False
        self._beside = False

    def text(self, data: str) -> None:
        """Some text; it may come in pieces."""
        if self._keeping and not self._beside:
            self._kept.append(data)
            self._length += len(data)
            if self._length > LONGEST_TEXT:
                raise too_large(f"a cell holds at most {LONGEST_TEXT} characters")

    def _taken(self) -> str:
        kept = self._kept
        text = kept[0] if len(kept) == 1 else "".join(kept)
        kept.clear()
        self._length = 0
        # ECMA-376 22.9.2.19: characters that XML cannot hold are spelled _xHHHH_.
        return _ESCAPED.sub(_character, text) if "_x" in text else text


class StringEvents(_Texts):
    """The shared texts in their order; `ready` holds those that are finished."""

    def __init__(self, *, mark: Callable[[], None]) -> None:
        """mark: told after each text."""
        super().__init__()
        self.ready: list[str] = []
        self._mark = mark
        self._count = 0

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        """An element begins."""
        self._count += 1
        if self._count > MOST_STRING_ELEMENTS:
            raise too_large("a workbook holds no more texts than a file may have cells")
        local = name.rpartition(":")[2]
        self._keeping = local == "t"
        self._beside = self._beside or local == "rPh"

    def end(self, name: str) -> None:
        """An element ends."""
        self._keeping = False
        local = name.rpartition(":")[2]
        if local == "rPh":
            self._beside = False
        elif local == "si":
            self._mark()
            self.ready.append(self._taken())


class SheetEvents(_Texts):
    """The rows of a sheet; `ready` holds those that are finished, `done` is true after the last.

    Blank rows are empty lines, and none at the end.
    """

    def __init__(
        self,
        strings: list[str],
        dated: dict[str, str],
        *,
        since_1904: bool,
        mark: Callable[[], None],
    ) -> None:
        """strings: shared texts. dated: `day` or `clock`, by the cell styles that make
        one of a number. mark: told after each row."""
        super().__init__()
        self.ready: list[Line] = []
        self.done = False
        self._strings = strings
        self._dated = dated
        self._since_1904 = since_1904
        self._mark = mark
        self._line: list[str] = []
        self._following = 0
        self._width = 0
        self._row = 0
        self._told = 0
        self._count = 0
        self._formula = False
        self._cell: dict[str, str] = {}
        self._kinds: dict[str, str] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        self._count += 1
        if self._count > MOST_ELEMENTS:
            raise too_large(f"a sheet has at most {MOST_ELEMENTS} elements")
        kind = self._kinds.get(name)
        if kind == "c":
            self._cell = attributes
            self._formula = False
        elif kind in ("v", "t"):
            self._keeping = True
        elif kind == "f":
            self._formula = True
        elif kind == "row":
            self._start_row(attributes.get("r"))
        elif kind == "rPh":
            self._beside = True
        elif not self._kinds:
            # The root tells the prefix of all elements.
            prefix = name.removesuffix("worksheet")
            self._kinds = {f"{prefix}{local}": local for local in _KNOWN}

    def end(self, name: str) -> None:
        """An element ends."""
        kind = self._kinds.get(name)
        if kind in ("v", "t"):
            self._keeping = False
        elif kind == "c":
            self._end_cell()
        elif kind == "row":
            self._end_row()
        elif kind == "rPh":
            self._beside = False
        elif kind == "sheetData":
            self.done = True

    def _end_row(self) -> None:
        self._mark()
        line = self._line
        if line and not self.done:
            self._width = max(self._width, len(line))
            line += [""] * (self._width - len(line))
            # Blank rows above it keep their places, so that a row is told by its number.
            self.ready += [()] * (self._row - self._told - 1)
            self.ready.append(tuple(line))
            self._told = self._row
        self._line = []
        self._following = 0

    def _start_row(self, number: str | None) -> None:
        row = self._row + 1
        if number is not None and number != str(row):
            row = int(number) if number.isdecimal() and len(number) <= 7 else 0
            if not self._row < row <= MOST_ROWS:
                raise malformed("the rows of a sheet stand out of order")
        self._row = row

    def _end_cell(self) -> None:
        stored = self._taken()
        reference = self._cell.get("r")
        try:
            column = self._following if reference is None else column_of(reference)
        except ValueError:
            raise malformed("a cell has no place") from None
        if column < self._following:
            raise malformed("the cells of a row stand out of order")
        self._following = column + 1
        if self._formula:
            stored = FaultyCell.formula("" if self._cell.get("t") == "s" else stored)
        elif stored:
            stored = self._value(stored)
        if stored:
            if column >= MOST_COLUMNS:
                raise too_large(f"a sheet has at most {MOST_COLUMNS} columns")
            line = self._line
            if column > len(line):
                line += [""] * (column - len(line))
            line.append(stored)

    def _value(self, stored: str) -> str:
        kind = self._cell.get("t", "n")
        if kind in ("inlineStr", "str", "d"):
            return stored
        if kind == "s":
            return self._shared(stored)
        if kind == "e":
            return FaultyCell.error(stored)
        try:
            return self._counted(kind, stored)
        except (ValueError, OverflowError, IndexError):
            return FaultyCell.error("#VALUE!")

    def _counted(self, kind: str, stored: str) -> str:
        if kind == "b":
            return ("FALSE", "TRUE")[int(stored)]
        dated = self._dated.get(self._cell.get("s", ""))
        if dated is not None:
            return day_text(stored, dated, since_1904=self._since_1904)
        return number_text(stored)

    def _shared(self, stored: str) -> str:
        try:
            return self._strings[abs(int(stored))]
        except (ValueError, IndexError):
            raise malformed("a cell points to a text that is not there") from None


def _character(spelled: re.Match[str]) -> str:
    return chr(int(spelled[1], 16))
