"""A foreign file opened once, by content: XML, JSON or a table (DESIGN 4)."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree

from gateway.model.refusal import Refusal
from gateway.proof import strict_json, strict_xml
from gateway.translation.media.encodings import EncodingProfile, decoded

MAX_BYTES = 20_000_000
MAX_ROWS = 50_000
_REQUEST = re.compile(rb"(GET|POST|PUT|DELETE|HEAD) /\S* HTTP/1\.[01]\r?\n")


@dataclass(frozen=True, slots=True)
class XmlFile:
    """A parsed XML document."""

    root: etree._Element


@dataclass(frozen=True, slots=True)
class JsonFile:
    """A parsed JSON document; numbers are kept as text."""

    value: Any


@dataclass(frozen=True, slots=True)
class TableFile:
    """Lines of cells; encoding_profile names what the letters had to be read through."""

    lines: tuple[tuple[str, ...], ...]
    encoding_profile: str | None


Foreign = XmlFile | JsonFile | TableFile


def open_foreign(data: bytes, profiles: Sequence[EncodingProfile]) -> Foreign:
    """Parse a native file by what it holds.

    Refuses what is malformed, `submission.too-large`, and `source.not-a-record` for a bare HTTP
    request.
    """
    if len(data) > MAX_BYTES:
        raise _refusal("submission.too-large", f"a file holds at most {MAX_BYTES} bytes")
    start = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:4096]
    if not start:
        raise _refusal("source.not-a-record", "the file is empty")
    if start.startswith(b"<"):
        return XmlFile(strict_xml.parse_native(data, max_bytes=MAX_BYTES))
    if start.startswith((b"{", b"[")):
        return JsonFile(strict_json.parse_foreign(data.removeprefix(b"\xef\xbb\xbf")))
    if _REQUEST.match(start):
        raise _refusal("source.not-a-record", "a request is no record")
    return _table(data, profiles)


def _table(data: bytes, profiles: Sequence[EncodingProfile]) -> Foreign:
    if b";" not in data:
        # X-Road services answer in bare words when they fail (R25).
        raise _refusal("source.fault", "a plain text stands in place of a record")
    text, profile = decoded(data, profiles)
    try:
        lines = tuple(
            tuple(line)
            for line in csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True)
        )
    except csv.Error:
        raise _refusal(
            "csv.malformed", "cells are separated by semicolons and quoted whole"
        ) from None
    if len(lines) > MAX_ROWS:
        raise _refusal("submission.too-large", f"a file holds at most {MAX_ROWS} rows")
    return TableFile(lines, profile)


def _refusal(code: str, rule: str) -> Refusal:
    return Refusal(code, step="translate", rule=rule)
