"""The one JWS profile: compact, attached, ES256, header exactly {alg, iat, typ, x5t#S256}.

RFC 7515 and RFC 7518 section 3.4, JAdES baseline B (TS 119 182-1); DESIGN section 3. A strict
filter stands before any cryptography: canonical base64url, unique names, a size cap, no `crit`.
The key is never taken from the token: `x5t#S256` picks one of the certificates given.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey

from gateway.model.refusal import Refusal
from gateway.proof import base64url
from gateway.proof.canonical import canonical_json
from gateway.proof.keys import CertifiedKey
from gateway.proof.strict_json import parse

HEADER = "lmx-header"
RECEIPT = "lmx-receipt"
HANDOVER = "lmx-handover"
GIVEN_ANSWER = "lmx-answer"
DECISION = "lmx-decision"
STATUS_LIST = "lmx-status-list"

LARGEST_TOKEN = 256 * 1024
SIGNATURE_SIZE = 64
_HALF = SIGNATURE_SIZE // 2
_ES256 = ECDSA(hashes.SHA256())
_MEMBERS = {"alg", "iat", "typ", "x5t#S256"}


class VerifiedJws(NamedTuple):
    """What a verified token proves: these payload octets were signed with this certificate."""

    payload: bytes
    issued_at: datetime
    thumbprint: str
    certificate: x509.Certificate


def sign_jws(payload: bytes, key: CertifiedKey, *, typ: str, at: datetime) -> str:
    """Sign the octets at `at`; gives the compact token."""
    signed = _first_part(int(at.timestamp()), typ, key.thumbprint) + "." + _encode(payload)
    return signed + "." + _encode(key.sign(signed.encode("ascii")))


@lru_cache(maxsize=64)
def _first_part(issued: int, typ: str, thumbprint: str) -> str:
    # The tokens of a batch are of one second.
    header = {"alg": "ES256", "iat": issued, "typ": typ, "x5t#S256": thumbprint}
    return _encode(canonical_json(header))


class Certificates(Protocol):
    """Certificates by thumbprint, such as a dict of them."""

    def get(self, name: str, /) -> x509.Certificate | None:
        """Give the certificate of that thumbprint, None when there is none."""


def verify_jws(token: str, certificates: Certificates, *, typ: str) -> VerifiedJws:
    """Give the payload once the token verifies with one of the given certificates.

    certificates: by thumbprint, only those whose role allows this `typ`; the caller checks their
    paths. Refuses `seal.malformed`, `signature.algorithm`, `signature.key-unknown`,
    `signature.wrong`.
    """
    header, payload, signature, signed = _split(token)
    if header.get("alg") != "ES256":
        raise Refusal("signature.algorithm", step="verify", rule="tokens are signed with ES256")
    if set(header) != _MEMBERS or header["typ"] != typ:
        raise _malformed(f"the protected header is exactly alg, iat, typ {typ}, x5t#S256")
    issued = header["iat"]
    if type(issued) is not int or not 0 < issued < 2**33:
        raise _malformed("iat is a time in whole seconds")
    name = header["x5t#S256"]
    certificate = certificates.get(name) if isinstance(name, str) else None
    if certificate is None:
        raise Refusal(
            "signature.key-unknown",
            step="verify",
            rule="x5t#S256 must name a certificate that the directory lists for this role",
            place="x5t#S256",
        )
    verify_es256(certificate, signature, signed)
    return VerifiedJws(payload, datetime.fromtimestamp(issued, UTC), name, certificate)


def peek_thumbprint(token: str) -> str:
    """Give the certificate a token names, before anything is verified (to look it up only).

    Refuses `seal.malformed`.
    """
    name = _split(token)[0].get("x5t#S256")
    if not isinstance(name, str):
        raise _malformed("x5t#S256 names the certificate")
    return name


def verify_es256(certificate: x509.Certificate, signature: bytes, signed: bytes) -> bytes:
    """Give back `signed` once the r||s signature verifies. Refuses `signature.*`."""
    key = certificate.public_key()
    if not isinstance(key, EllipticCurvePublicKey) or not isinstance(key.curve, SECP256R1):
        raise Refusal("signature.algorithm", step="verify", rule="signing keys are P-256")
    if len(signature) != SIGNATURE_SIZE:
        raise _wrong("an ES256 signature is raw r||s of 64 bytes, not DER")
    try:
        key.verify(_der(signature), signed, _ES256)
    except (InvalidSignature, ValueError):
        raise _wrong("the signature must verify with the key of the certificate it names") from None
    return signed


def _der(signature: bytes) -> bytes:
    """Write r||s as the sequence of two integers that OpenSSL takes (RFC 3279 2.2.3, X.690 8.3).

    cryptography's encode_dss_signature gives the same by way of two numbers, in 10 us of the 75
    that a verification takes; it judges this in the tests.
    """
    r, s = signature[:_HALF].lstrip(b"\0"), signature[_HALF:].lstrip(b"\0")
    # An integer has an octet at least, and its first bit is its sign.
    r = r if b"\0" < r < b"\x80" else b"\0" + r
    s = s if b"\0" < s < b"\x80" else b"\0" + s
    whole = (0x30, len(r) + len(s) + 4, 0x02, len(r))
    return b"%b%b%b%b" % (bytes(whole), r, bytes((0x02, len(s))), s)


def _wrong(rule: str) -> Refusal:
    return Refusal("signature.wrong", step="verify", rule=rule)


def _split(token: str) -> tuple[Mapping[str, Any], bytes, bytes, bytes]:
    if len(token) > LARGEST_TOKEN:
        raise _malformed("a token has at most 256 KiB")
    parts = token.split(".")
    if len(parts) != 3 or not token.isascii():
        raise _malformed("a compact token has three parts of ASCII")
    header = _protected(parts[0])
    signed = f"{parts[0]}.{parts[1]}".encode("ascii")
    return header, _decode(parts[1]), _decode(parts[2]), signed


@lru_cache(maxsize=256)
def _protected(text: str) -> Mapping[str, Any]:
    # Tokens that one key makes in one second have the same: a batch's are read once.
    header = parse(_decode(text))
    if not isinstance(header, dict):
        raise _malformed("the protected header is an object")
    return MappingProxyType(header)


def _encode(data: bytes) -> str:
    return base64url.encode(data).decode("ascii")


def _decode(text: str) -> bytes:
    try:
        return base64url.decode(text.encode("ascii"))
    except ValueError:
        raise _malformed("each part is canonical base64url without padding") from None


def _malformed(rule: str) -> Refusal:
    return Refusal("seal.malformed", step="verify", rule=rule, place="token")
