"""Canonical JSON (RFC 8785) inside our profile, where sorted keys are exact.

No floats, integers within 2^53, ASCII names: there orjson's sorted output equals RFC 8785 byte
for byte (performance.md section 1); the rfc8785 package judges it in tests.
"""

from typing import Any

import orjson

from gateway.model.refusal import Refusal
from gateway.proof import strict_json

LARGEST_INTEGER = 2**53 - 1


def canonical_json(value: Any) -> bytes:
    """Give the canonical bytes of strings, integers, Booleans, lists and dicts of these.

    TypeError or ValueError outside the profile (floats, null, wide integers, other names).
    """
    _require_profile(value)
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def read_canonical(data: bytes) -> Any:
    """Parse strictly and require `canonical_json(parse(data)) == data`.

    Refuses as `strict_json.parse`, and `json.not-canonical`.
    """
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


def _require_profile(value: Any) -> None:
    kind = type(value)
    if kind is str or kind is bool:
        return
    if kind is int:
        if abs(value) > LARGEST_INTEGER:
            raise ValueError("integers stay below 2^53")
    elif kind is list:
        for one in value:
            _require_profile(one)
    elif kind is dict:
        for name, one in value.items():
            if type(name) is not str or not name.isascii():
                raise ValueError("member names are ASCII")
            _require_profile(one)
    else:
        raise TypeError("outside the canonical profile")
