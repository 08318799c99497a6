"""A foreign file opened once, by content: XML, JSON, a table or a workbook (DESIGN 4).

Nothing here holds a large file twice: tables are read line by line, batches message by message.
"""

import codecs
import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from lxml import etree

from gateway.model.refusal import Refusal
from gateway.proof import strict_json, strict_xml
from gateway.translation.media import soap
from gateway.translation.media.cell_list import CellList, is_cell_list
from gateway.translation.media.encodings import (
    Decoding,
    EncodingProfile,
    require_readable,
    told,
)
from gateway.translation.media.marked import marked
from gateway.translation.media.neutral import restored
from gateway.translation.media.workbook import open_workbook

# A layout may lower its own limit; nothing raises this one (DESIGN 4).
LARGEST = 50_000_000
MAX_BYTES = 20_000_000
MAX_ROWS = 50_000
# Below this a file is parsed whole: it costs less than reading its head first.
_LARGE = 1_000_000
# Up to this the lines of a table are kept once they are cut.
_SMALL = 65_536
MOST_COLUMNS = 16_384
# As long as the longest sheet: blank lines below the rows are many when somebody formatted them.
MOST_LINES = 1_048_576
LONGEST_LINE = 2_000_000
_MOST_LINES_A_ROW = 1_000
_MOST_JSON_MARKS = 1_500_000
# SDMX-CSV begins with this column and, unlike ministries' tables, separates by commas.
_SDMX = re.compile(rb'(?:\xef\xbb\xbf)?"?STRUCTURE(\[.\])?"?,')
# Titles stand above the heading; below so many lines nobody looks for one.
MOST_TITLES = 50
_SEPARATORS = (";", ",", "\t")
_FEWEST = {";": 1, ",": 2, "\t": 1}
_NAMES = {";": "semicolons", ",": "commas", "\t": "tabulators"}
_REQUEST = re.compile(rb"(GET|POST|PUT|DELETE|HEAD) /\S* HTTP/1\.[01]\r?\n")


@dataclass(frozen=True, slots=True)
class XmlFile:
    """A parsed XML document; of a batch the first message only.

    batch: the whole of it, parsed or, when it is large, as bytes.
    """

    root: etree._Element
    batch: etree._Element | bytes | None = None

    def messages(self) -> Iterator["XmlFile"]:
        """Each message of a batch as a document of its own; most files are one message."""
        if self.batch is None:
            return iter((self,))
        if isinstance(self.batch, bytes):
            return map(XmlFile, soap.each_large_message(self.batch, self.root))
        return map(XmlFile, soap.each_message(self.batch))


@dataclass(frozen=True, slots=True)
class JsonFile:
    """A parsed JSON document; numbers are kept as text."""

    value: Any


@dataclass(frozen=True, slots=True)
class TableFile:
    """Lines of cells, which can be gone through more than once.

    encoding_profile names what the letters had to be read through. otherwise: the lines as other
    separators would cut them; the headings of a layout say which cut is right.
    """

    lines: Iterable[tuple[str, ...]]
    encoding_profile: str | None
    otherwise: tuple[Iterable[tuple[str, ...]], ...] = ()


Foreign = XmlFile | JsonFile | TableFile


def open_foreign(data: bytes, profiles: Sequence[EncodingProfile]) -> Foreign:
    """Parse a native file by what it holds.

    Refuses what is malformed, `submission.too-large`, and `source.not-a-record` for a bare HTTP
    request.
    """
    if len(data) > LARGEST:
        raise _refusal("submission.too-large", f"a file holds at most {LARGEST} bytes")
    start = data[:4096].removeprefix(codecs.BOM_UTF8).lstrip()
    if data.startswith(b"PK\x03\x04"):
        return TableFile(open_workbook(data), None)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        # The container of .xls, and of .xlsx with a password.
        raise _refusal("workbook.unsafe", "save the workbook as .xlsx without a password")
    if not start:
        raise _refusal("source.not-a-record", "the file is empty")
    if start.startswith(b"<"):
        return _xml(data)
    if start.startswith((b"{", b"[")):
        return _json(data)
    if _REQUEST.match(start):
        raise _refusal("source.not-a-record", "it is a request to a service")
    return _table(data, profiles)


def _xml(data: bytes) -> XmlFile:
    if len(data) > _LARGE:
        first = soap.first_of_large_batch(data, most=MAX_BYTES)
        if first is not None:
            return XmlFile(first, data)
    root = strict_xml.parse_native(data, max_bytes=MAX_BYTES)
    first = soap.first_of_batch(root)
    return XmlFile(root) if first is None else XmlFile(first, root)


