"""A refused request is told what its client most likely did wrong, without any value of it."""

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA

from gateway.model.refusal import Refusal
from gateway.proof.http_base import write_base
from gateway.proof.http_mistakes import LARGEST_EXPLAINED, digest_mistake
from gateway.proof.http_signature import Request, content_digest, read_signature, sign_request
from gateway.proof.http_signature import verify_request as verify
from tests.support.pki import AT, key

NOW = int(AT.timestamp())
OWN, EVIDENCE = key("KZ", "submitter"), key("KZ", "evidence")
BODY = '{"b": [1, "Қазақстан"], "a": {"d": true, "c": "x"}}'.encode()
SENT = Request(
    "POST",
    "gw.example:8443",
    "/v1/submissions",
    "to=uz.x&note=a%20b",
    {"content-type": "application/json", "idempotency-key": "k-1"},
    BODY,
)
READ = Request("GET", "gw.example", "/v1/inbox", "", {}, None)


def signed(request: Request, created: int = NOW) -> Request:
    added = sign_request(request, OWN, created=created, nonce="n" * 22)
    return replace(request, headers={**request.headers, **added})


def refused(request: Request) -> Refusal:
    others = lambda: [("evidence", EVIDENCE.certificate)]  # noqa: E731 one line
    with pytest.raises(Refusal) as caught:
        verify(request, read_signature(request), OWN.certificate, at=AT, others=others)
    return caught.value


def with_signature(request: Request, octets: bytes) -> Request:
    field = f"lmx=:{base64.b64encode(octets).decode()}:"
    return replace(request, headers={**request.headers, "signature": field})


def over(change: Callable[[bytes], bytes], request: Request = SENT) -> Request:
    """Sign not the base but what a client made of it."""
    got = signed(request)
    return with_signature(got, OWN.sign(change(read_signature(got).base)))


def in_place_of(name: str, value: str, request: Request = SENT) -> Request:
    """Sign another value of a component than the one that is sent."""
    got = signed(request)
    claimed = read_signature(got)
    base = write_base({**claimed.values, name: value}, claimed.parameters)
    return with_signature(got, OWN.sign(base))


def dumped(**how: object) -> bytes:
    return json.dumps(json.loads(BODY), **how).encode()  # type: ignore[arg-type]


DIGESTS = {
    "compact": (dumped(separators=(",", ":"), ensure_ascii=False), "without spaces"),
    "compact ASCII": (dumped(separators=(",", ":")), "without spaces"),
    "spaced": (dumped(), "with spaces"),
    "indented": (dumped(indent=2, ensure_ascii=False), "with indents"),
    "canonical": (
        dumped(separators=(",", ":"), ensure_ascii=False, sort_keys=True),
        "another order of members",
    ),
    "empty": (b"", "an empty body"),
    "line feed": (BODY + b"\n", "line feed at its end"),
    "base64": (base64.b64encode(BODY), "in base64"),
}


@pytest.mark.parametrize("name", DIGESTS)
def test_a_digest_of_the_body_written_again_is_told(name: str) -> None:
    octets, words = DIGESTS[name]
    assert words in digest_mistake(content_digest(octets), BODY)


FORMS = {
    "sha-512": ("sha-512=:" + base64.b64encode(bytes(64)).decode() + ":", "sha-256"),
    "hexadecimal": (f"sha-256=:{hashlib.sha256(BODY).hexdigest()}:", "hexadecimal"),
    "base64url": (
        "sha-256=:" + base64.urlsafe_b64encode(b"\xff" * 32).decode() + ":",
        "base64url",
    ),
    "no colons": ("sha-256=abc", "RFC 9530"),
    "nothing": ("", "RFC 9530"),
}


@pytest.mark.parametrize("name", FORMS)
def test_a_digest_in_another_form_is_told(name: str) -> None:
    given, words = FORMS[name]
    assert words in digest_mistake(given, BODY)


def test_crlf_for_lf_is_told() -> None:
    assert "LF for its CRLF" in digest_mistake(content_digest(b"a;b\n"), b"a;b\r\n")


def test_a_long_body_is_not_searched_for_the_mistake() -> None:
    body = b"[" + b"1, " * LARGEST_EXPLAINED + b"1]"
    given = content_digest(json.dumps(json.loads(body), separators=(",", ":")).encode())
    assert "serialised again" in digest_mistake(given, body)


def test_deep_json_is_no_fault_of_ours() -> None:
    assert "serialised again" in digest_mistake(content_digest(b"x"), b"[" * 100_000)


def der(base: bytes) -> bytes:
    return OWN.private.sign(base, ECDSA(hashes.SHA256()))


def test_der_is_told() -> None:
    got = signed(SENT)
    found = refused(with_signature(got, der(read_signature(got).base)))
    assert (found.code, "DER" in found.rule) == ("signature.wrong", True)


def test_another_listed_key_is_told_by_its_role_alone() -> None:
    got = signed(SENT)
    found = refused(with_signature(got, EVIDENCE.sign(read_signature(got).base)))
    assert "in the role evidence" in found.rule
    assert EVIDENCE.thumbprint not in str(found)


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        (in_place_of("@authority", "gw.example"), "without its port"),
        (in_place_of("@authority", "gw.example:443"), "with port 443"),
        (in_place_of("@authority", "gw.example:80", READ), "with port 80"),
        (in_place_of("@query", "to=uz.x&note=a%20b"), "begins with its question mark"),
        (in_place_of("@query", "", READ), "also when the query is absent"),
        (in_place_of("@query", "?"), "without the query"),
        (in_place_of("@query", "?to=uz.x&note=a b"), "percent-encoding"),
        (in_place_of("@path", "/v1/submissions?to=uz.x&note=a%20b"), "ends before"),
        (in_place_of("@method", "post"), "in capitals"),
        (in_place_of("content-type", "application/json; charset=utf-8"), "content-type"),
        (over(lambda base: base + b"\n"), "without a line feed"),
        (over(lambda base: hashlib.sha256(base).digest()), "hashed before"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_the_usual_mistake_is_told(request_: Request, words: str) -> None:
    found = refused(request_)
    assert (found.code, words in found.rule) == ("signature.wrong", True), found.rule


@pytest.mark.parametrize(
    ("off", "words"),
    [
        (61, "61 s ahead of"),
        (-3600, "3600 s behind"),
        (NOW * 999, "milliseconds"),
    ],
)
def test_a_clock_that_is_off_is_told_by_how_much_and_to_which_side(off: int, words: str) -> None:
    found = refused(signed(READ, NOW + off))
    assert (found.code, found.place, words in found.rule) == ("signature.expired", "created", True)


def test_a_signature_of_a_stranger_is_told_no_more() -> None:
    got = signed(SENT)
    found = refused(with_signature(got, key("UZ", "submitter").sign(read_signature(got).base)))
    assert "must verify with the key that keyid names" in found.rule
