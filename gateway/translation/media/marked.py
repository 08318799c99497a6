"""Tables with a marker in their first cell, `lmx:EmploymentContract:1`: read without guessing.

A marked table is UTF-8, or UTF-16 as spreadsheets save "Unicode text", and what stands behind the
marker separates its cells, whatever separator a country's spreadsheets prefer.
"""

import codecs
import re

from gateway.translation.media.encodings import Decoding

_MARKED = re.compile('"?lmx:[A-Za-z]+:[0-9]+"?')
_SEPARATORS = (";", ",", "\t")
_HEAD = 65_536


def marked(data: bytes) -> tuple[Decoding, str] | None:
    """How a marked table is decoded, and what separates its cells; None when it has no marker."""
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    codec = "utf-16" if wide else "utf-8-sig"
    head = data[:_HEAD].decode(codec, errors="ignore")
    matched = _MARKED.match(head)
    if matched is None:
        return None
    return Decoding(codec, {}, None), _separator(head, matched.end())


def _separator(head: str, behind: int) -> str:
    if head[behind : behind + 1] in _SEPARATORS:
        return head[behind]
    # The marker stands alone in its line: the line of headings tells.
    heading = head.partition("\n")[2].partition("\n")[0]
    return max(_SEPARATORS, key=heading.count)
