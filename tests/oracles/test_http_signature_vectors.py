"""RFC 9421 appendix B.2, and the http_message_signatures library in both directions.

No published case fits our profile (label, covered set, SHA-256 digest), so the base builder and
the ES256 primitive are judged apart, and the whole profile by the library.
"""

import base64
import json
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from http_message_signatures import (
    HTTPMessageSigner,
    HTTPMessageVerifier,
    InvalidSignature,
    MappingKeyResolver,
    VerifyResult,
)
from http_message_signatures.algorithms import ECDSA_P256_SHA256

from gateway.model.refusal import Refusal
from gateway.proof.http_base import write_base
from gateway.proof.http_signature import (
    Request,
    _values,
    content_digest,
    read_signature,
    sign_request,
    verify_request,
)
from gateway.proof.json_signature import verify_es256
from tests.support.pki import AT, key
from tests.support.vectors import corpus

NOT_BUILT = {
    "B.2.2": "a component with a parameter (@query-param)",
    "B.2.4": "a response (@status); its signature is verified over the published base",
}
# The library takes `created` by the machine's clock, so it lies well in the past here.
CREATED = datetime(2021, 4, 20, 2, 7, 53, tzinfo=UTC)
NONCE = "n" * 22
BARE = Request("GET", "127.0.0.1:8001", "/v1/inbox", "limit=5&after=%C3%A9", {}, None)
FULL = Request(
    "POST",
    "127.0.0.1:8001",
    "/v1/submissions",
    "",
    {"content-type": "application/json", "idempotency-key": "k-1"},
    b'{"a":1}',
)
BOTH = pytest.mark.parametrize("request_", [BARE, FULL], ids=["read", "body"])


def _appendix() -> dict[str, Any]:
    appendix: dict[str, Any] = json.loads((corpus("rfc9421") / "appendix-b2.json").read_text())
    return appendix


def _published(case: dict[str, Any]) -> Request:
    """Give the RFC's request with this case's fields, under our label."""
    message = _appendix()["messages"]["test-request"]
    method, target, _ = message["start_line"].split(" ")
    path, _, query = target.partition("?")
    headers = {name.lower(): value for name, value in message["headers"]}
    for field in ("signature_input", "signature"):
        headers[field.replace("_", "-")] = case[field].replace(case["label"], "lmx", 1)
    return Request(method, headers["host"], path, query, headers, message["body"].encode())


def _ecdsa() -> tuple[x509.Certificate, bytes, str]:
    """Give B.2.4: a certificate of its key, its signature, its base."""
    appendix = _appendix()
    (case,) = (one for one in appendix["cases"] if one["algorithm"] == "ecdsa-p256-sha256")
    public = load_pem_public_key(appendix["keys"][case["key"]]["public_pem"].encode())
    assert isinstance(public, ec.EllipticCurvePublicKey)
    name = x509.Name([])
    builder = x509.CertificateBuilder(name, name, public, 1, AT, AT + timedelta(days=1))
    certificate = builder.sign(ec.generate_private_key(ec.SECP256R1()), hashes.SHA256())
    return certificate, base64.b64decode(case["signature"].split(":")[1]), case["signature_base"]


def test_the_published_bases_are_built_byte_for_byte_but_those_listed() -> None:
    other = set()
    for case in _appendix()["cases"]:
        request = _published(case)
        parameters = case["signature_input"].removeprefix(case["label"] + "=")
        covered = tuple(re.findall(r'"([^"]+)"', parameters.partition(")")[0]))
        try:
            base = write_base(_values(request, request.headers, covered), parameters)
        except Refusal:
            base = b""
        if base != case["signature_base"].encode():
            other.add(case["id"])
    assert other == set(NOT_BUILT)


def test_the_published_ecdsa_signature_verifies() -> None:
    certificate, signature, base = _ecdsa()
    assert verify_es256(certificate, signature, base.encode()) == base.encode()


