"""An XLSX file as an archive of parts: its limits, and what it must not hold.

Everything is judged by the archive's directory before a byte is unpacked: a small file may
promise gigabytes. openpyxl reads none of it: a file of 24 KB made it take 1.6 GB and 28 s.
"""

import io
import posixpath
import zipfile
import zlib
from typing import IO

from gateway.model.refusal import Refusal

MOST_PARTS = 2_000
LARGEST_SHEET = 120_000_000
LARGEST_STRINGS = 30_000_000
LARGEST_STYLES = 2_000_000
LARGEST_OTHER = 1_000_000
# Between two rows, or two texts, stands at most this much, so that no tree grows.
LARGEST_GAP = 2_000_000
_ENTRY = b"PK\x01\x02"
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError)
_PLAIN = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
# Parts that run, fetch or hide something; a sheet of rows needs none of them.
_UNSAFE = {
    "vbaproject": "macros",
    "/macrosheets/": "macros",
    "/dialogsheets/": "macros",
    "/activex/": "controls",
    "/ctrlprops/": "controls",
    "/embeddings/": "embedded files",
    "/externallinks/": "links to other workbooks",
    "connections.xml": "links to databases",
    "/querytables/": "links to databases",
}


class Parts:
    """The parts of one workbook, each opened at most as large as its kind may be."""

    def __init__(self, data: bytes) -> None:
        """Judge the archive. Refuses `workbook.malformed`, `workbook.unsafe`,
        `submission.too-large`."""
        # A directory of half a million entries takes its memory while it is merely opened.
        if data.count(_ENTRY) > MOST_PARTS:
            raise too_large(f"a workbook has at most {MOST_PARTS} parts")
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except _BROKEN:
            raise malformed("the file is no whole ZIP archive") from None
        entries = self._archive.infolist()
        self._entries = {entry.filename: entry for entry in entries}
        if len(self._entries) != len(entries):
            raise malformed("a part stands twice")
        if any(entry.flag_bits & 1 for entry in entries):
            raise unsafe("a password: save it without one")
        if any(entry.compress_type not in _PLAIN for entry in entries):
            raise malformed("a part is packed in an unusual way")
        for name in self._entries:
            self._refuse_unsafe(f"/{name.lower()}")
        if b"macroEnabled" in self.whole("[Content_Types].xml"):
            raise unsafe("macros: save it as .xlsx")

    @staticmethod
    def _refuse_unsafe(name: str) -> None:
        for mark, what in _UNSAFE.items():
            if mark in name:
                raise unsafe(f"{what}: save the rows alone as .xlsx")

    def has(self, name: str) -> bool:
        """Whether the part is there."""
        return name in self._entries

    def whole(self, name: str, *, largest: int = LARGEST_OTHER) -> bytes:
        """A small part, unpacked."""
        return self.opened(name, largest=largest, gap=largest).read()

    def opened(self, name: str, *, largest: int, gap: int = LARGEST_GAP) -> "Metered":
        """A part to be read step by step."""
        entry = self._entries.get(name)
        if entry is None:
            raise malformed("a part of the workbook is missing")
        if entry.file_size > largest:
            raise too_large(f"a part of that kind has at most {largest} bytes")
        try:
            return Metered(self._archive.open(entry), gap)
        except _BROKEN:
            raise malformed("a part cannot be unpacked") from None


class Metered:
    """A stream that may not run on for ever between two marks of its reader."""

    def __init__(self, source: IO[bytes], gap: int) -> None:
        """gap: bytes between two marks."""
        self._source = source
        self._gap = gap
        self._since = 0

    def mark(self) -> None:
        """Say that something was finished."""
        self._since = 0

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes. Refuses `submission.too-large`, `workbook.malformed`."""
        try:
            data = self._source.read(size)
        except _BROKEN:
            raise malformed("a part cannot be unpacked") from None
        self._since += len(data)
        if self._since > self._gap:
            raise too_large(f"a row of a sheet has at most {self._gap} bytes")
        return data


def target_of(base: str, target: str) -> str:
    """The name of the part that a relation of another part points to."""
    if target.startswith("/"):
        return posixpath.normpath(target[1:])
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), target))


def malformed(rule: str, place: str = "") -> Refusal:
    """The refusal of a file that is no workbook."""
    return Refusal("workbook.malformed", step="translate", rule=rule, place=place)


def unsafe(what: str) -> Refusal:
    """The refusal of a workbook that holds more than rows."""
    return Refusal("workbook.unsafe", step="translate", rule=f"the workbook holds {what}")


def too_large(rule: str, place: str = "") -> Refusal:
    """The refusal of a workbook over a limit."""
    return Refusal("submission.too-large", step="translate", rule=rule, place=place)
