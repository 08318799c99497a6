"""The only JSON reader: duplicate names, NaN, deep nesting and inexact numbers are refused.

`parse` is for our own forms (RFC 8259 within the profile of security.md section 4);
`parse_foreign` is for ministries' files, where numbers are kept as the text that was written.
"""

import json
import re
from collections.abc import Callable
from typing import Any

from gateway.model.refusal import Refusal

DEEPEST = 64
_STRINGS = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_BETWEEN = re.compile(r"[^\[\]{}]+")
LARGEST_INTEGER = 2**53 - 1


class NumberText(str):
    """A number of a foreign JSON file, kept exactly as written."""

    __slots__ = ()


def parse(data: bytes) -> Any:
    """Read JSON in our profile: no floats, integers within 2^53, unique names, depth <= 64.

    Refuses `json.malformed`, `json.duplicate-name`, `json.number-range`.
    """
    return _load(data, parse_int=_exact_integer, parse_float=_no_float)


def parse_foreign(data: bytes) -> Any:
    """Read a ministry's JSON; numbers become `NumberText`. Refuses as `parse`, less the ranges."""
    return _load(data, parse_int=NumberText, parse_float=NumberText)


def _load(
    data: bytes, *, parse_int: Callable[[str], Any], parse_float: Callable[[str], Any]
) -> Any:
    text = _decode(data)
    _check_depth(text)
    try:
        return json.loads(
            text,
            parse_int=parse_int,
            parse_float=parse_float,
            parse_constant=_no_constant,
            object_pairs_hook=_unique,
        )
    except json.JSONDecodeError as error:
        place = f"line {error.lineno} column {error.colno}"
        raise _malformed("the text must be well-formed JSON", place) from None


def _decode(data: bytes) -> str:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _malformed("JSON is written in UTF-8", f"byte {error.start}") from None
    if text.startswith("\ufeff"):
        raise _malformed("JSON starts without a byte order mark", "byte 0")
    return text


def _check_depth(text: str) -> None:
    # json.loads recurses, so depth is limited before it runs; strings and scalars are passed over.
    if text.count("[") + text.count("{") <= DEEPEST:
        return
    depth = 0
    for mark in _BETWEEN.sub("", _STRINGS.sub("", text)):
        if mark in "[{":
            depth += 1
            if depth > DEEPEST:
                raise _malformed("JSON is nested at most 64 deep", "structure")
        else:
            depth -= 1


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Refusal(
            "json.duplicate-name", step="validate", rule="an object names each member once"
        )
    for name, value in pairs:
        _no_surrogate(name)
        if type(value) is str:
            _no_surrogate(value)
    return found


def _no_surrogate(text: str) -> None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise _malformed("a string holds no lone surrogate", "string") from None


def _exact_integer(text: str) -> int:
    if len(text) > 17 or abs(int(text)) > LARGEST_INTEGER or text == "-0":
        raise _number("integers stay below 2^53")
    return int(text)


def _no_float(_text: str) -> Any:
    raise _number("fractions are written as decimal strings")


def _no_constant(_text: str) -> Any:
    raise _malformed("NaN and Infinity are not JSON", "number")


def _number(rule: str) -> Refusal:
    return Refusal("json.number-range", step="validate", rule=rule, place="number")


def _malformed(rule: str, place: str) -> Refusal:
    return Refusal("json.malformed", step="validate", rule=rule, place=place)
