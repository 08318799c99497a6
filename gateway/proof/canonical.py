"""Canonical JSON (RFC 8785) inside our profile, where sorted keys are exact.

No floats, integers within 2^53, ASCII names: there orjson's sorted output equals RFC 8785 byte
for byte (performance.md section 1); the rfc8785 package judges it in tests.
"""

from typing import Any

import orjson

from gateway.model.refusal import Refusal
from gateway.proof import strict_json

_HOLDERS = (dict, list)
# Integers beyond 2^53 are refused by orjson itself.
_OPTIONS = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER


def canonical_json(value: Any) -> bytes:
    """Give the canonical bytes of strings, integers, Booleans, lists and dicts of these.

    TypeError or ValueError outside the profile (floats, null, wide integers, other names).
    """
    octets = orjson.dumps(value, option=_OPTIONS)
    # Most of what is written has no other text than ASCII, and then its names have none.
    _require_kinds(value, names=not octets.isascii())
    return octets


def read_canonical(data: bytes) -> Any:
    """Parse strictly and require `canonical_json(parse(data)) == data`.

    Refuses as `strict_json.parse`, and `json.not-canonical`.
    """
    found = _read_at_once(data)
    if found is not None:
        return found
    value = strict_json.parse(data)
    try:
        same = canonical_json(value) == data
    except (TypeError, ValueError):
        same = False
    if not same:
        raise Refusal(
            "json.not-canonical",
            step="verify",
            rule="sealed JSON is accepted only in its canonical form (RFC 8785)",
        )
    return value


def parse(data: bytes) -> Any:
    """Read JSON as `strict_json.parse` does, and refuse as it does.

    For what our own gateways send: most of it is canonical, and that is read in C.
    """
    found = _read_at_once(data)
    return strict_json.parse(data) if found is None else found


def read_stored(data: bytes) -> Any:
    """Parse what this gateway judged to be canonical before it stored it, without judging again.

    Refuses as `strict_json.parse` where the store gives back no JSON.
    """
    try:
        return orjson.loads(data)
    except ValueError:
        return strict_json.parse(data)


def _read_at_once(data: bytes) -> Any:
    """Give what is canonical for certain; None for anything else, whose fault `parse` names.

    Bytes that come back equal had unique sorted names, no white space and one spelling for each
    value; orjson refuses halves of surrogate pairs and invalid UTF-8 itself.
    """
    try:
        value = orjson.loads(data)
        if canonical_json(value) != data:
            return None
    except (ValueError, TypeError):
        return None
    # Of few brackets, those in texts too, none can be deep.
    few = data.count(b"[") + data.count(b"{") <= strict_json.DEEPEST
    return value if few or not _is_deep(value) else None


def _is_deep(value: Any) -> bool:
    level = [value] if type(value) in _HOLDERS else []
    for _ in range(strict_json.DEEPEST):
        level = [
            each
            for one in level
            for each in (one.values() if type(one) is dict else one)
            if type(each) in _HOLDERS
        ]
        if not level:
            return False
    return True


def _require_kinds(value: Any, *, names: bool) -> None:
    """Require the kinds of the profile, and ASCII names where `names` says so."""
    # One loop over all that holds something, without a call for each; most values are texts.
    held: list[Any] = [value]
    for one in held:
        kind = type(one)
        if kind is dict:
            # ASCII together is ASCII each.
            if names and not "".join(one).isascii():
                raise ValueError("member names are ASCII")
            inner = one.values()
        elif kind is list:
            inner = one
        elif kind is int or kind is bool or kind is str:
            continue
        else:
            raise TypeError("outside the canonical profile")
        for each in inner:
            if type(each) is not str:
                held.append(each)  # noqa: PERF401
