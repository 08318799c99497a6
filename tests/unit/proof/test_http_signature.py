"""Each covered item changed, dropped or doubled makes a signed request refused."""

import base64
from dataclasses import replace
from datetime import timedelta

import pytest

from gateway.model.refusal import Refusal
from gateway.proof.http_base import write_base
from gateway.proof.http_signature import (
    Request,
    VerifiedRequest,
    read_signature,
    sign_request,
    verify_request,
)
from tests.support.pki import AT, key

NONCE = "n" * 22
CREATED = int(AT.timestamp())
BODY = b'{"a":1}'
BARE = Request("GET", "127.0.0.1:8001", "/v1/inbox", "limit=5", {}, None)
FULL = Request(
    "POST",
    "127.0.0.1:8001",
    "/v1/submissions",
    "",
    {"content-type": "application/json", "idempotency-key": "k-1"},
    BODY,
)


def signed(request: Request) -> Request:
    added = sign_request(request, key("KZ", "submitter"), created=CREATED, nonce=NONCE)
    return replace(request, headers={**request.headers, **added})


def check(request: Request, seconds: int = 0) -> VerifiedRequest:
    claimed = read_signature(request)
    certificate = key("KZ", "submitter").certificate
    return verify_request(request, claimed, certificate, at=AT + timedelta(seconds=seconds))


@pytest.mark.parametrize("request_", [BARE, FULL], ids=["read", "body"])
def test_a_signed_request_verifies(request_: Request) -> None:
    assert check(signed(request_)).nonce == NONCE


@pytest.mark.parametrize(
    "request_",
    [
        BARE,
        FULL,
        replace(BARE, authority="GW.Example:8001", path="", query=""),
        replace(FULL, headers={"content-type": "  a/b ", "idempotency-key": " % {k} %s "}),
    ],
    ids=["read", "body", "capitals and no path", "white space"],
)
def test_the_base_of_a_request_is_the_one_written_of_its_values(request_: Request) -> None:
    claimed = read_signature(signed(request_))
    assert claimed.base == write_base(claimed.values, claimed.parameters)


@pytest.mark.parametrize(
    ("change", "code"),
    [({"path": "/ü"}, r"signature\.malformed"), ({"headers": {}}, r"signature\.missing")],
    ids=["not ASCII", "no fields"],
)
def test_a_request_of_which_no_base_can_be_written_is_refused(
    change: dict[str, object], code: str
) -> None:
    with pytest.raises(Refusal, match=code):
        read_signature(replace(signed(FULL), **change))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "change",
    [{"method": "PUT"}, {"authority": "127.0.0.1:9"}, {"path": "/v1/x"}, {"query": "limit=6"}],
    ids=lambda change: next(iter(change)),
)
def test_a_changed_component_is_refused(change: dict[str, str]) -> None:
    with pytest.raises(Refusal, match=r"signature\.wrong"):
        check(replace(signed(FULL), **change))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["content-type", "idempotency-key"])
def test_a_changed_covered_header_is_refused(name: str) -> None:
    request = signed(FULL)
    with pytest.raises(Refusal, match=r"signature\.wrong"):
        check(replace(request, headers={**request.headers, name: "other"}))


@pytest.mark.parametrize("name", ["content-type", "idempotency-key", "content-digest"])
def test_a_dropped_covered_header_is_refused(name: str) -> None:
    request = signed(FULL)
    headers = {one: value for one, value in request.headers.items() if one != name}
    with pytest.raises(Refusal, match=r"signature\.coverage"):
        check(replace(request, headers=headers))


def test_a_body_serialised_again_is_refused() -> None:
    with pytest.raises(Refusal, match=r"digest\.wrong"):
        check(replace(signed(FULL), body=b'{"a": 1}'))


def test_a_body_behind_a_signature_for_none_is_refused() -> None:
    with pytest.raises(Refusal, match=r"signature\.coverage"):
        check(replace(signed(BARE), body=b"x"))


@pytest.mark.parametrize("seconds", [-61, 61])
def test_outside_sixty_seconds_a_request_is_refused(seconds: int) -> None:
    with pytest.raises(Refusal, match=r"signature\.expired"):
        check(signed(BARE), seconds)


def test_an_unsigned_request_is_refused() -> None:
    with pytest.raises(Refusal, match=r"signature\.missing"):
        check(BARE)


def test_a_second_signature_is_refused() -> None:
    request = signed(BARE)
    doubled = {name: f"{value}, b{value}" for name, value in request.headers.items()}
    with pytest.raises(Refusal, match=r"signature\.malformed"):
        check(replace(request, headers=doubled))


def test_a_der_signature_is_refused_and_named() -> None:
    request = signed(BARE)
    der = base64.b64encode(b"\x30\x44" + b"\x01" * 68).decode()
    with pytest.raises(Refusal, match="not DER"):
        check(replace(request, headers={**request.headers, "signature": f"lmx=:{der}:"}))


def test_a_peers_tag_is_refused_from_a_submitter() -> None:
    added = sign_request(BARE, key("KZ", "submitter"), created=CREATED, nonce=NONCE, tag="lmx-peer")
    with pytest.raises(Refusal, match=r"signature\.coverage"):
        check(replace(BARE, headers=added))