def _json(data: bytes) -> JsonFile:
    # Every value costs Python an object, so they are counted before they are made.
    marks = data.count(b",") + data.count(b"[") + data.count(b"{")
    if len(data) > MAX_BYTES or marks > _MOST_JSON_MARKS:
        rule = f"a JSON file holds at most {MAX_BYTES} bytes and {_MOST_JSON_MARKS} values"
        raise _refusal("submission.too-large", rule)
    return JsonFile(strict_json.parse_foreign(data.removeprefix(codecs.BOM_UTF8)))


def _require_short_lines(data: bytes) -> None:
    # A line is decoded whole, so the longest is looked for before; each step skips to the last
    # line end within reach.
    start = 0
    while start + LONGEST_LINE < len(data):
        reach = data[start : start + LONGEST_LINE]
        end = max(reach.rfind(b"\n"), reach.rfind(b"\r"))
        if end < 0:
            raise _refusal("csv.malformed", f"a line has at most {LONGEST_LINE} bytes")
        start += end + 1


def _table(data: bytes, profiles: Sequence[EncodingProfile]) -> Foreign:
    _require_short_lines(data)
    known = marked(data)
    if known is not None:
        decoding, separator = known
        require_readable(data, decoding.codec)
        return TableFile(_Lines(data, decoding, separator), None)
    if _SDMX.match(data):
        return TableFile(_Lines(data, told(data, ()), ","), None)
    if is_cell_list(data[:4096].removeprefix(codecs.BOM_UTF8)):
        decoding = told(data, profiles)
        return TableFile(CellList(lambda: decoding.lines(data)), decoding.name)
    decoding = told(data, profiles)
    head = list(islice(decoding.lines(data), MOST_TITLES))
    # X-Road services answer in bare words when they fail (R25); a comma alone makes no table.
    there = [mark for mark in _SEPARATORS if sum(mark in line for line in head) >= _FEWEST[mark]]
    if not there:
        raise _refusal("source.fault", "a plain text stands in place of a record")
    lines, *otherwise = (_Lines(data, decoding, mark) for mark in there)
    return TableFile(lines, decoding.name, tuple(otherwise))


class _Lines:
    """The lines of a table; of a large one decoded and cut anew each time they are gone through."""

    def __init__(self, data: bytes, decoding: Decoding, separator: str) -> None:
        self._data = data
        self._decoding = decoding
        self._separator = separator
        self._row = 0
        # Each layout of a table looks at the head, and the one that knows it goes through thrice.
        self._kept: tuple[list[tuple[str, ...]], Refusal | None] | None = None

    def __iter__(self) -> Iterator[tuple[str, ...]]:
        if len(self._data) > _SMALL:
            yield from self._read()
            return
        if self._kept is None:
            self._kept = self._whole()
        lines, broken = self._kept
        yield from lines
        if broken is not None:
            raise broken.with_traceback(None)

    def _whole(self) -> tuple[list[tuple[str, ...]], Refusal | None]:
        found: list[tuple[str, ...]] = []
        try:
            found.extend(self._read())
        except Refusal as refusal:
            return found, refusal
        return found, None

    def _read(self) -> Iterator[tuple[str, ...]]:
        # A cell's length is limited by csv itself (131,072 characters), a row's by _narrow.
        read = csv.reader(self._narrow(), delimiter=self._separator, strict=True)
        try:
            for cells in read:
                self._row = 0
                yield tuple(map(restored, cells))
        except csv.Error:
            rule = f"cells must be separated by {_NAMES[self._separator]} and quoted whole"
            raise _refusal("csv.malformed", rule, f"line {read.line_num}") from None

    def _narrow(self) -> Iterator[str]:
        for number, line in enumerate(self._decoding.lines(self._data), start=1):
            if number > MOST_LINES:
                raise _refusal("submission.too-large", f"a file holds at most {MOST_LINES} lines")
            self._row += 1
            if line.count(self._separator) > MOST_COLUMNS or self._row > _MOST_LINES_A_ROW:
                rule = f"a row has at most {MOST_COLUMNS} cells in {_MOST_LINES_A_ROW} lines"
                raise _refusal("csv.malformed", rule, f"line {number}")
            yield line


def _refusal(code: str, rule: str, place: str = "") -> Refusal:
    return Refusal(code, step="translate", rule=rule, place=place)
