"""Files of the default layouts: a table (CSV or workbook) with a marker, or marked JSON.

Line 1 of a table begins with `lmx:EmploymentContract:1`, the line below holds the headings. The
first column is the machine's: lines that it marks with `lmx:` are no rows. JSON is
`{"lmx": "EmploymentContract", "version": 1, "records": […]}`.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any, Literal

from gateway.model.refusal import Refusal
from gateway.translation.default.columns import folded
from gateway.translation.default.compiled import VERSION, Compiled
from gateway.translation.layout import Opened, Tree
from gateway.translation.media.cells import FaultyCell
from gateway.translation.media.foreign import MAX_ROWS, Foreign, JsonFile, TableFile
from gateway.translation.media.json_rows import json_text, not_of_layout
from gateway.translation.media.neutral import neutral
from gateway.translation.media.tables import faulty
from gateway.translation.media.workbook_writing import MEDIA_TYPE, workbook_of
from gateway.translation.reading import Stamp

Line = tuple[str, ...]
Row = tuple[int, Tree | Refusal]
Form = Literal["csv", "xlsx", "json"]
FORMS: tuple[Form, ...] = ("csv", "xlsx", "json")
MARK = "lmx:"
HEADINGS = "lmx:headings"
HELP = "lmx:help"
_JSON_MEMBERS = frozenset({"lmx", "version", "records"})
_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": MEDIA_TYPE,
    "json": "application/json",
}


class CommonRecord(dict[str, Any]):
    """A row whose only part, `record`, is a record in common form already."""


def marked_type(foreign: Foreign) -> str | None:
    """The marker of a file, `lmx:TYPE:VERSION`, when it has one; whatever it names."""
    if isinstance(foreign, JsonFile):
        told = foreign.value
        if isinstance(told, dict) and isinstance(told.get("lmx"), str):
            return f"{MARK}{told['lmx']}:{told.get('version', '')}"
        return None
    if not isinstance(foreign, TableFile):
        return None
    first = next(iter(foreign.lines), ())
    return first[0].strip() if first and first[0].strip().startswith(MARK) else None


class DefaultMedium:
    """Reads all three forms; writes one of them."""

    many = True

    def __init__(self, compiled: Compiled, form: Form, language: str) -> None:
        """form, language: of what is written."""
        self._compiled = compiled
        self._form = form
        self._language = language
        self.media_type = _TYPES[form]
        self.extension: str = form

    def recognises(self, foreign: Foreign) -> bool:
        """Whether the first cell, or the member `lmx`, names the record type."""
        return marked_type(foreign) == self._compiled.marker

    def open(self, foreign: Foreign) -> Opened:
        """Rows numbered as a spreadsheet numbers them; in JSON counted from 1."""
        if not self.recognises(foreign):
            raise not_of_layout()
        if isinstance(foreign, JsonFile):
            return _open_json(foreign.value)
        if not isinstance(foreign, TableFile):
            raise not_of_layout()
        return self._open_table(foreign)

    def _open_table(self, foreign: TableFile) -> Opened:
        numbered = enumerate(foreign.lines, start=1)
        next(numbered)
        _, heading = next(numbered, (2, ()))
        names = tuple(cell.rstrip("* ").lstrip() for cell in heading)
        self._check(names[1:])
        # Gone through once to judge the file whole, and once more for the rows.
        if sum(map(_is_row, foreign.lines)) > MAX_ROWS:
            raise _refusal("submission.too-large", f"a file holds at most {MAX_ROWS} rows", "")
        return Opened(_rows(names, numbered))

    def _check(self, names: Sequence[str]) -> None:
        seen = set()
        for name in filter(None, names):
            known = self._compiled.known(name)
            column = folded(name) if known is None else known[0]
            if column in seen:
                raise _refusal("csv.malformed", "a heading stands twice", "row 2")
            seen.add(column)
        if not any(self._compiled.known(name) is not None for name in names):
            raise _refusal("csv.malformed", "the row below the marker holds the headings", "row 2")

    def close(self, rows: Sequence[Tree], stamp: Stamp | None) -> bytes:
        """The file of rows that `DefaultLayout.dump` made."""
        if self._form == "json":
            told = {"lmx": self._compiled.record_type, "version": int(VERSION)}
            records = [row["record"] for row in rows]
            return (json_text({**told, "records": records}) + "\n").encode()
        lines = list(self._lines(rows))
        if self._form == "csv":
            return _csv(lines)
        title = self._compiled.labels.text(f"record/{self._compiled.record_type}", self._language)
        return workbook_of(lines, title=title, headings=2)

    def _lines(self, rows: Sequence[Tree]) -> Iterator[list[str]]:
        used = {key for row in rows for key in row}
        columns = [c for c in self._compiled.columns if c.key in used or c.needed]
        labels = self._compiled.labels
        yield [self._compiled.marker, *[""] * len(columns)]
        yield [HEADINGS, *(column.heading(labels, self._language) for column in columns)]
        for row in rows:
            yield ["", *(row.get(column.key, "") for column in columns)]


def _is_row(line: Line) -> bool:
    return any(map(str.strip, line)) and not line[0].startswith(MARK)


def _rows(names: Line, numbered: Iterator[tuple[int, Line]]) -> Iterator[Row]:
    for number, line in numbered:
        if not _is_row(line):
            continue
        if any(isinstance(cell, FaultyCell) for cell in line):
            yield number, faulty(number, names, line)
        elif any(cell.strip() for cell in line[len(names) :]):
            rule = "a row has no more cells than the heading"
            yield number, _refusal("csv.malformed", rule, f"row {number}")
        else:
            cells = zip(names, line, strict=False)
            yield number, {name: cell for name, cell in cells if cell.strip()}


def _open_json(told: dict[str, Any]) -> Opened:
    strange = sorted(told.keys() - _JSON_MEMBERS)
    if strange:
        raise _refusal("layout.unknown", "the file has members lmx, version and records only", "/")
    records = told.get("records")
    if not isinstance(records, list):
        raise _refusal("layout.unknown", "the records stand in a list", "/records")
    return Opened(tuple((n, CommonRecord(record=one)) for n, one in enumerate(records, start=1)))


def _csv(lines: list[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerows(map(neutral, line) for line in lines)
    # With the mark at its start, spreadsheets know the letters.
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _refusal(code: str, rule: str, place: str) -> Refusal:
    return Refusal(code, step="translate", rule=rule, place=place)