@pytest.mark.parametrize("line", range(5))
def test_the_published_ecdsa_signature_fails_once_a_covered_line_changes(line: int) -> None:
    certificate, signature, base = _ecdsa()
    lines = base.split("\n")
    lines[line] += "x"
    with pytest.raises(Refusal, match=r"signature\.wrong"):
        verify_es256(certificate, signature, "\n".join(lines).encode())


def test_no_published_case_has_our_covered_set() -> None:
    codes = {}
    for case in _appendix()["cases"]:
        with pytest.raises(Refusal) as caught:
            read_signature(_published(case))
        codes[case["id"]] = caught.value.code
    assert codes == {f"B.2.{number}": "signature.coverage" for number in range(1, 7)}


@dataclass
class Message:
    """A request as the library reads it."""

    method: str
    url: str
    headers: dict[str, str]


def _message(request: Request) -> Message:
    query = f"?{request.query}" if request.query else ""
    url = f"http://{request.authority}{request.path}{query}"
    return Message(request.method, url, dict(request.headers))


def _keys() -> MappingKeyResolver:
    own = key("KZ", "submitter")
    return MappingKeyResolver(
        public_keys={own.thumbprint: own.private.public_key()},
        private_keys={own.thumbprint: own.private},
    )


def _signed(request: Request) -> Request:
    own = key("KZ", "submitter")
    added = sign_request(request, own, created=int(CREATED.timestamp()), nonce=NONCE)
    return replace(request, headers={**request.headers, **added})


def _judged(message: Message) -> VerifyResult:
    verifier = HTTPMessageVerifier(signature_algorithm=ECDSA_P256_SHA256, key_resolver=_keys())
    (result,) = verifier.verify(message, max_age=None, expect_tag="lmx")
    return result


@BOTH
def test_the_library_verifies_what_we_sign(request_: Request) -> None:
    assert _judged(_message(_signed(request_))).nonce == NONCE


@BOTH
def test_the_library_rebuilds_the_base_we_signed(request_: Request) -> None:
    signed = _signed(request_)
    covered = _judged(_message(signed)).covered_components
    lines = [f"{name}: {value}" for name, value in covered.items()]
    assert "\n".join(lines).encode() == read_signature(signed).base


@pytest.mark.parametrize(
    "change",
    [{"method": "PUT"}, {"authority": "127.0.0.1:9"}, {"path": "/v1/x"}, {"query": "limit=6"}],
    ids=lambda change: next(iter(change)),
)
def test_the_library_refuses_a_changed_component(change: dict[str, str]) -> None:
    changed = replace(_signed(FULL), **change)  # type: ignore[arg-type]
    with pytest.raises(InvalidSignature):
        _judged(_message(changed))


@pytest.mark.parametrize("name", ["content-digest", "content-type", "idempotency-key"])
def test_the_library_refuses_a_changed_field(name: str) -> None:
    message = _message(_signed(FULL))
    message.headers[name] = content_digest(b"other") if name == "content-digest" else "x"
    with pytest.raises(InvalidSignature):
        _judged(message)


@BOTH
def test_we_verify_what_the_library_signs(request_: Request) -> None:
    own = key("KZ", "submitter")
    covered = ["@method", "@authority", "@path", "@query"]
    message = _message(request_)
    if request_.body is not None:
        covered += ["content-digest", "content-type", "idempotency-key"]
    HTTPMessageSigner(signature_algorithm=ECDSA_P256_SHA256, key_resolver=_keys()).sign(
        message,
        key_id=own.thumbprint,
        created=CREATED,
        nonce=NONCE,
        label="lmx",
        tag="lmx",
        include_alg=False,
        covered_component_ids=covered,
        body=request_.body,
    )
    headers = {name.lower(): value for name, value in message.headers.items()}
    got = replace(request_, headers=headers)
    verified = verify_request(got, read_signature(got), own.certificate, at=CREATED)
    assert verified.nonce == NONCE
