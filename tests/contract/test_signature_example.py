"""The worked example of docs/reference/http-signatures.md holds byte for byte for two verifiers."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from http_message_signatures import HTTPMessageVerifier, MappingKeyResolver
from http_message_signatures.algorithms import ECDSA_P256_SHA256

from gateway.proof.http_signature import Request, read_signature, verify_request

PAGE = Path(__file__).resolve().parents[2] / "docs/reference/http-signatures.md"
TEXT = PAGE.read_text("utf-8")
REQUESTS, BASES, (PEM,) = (
    re.findall(rf"```{kind}\n(.*?)\n```", TEXT, re.DOTALL) for kind in ("http", "text", "pem")
)
PUBLIC = load_pem_public_key(PEM.encode())
BOTH = pytest.mark.parametrize("number", [0, 1], ids=["with a body", "without a body"])


def request(number: int) -> Request:
    head, _, body = REQUESTS[number].partition("\n\n")
    first, *lines = head.split("\n")
    method, target, _ = first.split(" ")
    path, _, query = target.partition("?")
    headers = {name.lower(): value for name, _, value in (one.partition(": ") for one in lines)}
    octets = body.encode() if method == "POST" else None
    return Request(method, headers["host"], path, query, headers, octets)


@BOTH
def test_the_base_on_the_page_is_the_base(number: int) -> None:
    assert read_signature(request(number)).base == BASES[number].encode()


@BOTH
def test_the_example_verifies_here(number: int) -> None:
    assert isinstance(PUBLIC, ec.EllipticCurvePublicKey)
    name, day = x509.Name([]), datetime(2026, 9, 1, tzinfo=UTC)
    builder = x509.CertificateBuilder(name, name, PUBLIC, 1, day, day + timedelta(days=90))
    certificate = builder.sign(ec.generate_private_key(ec.SECP256R1()), hashes.SHA256())
    asked = request(number)
    claimed = read_signature(asked)
    at = datetime.fromtimestamp(claimed.created, UTC)
    assert verify_request(asked, claimed, certificate, at=at).keyid == claimed.keyid


@dataclass
class Message:
    """A request as the library reads it."""

    method: str
    url: str
    headers: dict[str, str]


@BOTH
def test_the_example_verifies_in_another_library(number: int) -> None:
    asked = request(number)
    query = f"?{asked.query}" if asked.query else ""
    url = f"https://{asked.authority}{asked.path}{query}"
    message = Message(asked.method, url, dict(asked.headers))
    keys = MappingKeyResolver(public_keys={read_signature(asked).keyid: PUBLIC}, private_keys={})
    verifier = HTTPMessageVerifier(signature_algorithm=ECDSA_P256_SHA256, key_resolver=keys)
    (found,) = verifier.verify(message, max_age=None, expect_tag="lmx")
    assert found.nonce == read_signature(asked).nonce


def test_the_length_on_the_page_is_that_of_its_body() -> None:
    asked = request(0)
    assert int(asked.headers["content-length"]) == len(asked.body or b"")
