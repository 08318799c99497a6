"""The two fields of an HTTP signature (RFC 9421 section 4), as this profile spells them.

A field has one spelling, that in which RFC 9651 serialises it (the base quotes it, RFC 9421 section
2.5), so one expression reads it. What does not match is read in full by http_sf, to say what is
wrong with it; http_sf also judges the expression in tests. It takes 110 us for both fields, the
expressions 5, a verification about 100.
"""

import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

import http_sf

from gateway.model.refusal import Refusal
from gateway.proof.http_mistakes import field_mistake

LABEL = "lmx"
NONCE_SIZES = range(22, 65)
# A P-256 signature in DER: two integers of up to 33 bytes.
_DER_SIZES = frozenset(range(8, 73)) - {64}
_PARAMETERS = ("created", "keyid", "nonce", "tag")
_PLACE = "signature-input"
_TEXT = r"[ !#-\[\]-~]"
# 64 bytes in canonical base64: the last digit before the padding has two bits to say.
_SIGNATURE = re.compile(rf"{LABEL}=:([A-Za-z0-9+/]{{85}}[AQgw]==):")


@dataclass(frozen=True, slots=True)
class SignatureInput:
    """A Signature-Input of this profile; parameters: its text behind the label."""

    keyid: str
    created: int
    nonce: str
    parameters: str


def write_list(covered: tuple[str, ...]) -> str:
    """Write the covered components as they stand between the parentheses."""
    return " ".join(f'"{one}"' for one in covered)


def read_input(field: str, covered: tuple[str, ...], tag: str) -> SignatureInput:
    """Read Signature-Input. Refuses `signature.coverage`, `signature.malformed`."""
    found = _input(covered, tag).fullmatch(field.strip())
    if found is None:
        raise _wrong_input(field, covered, tag)
    parameters, created, keyid, nonce = found.groups()
    return SignatureInput(keyid, int(created), nonce, parameters)


def read_value(field: str) -> bytes:
    """Read Signature; other sizes than 64 bytes are given too, so that DER can be told.

    Refuses `signature.malformed`.
    """
    found = _SIGNATURE.fullmatch(field.strip())
    return binascii.a2b_base64(found[1]) if found else _other_size(field)


@lru_cache(maxsize=16)
def _input(covered: tuple[str, ...], tag: str) -> re.Pattern[str]:
    return re.compile(
        rf"{LABEL}=(\({re.escape(write_list(covered))}\)"
        r";created=(0|[1-9][0-9]{0,14})"
        rf';keyid="({_TEXT}*)"'
        rf';nonce="({_TEXT}{{{NONCE_SIZES[0]},{NONCE_SIZES[-1]}}})"'
        rf';tag="{re.escape(tag)}")'
    )


def _wrong_input(field: str, covered: tuple[str, ...], tag: str) -> Refusal:
    """Say what a Signature-Input has that this profile has not; http_sf reads it in full."""
    inner, parameters = _one(field, "signature-input")
    if not isinstance(inner, list):
        return _refuse("signature.malformed", "the covered components are a list", _PLACE)
    found = [(name, dict(extra)) for name, extra in inner]
    if found != [(name, {}) for name in covered]:
        bodiless = (
            "" if "content-digest" in covered else "; a request without a body covers no more"
        )
        return _refuse(
            "signature.coverage",
            f"the signature must cover exactly {' '.join(covered)}, in this order{bodiless}",
            _PLACE,
        )
    if tuple(parameters) != _PARAMETERS or parameters.get("tag") != tag:
        return _refuse(
            "signature.coverage",
            f"the parameters are exactly created, keyid, nonce, tag={tag}, in this order"
            + _unwanted(parameters),
            _PLACE,
        )
    return _wrong_values(*(parameters[one] for one in _PARAMETERS[:3]))


def _wrong_values(created: object, keyid: object, nonce: object) -> Refusal:
    if type(created) is not int or not isinstance(keyid, str) or not isinstance(nonce, str):
        return _refuse(
            "signature.malformed", "created is an integer, keyid and nonce are strings", "created"
        )
    if len(nonce) not in NONCE_SIZES:
        return _refuse("signature.malformed", "a nonce has 22 to 64 characters", "nonce")
    if created < 0:
        return _refuse("signature.malformed", "created counts seconds since 1970", "created")
    return _refuse(
        "signature.malformed",
        "the field is written as RFC 9651 section 4.1 serialises it: single spaces in the list, "
        "none elsewhere, no backslash in keyid or nonce",
        _PLACE,
    )


def _unwanted(parameters: Mapping[str, object]) -> str:
    if "alg" in parameters:
        return "; the algorithm is not a parameter: it is that of the key, ES256"
    if "expires" in parameters:
        return "; there is no expires: a signature counts 60 s from created"
    return ""


def _other_size(field: str) -> bytes:
    """Give a signature that is not 64 bytes, which will not verify but can be told as DER."""
    try:
        value, parameters = _one(field, "signature")
    except Refusal:
        if "," in field:
            raise
        value, parameters = None, {}
    if not isinstance(value, bytes) or parameters or len(value) not in _DER_SIZES:
        raise _refuse("signature.malformed", field_mistake(field, LABEL), "signature")
    return value


def _one(field: str, place: str) -> tuple[object, dict[str, object]]:
    try:
        members = cast(
            "dict[str, tuple[object, dict[str, object]]]",
            http_sf.parse(field.encode("ascii"), tltype="dictionary"),
        )
    except (http_sf.StructuredFieldError, UnicodeEncodeError):
        raise _refuse("signature.malformed", "this must be a structured field", place) from None
    # A label that stands twice is one member to http_sf: the later one counts (RFC 9651 4.2.2).
    if list(members) != [LABEL] or field.count(f"{LABEL}=") != 1:
        raise _refuse("signature.malformed", "there is exactly one signature, named lmx", place)
    value, parameters = members[LABEL]
    return value, dict(parameters)


def _refuse(code: str, rule: str, place: str) -> Refusal:
    return Refusal(code, step="authenticate", rule=rule, place=place)
