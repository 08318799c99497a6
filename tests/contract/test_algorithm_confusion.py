"""Every algorithm with every kind of key, in both signed profiles: ES256 with P-256, and no other.

The signatures are made as that algorithm makes them with that key, so what refuses them is the
profile and not a spoiled signature.
"""

import base64
import hashlib
import hmac
import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from gateway.model.refusal import Refusal
from gateway.proof.canonical import canonical_json
from gateway.proof.http_base import write_base
from gateway.proof.http_signature import Request, read_signature, sign_request, verify_request
from gateway.proof.json_signature import RECEIPT, verify_jws
from gateway.proof.keys import thumbprint
from tests.support.pki import AT, key

KEYS: dict[str, Callable[[], Any]] = {
    "P-256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "P-384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "P-521": lambda: ec.generate_private_key(ec.SECP521R1()),
    "secp256k1": lambda: ec.generate_private_key(ec.SECP256K1()),
    "RSA": lambda: rsa.generate_private_key(65537, 2048),
    "Ed25519": ed25519.Ed25519PrivateKey.generate,
    "oct": lambda: ec.generate_private_key(ec.SECP256R1()),
}
DIGESTS = {"256": hashes.SHA256, "384": hashes.SHA384, "512": hashes.SHA512}
ALGORITHMS = [
    "none",
    "EdDSA",
    "ES256K",
    *(a + d for a in ("HS", "RS", "PS", "ES") for d in DIGESTS),
]


@cache
def private(kind: str) -> Any:
    return KEYS[kind]()


@cache
def certificate(kind: str) -> x509.Certificate:
    """A certificate of that key, signed by a P-256 authority whatever the key."""
    name = x509.Name([])
    builder = x509.CertificateBuilder(
        name, name, private(kind).public_key(), 1, AT, AT + timedelta(days=1)
    )
    return builder.sign(private("P-256"), hashes.SHA256())


def public_octets(kind: str) -> bytes:
    public = private(kind).public_key()
    octets: bytes = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return octets


def sign(algorithm: str, kind: str, message: bytes) -> bytes:
    """Sign as the algorithm does with such a key; where it cannot, as the key can."""
    found = private(kind)
    digest = DIGESTS.get(algorithm[-3:], hashes.SHA256)()
    if algorithm == "none":
        return b""
    if algorithm.startswith("HS") or kind == "oct":
        # The old confusion: the public key, which everybody has, as the secret of an HMAC.
        return hmac.new(public_octets(kind), message, digest.name).digest()
    if isinstance(found, rsa.RSAPrivateKey):
        scheme: Any = padding.PKCS1v15()
        if algorithm.startswith("PS"):
            scheme = padding.PSS(padding.MGF1(digest), digest.digest_size)
        return found.sign(message, scheme, digest)
    if isinstance(found, ed25519.Ed25519PrivateKey):
        return found.sign(message)
    if not algorithm.startswith("ES") or algorithm.endswith("K"):
        # Such a key cannot sign so; over SHA-256 it would be ES256 under another name.
        digest = hashes.SHA512()
    size = (found.curve.key_size + 7) // 8
    numbers = decode_dss_signature(found.sign(message, ec.ECDSA(digest)))
    return b"".join(one.to_bytes(size, "big") for one in numbers)


PAIRS = list(itertools.product(ALGORITHMS, KEYS))
GOOD = ("ES256", "P-256")


def encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def token(algorithm: str, kind: str, told: str) -> str:
    header = {
        "alg": told,
        "iat": int(AT.timestamp()),
        "typ": RECEIPT,
        "x5t#S256": thumbprint(certificate(kind)),
    }
    signed = f"{encode(canonical_json(header))}.{encode(b'{}')}"
    return f"{signed}.{encode(sign(algorithm, kind, signed.encode()))}"


def jws_code(algorithm: str, kind: str, told: str) -> str:
    listed = {thumbprint(certificate(kind)): certificate(kind)}
    try:
        verify_jws(token(algorithm, kind, told), listed, typ=RECEIPT)
    except Refusal as refusal:
        return refusal.code
    return "accepted"


@pytest.mark.parametrize(("algorithm", "kind"), PAIRS)
def test_a_token_of_another_algorithm_or_key_is_refused(algorithm: str, kind: str) -> None:
    found = jws_code(algorithm, kind, algorithm)
    if (algorithm, kind) == GOOD:
        assert found == "accepted"
    elif algorithm != "ES256" or kind not in ("P-256", "oct"):
        assert found == "signature.algorithm"
    else:
        assert found == "signature.wrong"


@pytest.mark.parametrize(("algorithm", "kind"), PAIRS)
def test_a_token_that_says_es256_of_another_signature_is_refused(algorithm: str, kind: str) -> None:
    found = jws_code(algorithm, kind, "ES256")
    assert (found == "accepted") is ((algorithm, kind) == GOOD)


@pytest.mark.parametrize("told", ["es256", "ES256 ", "", "nOnE"])
def test_an_algorithm_s_name_has_one_spelling(told: str) -> None:
    assert jws_code("ES256", "P-256", told) == "signature.algorithm"


def http_code(algorithm: str, kind: str) -> str:
    bare = Request("GET", "gw.example", "/v1/inbox", "", {}, None)
    added = sign_request(bare, key("KZ", "submitter"), created=int(AT.timestamp()), nonce="n" * 22)
    request = replace(bare, headers=added)
    claimed = read_signature(request)
    octets = sign(algorithm, kind, write_base(claimed.values, claimed.parameters))
    field = f"lmx=:{base64.b64encode(octets).decode()}:"
    changed = replace(request, headers={**added, "signature": field})
    try:
        verify_request(changed, read_signature(changed), certificate(kind), at=AT)
    except Refusal as refusal:
        return refusal.code
    return "accepted"


@pytest.mark.parametrize(("algorithm", "kind"), PAIRS)
def test_a_request_of_another_algorithm_or_key_is_refused(algorithm: str, kind: str) -> None:
    found = http_code(algorithm, kind)
    if (algorithm, kind) == GOOD:
        assert found == "accepted"
    else:
        assert found in ("signature.algorithm", "signature.wrong", "signature.malformed")


def test_an_algorithm_given_beside_the_signature_is_refused() -> None:
    bare = Request("GET", "gw.example", "/v1/inbox", "", {}, None)
    added = sign_request(bare, key("KZ", "submitter"), created=int(AT.timestamp()), nonce="n" * 22)
    for algorithm in ("hmac-sha256", "rsa-v1_5-sha256", "ed25519", "ecdsa-p256-sha256"):
        field = added["signature-input"].replace(";nonce", f';alg="{algorithm}";nonce')
        with pytest.raises(Refusal, match=r"signature\.coverage"):
            read_signature(replace(bare, headers={**added, "signature-input": field}))


def test_the_hmac_of_a_public_key_is_no_signature() -> None:
    secret = public_octets("P-256")
    message = b"m"
    assert sign("HS256", "P-256", message) == hmac.new(secret, message, hashlib.sha256).digest()
    assert http_code("HS512", "P-256") == "signature.wrong"
