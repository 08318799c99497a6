"""The structured-field corpus against the parser and against our reading of a Signature field."""

import base64
import json
from typing import Any

import http_sf
from hypothesis import given
from hypothesis import strategies as st

from gateway.model.refusal import Refusal
from gateway.proof.http_signature import Request, read_signature, sign_request
from tests.support.pki import AT, key
from tests.support.vectors import corpus

# A SHOULD of RFC 9651: dates past year 9999 have no value here.
BEYOND_CALENDAR = {
    "syntactic max date - 999,999,999,999,999",
    "syntactic min date - -999,999,999,999,999",
}
BARE = Request("GET", "127.0.0.1:8001", "/v1/inbox", "", {}, None)


def _cases() -> list[dict[str, Any]]:
    files = sorted(corpus("structured-fields").glob("*.json"))
    return [case for file in files for case in json.loads(file.read_text())]


def _raw(case: dict[str, Any]) -> str:
    return ", ".join(case["raw"])


def _written(case: dict[str, Any]) -> str | None:
    """Give the parsed field written again; None when refused."""
    try:
        value = http_sf.parse(_raw(case).encode(), tltype=case["header_type"])
    except http_sf.StructuredFieldError:
        return None
    return str(http_sf.ser(value)) if value not in ([], {}) else ""


def test_every_field_that_must_fail_fails() -> None:
    must = [case for case in _cases() if case.get("must_fail")]
    accepted = [case["name"] for case in must if _written(case) is not None]
    assert (accepted, len(must)) == ([], 353)


def test_every_other_field_has_its_canonical_form_but_those_listed() -> None:
    other = {
        case["name"]
        for case in _cases()
        if not case.get("must_fail")
        and _written(case) != ", ".join(case.get("canonical", case["raw"]))
    }
    assert other == BEYOND_CALENDAR


def _signature(value: str) -> bytes | str:
    """Give the octets our reader takes from `lmx=value`; the code when it refuses."""
    added = sign_request(BARE, key("KZ", "submitter"), created=int(AT.timestamp()), nonce="n" * 22)
    headers = {**added, "signature": f"lmx={value}"}
    request = Request(BARE.method, BARE.authority, BARE.path, BARE.query, headers, None)
    try:
        return read_signature(request).signature
    except Refusal as refusal:
        return refusal.code


@given(st.binary(min_size=64, max_size=64))
def test_our_reader_takes_the_octets_that_the_parser_takes(octets: bytes) -> None:
    value = f":{base64.b64encode(octets).decode('ascii')}:"
    parsed, _ = http_sf.parse(value.encode(), tltype="item")
    assert _signature(value) == parsed == octets


def test_our_reader_refuses_each_good_byte_sequence_that_is_no_signature() -> None:
    file = corpus("structured-fields") / "binary.json"
    good = [case for case in json.loads(file.read_text()) if not case.get("must_fail")]
    # Of another size than r||s of P-256 (RFC 7518 section 3.4).
    assert {_signature(_raw(case)) for case in good} == {"signature.malformed"}


def test_our_reader_refuses_every_item_that_must_fail() -> None:
    bad = [case for case in _cases() if case.get("must_fail") and case["header_type"] == "item"]
    codes = {case["name"]: _signature(_raw(case)) for case in bad}
    assert {name: code for name, code in codes.items() if code != "signature.malformed"} == {}
