"""Tables: title lines, a heading, rows, and a control total (R1); written with `;` and CRLF."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from gateway.model.refusal import Refusal
from gateway.translation.layout import Opened, Tree
from gateway.translation.media.cells import FAULTS, FaultyCell, letters_of
from gateway.translation.media.foreign import MAX_ROWS, MOST_TITLES, Foreign, TableFile
from gateway.translation.media.json_rows import not_of_layout
from gateway.translation.media.neutral import neutral
from gateway.translation.media.workbook import Workbook
from gateway.translation.reading import Stamp

Line = tuple[str, ...]


class Table:
    """A table known by its headings; headings are compared folded, whatever their letters."""

    media_type = "text/csv; charset=utf-8"
    extension = "csv"
    many = True

    def __init__(
        self,
        *columns: str,
        known_by: tuple[str, ...],
        fold: Callable[[str], str],
        optional: tuple[str, ...] = (),
        total: str | None = None,
    ) -> None:
        """columns: headings in the order they are written. known_by: headings that no other
        layout has together. fold: letters as they compare. optional: columns which are written
        only when a row fills them. total: the first cell of the control total line."""
        self.columns = columns
        self.fold = fold
        self.known_by = frozenset(fold(name) for name in known_by)
        self.optional = frozenset(optional)
        self.total = total
        self.by_folded = {fold(name): name for name in columns}

    def recognises(self, foreign: Foreign) -> bool:
        """Whether some line holds all the headings that mark the layout."""
        return isinstance(foreign, TableFile) and self._heading(foreign) is not None

    def _heading(self, foreign: TableFile) -> tuple[Iterable[Line], int] | None:
        """The lines, cut by the one separator that shows the headings, and the heading's place."""
        found, broken = [], list[Refusal]()
        cuts = (foreign.lines, *foreign.otherwise)
        for lines in cuts:
            try:
                place = self._place(lines)
            except Refusal as refusal:
                broken.append(refusal)
            else:
                found += [] if place is None else [(lines, place)]
        if len(broken) == len(cuts):
            raise broken[0]
        return found[0] if len(found) == 1 else None

    def _place(self, lines: Iterable[Line]) -> int | None:
        for place, line in enumerate(islice(lines, MOST_TITLES)):
            # A shorter line cannot hold them all.
            few = len(line) < len(self.known_by)
            if not few and self.known_by <= {self.fold(cell) for cell in line}:
                return place
        return None

    def open(self, foreign: Foreign) -> Opened:
        """Rows below the heading; refuses the file when its total disagrees (R1).

        The lines are gone through once to count them and once more for the rows.
        """
        found = self._heading(foreign) if isinstance(foreign, TableFile) else None
        if found is None:
            raise not_of_layout()
        lines, place = found
        heading = next(islice(iter(lines), place, None))
        names = tuple(self.by_folded.get(self.fold(cell), cell.strip()) for cell in heading)
        if len(set(filter(None, names))) != len(tuple(filter(None, names))):
            raise _refusal("csv.malformed", "a heading stands twice", f"line {place + 1}")
        self._check_total(lines, place)
        beside = lines.beside() if isinstance(lines, Workbook) else None
        return Opened(self._rows(lines, place, names), envelope=beside)

    @staticmethod
    def _filled(lines: Iterable[Line], place: int) -> Iterator[Line]:
        below = islice(lines, place + 1, None)
        return (line for line in below if any(map(str.strip, line)))

    def _rows(
        self, lines: Iterable[Line], place: int, names: Line
    ) -> Iterator[tuple[int, Tree | Refusal]]:
        width = len(names)
        rows = (line for line in self._filled(lines, place) if not self._is_total(line))
        for number, line in enumerate(rows, start=1):
            if any(isinstance(cell, FaultyCell) for cell in line):
                yield number, faulty(number, names, line)
            elif len(line) == width:
                yield number, dict(zip(names, line, strict=True))
            elif len(line) > width and not any(map(str.strip, line[width:])):
                yield number, dict(zip(names, line, strict=False))
            else:
                rule = "a row must have as many cells as the heading"
                yield number, _refusal("csv.malformed", rule, f"row {number}")

    def _is_total(self, line: Line) -> bool:
        # Most first cells are told by their length alone; folding every row would cost more.
        first = line[0].strip()
        if self.total is None or len(first) > len(self.total) + 1:
            return False
        return self.fold(first).rstrip(":") == self.fold(self.total)

    def _check_total(self, lines: Iterable[Line], place: int) -> None:
        found, totals = 0, list[Line]()
        for line in self._filled(lines, place):
            if self._is_total(line):
                totals.append(line)
            else:
                found += 1
            if found > MAX_ROWS:
                raise _refusal("submission.too-large", f"a file holds at most {MAX_ROWS} rows")
        if not totals:
            return
        said = {next((c.strip() for c in line[1:] if c.strip()), "") for line in totals}
        expected = said.pop() if len(said) == 1 else ""
        if isinstance(expected, FaultyCell) and not expected.isdecimal():
            rule = "the total is a formula without a result: write the number in its place"
            raise _refusal("submission.control-total", rule)
        if not expected.isascii() or not expected.isdigit():
            raise _refusal("submission.control-total", "the total line tells one count of rows")
        if int(expected) != found:
            rule = f"the total line expects {int(expected)} rows, {found} were found"
            raise _refusal("submission.control-total", rule)

    def close(self, rows: Sequence[Tree], stamp: Stamp | None) -> bytes:
        """UTF-8 with real letters: the heading, the rows, and the total if the layout has one."""
        text = io.StringIO(newline="")
        writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
        writer.writerows(map(neutral, line) for line in self.written(rows))
        return text.getvalue().encode()

    def written(self, rows: Sequence[Tree]) -> Iterator[list[str]]:
        """The lines of a file that holds the rows."""
        used = [n for n in self.columns if n not in self.optional or any(n in r for r in rows)]
        yield used
        for row in rows:
            yield [row.get(name, "") for name in used]
        if self.total is not None:
            yield [f"{self.total}:", str(len(rows)), *[""] * (len(used) - 2)]


def faulty(number: int, names: Line, line: Line) -> Refusal:
    """The refusal of a row for its first cell that holds no data."""
    place, cell = next((n, c) for n, c in enumerate(line) if isinstance(c, FaultyCell))
    name = names[place] if place < len(names) else letters_of(place)
    return _refusal(cell.code, FAULTS[cell.code], f"row {number}: /{name}")


def _refusal(code: str, rule: str, place: str = "") -> Refusal:
    return Refusal(code, step="translate", rule=rule, place=place)
