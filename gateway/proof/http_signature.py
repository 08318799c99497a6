"""The one RFC 9421 profile: ES256, one signature, a fixed covered set, a nonce, 60 seconds.

Covered, in this order: `@method @authority @path @query`, and with a body also `content-digest
content-type idempotency-key`; parameters `created keyid nonce tag` (DESIGN section 6). The fields
are parsed by http_sf (RFC 9651); the Content-Digest is SHA-256 (RFC 9530).
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

import http_sf
from cryptography import x509

from gateway.model.refusal import Refusal
from gateway.proof.json_signature import verify_es256
from gateway.proof.keys import CertifiedKey

WINDOW_SECONDS = 60
LABEL = "lmx"
SUBMITTER_TAG = "lmx"
PEER_TAG = "lmx-peer"
NONCE_SIZES = range(22, 65)
_BARE = ("@method", "@authority", "@path", "@query")
_BODY = ("content-digest", "content-type", "idempotency-key")
_PARAMETERS = ("created", "keyid", "nonce", "tag")


@dataclass(frozen=True, slots=True)
class Request:
    """A request as the wire gave it; header names in lower case, query without its `?`."""

    method: str
    authority: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes | None


@dataclass(frozen=True, slots=True)
class ClaimedSignature:
    """What a request says of its signature; nothing of it is verified yet."""

    keyid: str
    created: int
    nonce: str
    base: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class VerifiedRequest:
    """A request whose digest, signature and time hold; the nonce is still to be spent."""

    keyid: str
    nonce: str
    created: int
    base: bytes
    signature: bytes


def content_digest(body: bytes) -> str:
    """Write the Content-Digest field of a body (RFC 9530 section 2)."""
    return "sha-256=:" + base64.b64encode(hashlib.sha256(body).digest()).decode() + ":"


def sign_request(
    request: Request, key: CertifiedKey, *, created: int, nonce: str, tag: str = SUBMITTER_TAG
) -> dict[str, str]:
    """Give the fields to add: `signature-input`, `signature`, and `content-digest` for a body.

    A body request must already carry `content-type` and `idempotency-key`.
    """
    added: dict[str, str] = {}
    if request.body is not None:
        added["content-digest"] = content_digest(request.body)
    covered = _covered(request)
    parameters = (
        f"({' '.join(f'{chr(34)}{one}{chr(34)}' for one in covered)})"
        f';created={created};keyid="{key.thumbprint}";nonce="{nonce}";tag="{tag}"'
    )
    base = _base(request, {**request.headers, **added}, covered, parameters)
    signature = base64.b64encode(key.sign(base)).decode()
    added["signature-input"] = f"{LABEL}={parameters}"
    added["signature"] = f"{LABEL}=:{signature}:"
    return added


def read_signature(request: Request, *, tag: str = SUBMITTER_TAG) -> ClaimedSignature:
    """Read the signature fields and rebuild the base; nothing is verified yet.

    Refuses `signature.missing`, `signature.malformed`, `signature.coverage`.
    """
    wire_input, wire_signature = (
        request.headers.get("signature-input"),
        request.headers.get("signature"),
    )
    if not wire_input or not wire_signature:
        raise _refuse(
            "signature.missing",
            "the request must carry Signature-Input and Signature (RFC 9421)",
            "signature-input",
        )
    inner, parameters = _one(wire_input, "signature-input")
    signature, _ = _one(wire_signature, "signature")
    covered = _covered(request)
    if not isinstance(inner, list) or not isinstance(signature, bytes):
        raise _refuse("signature.malformed", "a list is signed by a byte sequence", "signature")
    found = [(name, dict(extra)) for name, extra in inner]
    if found != [(name, {}) for name in covered]:
        raise _refuse(
            "signature.coverage",
            f"the signature must cover exactly {' '.join(covered)}, in this order",
            "signature-input",
        )
    if tuple(parameters) != _PARAMETERS or parameters.get("tag") != tag:
        raise _refuse(
            "signature.coverage",
            f"the parameters are exactly created, keyid, nonce, tag={tag}, in this order",
            "signature-input",
        )
    created, keyid, nonce = (parameters[one] for one in _PARAMETERS[:3])
    if type(created) is not int or not isinstance(keyid, str) or not isinstance(nonce, str):
        raise _refuse(
            "signature.malformed",
            "created is an integer, keyid and nonce are strings",
            "signature-input",
        )
    if len(nonce) not in NONCE_SIZES:
        raise _refuse("signature.malformed", "a nonce has 22 to 64 characters", "signature-input")
    text = wire_input.strip().removeprefix(LABEL + "=")
    return ClaimedSignature(
        keyid, created, nonce, _base(request, request.headers, covered, text), signature
    )


def verify_request(
    request: Request, claimed: ClaimedSignature, certificate: x509.Certificate, *, at: datetime
) -> VerifiedRequest:
    """Give the verified request once digest, signature and time window hold.

    certificate: the one the directory lists under `keyid`, its role and path checked by the caller.
    Refuses `digest.wrong`, `signature.wrong`, `signature.expired`.
    """
    if request.body is not None:
        given = request.headers.get("content-digest", "")
        if not hmac.compare_digest(given.encode(), content_digest(request.body).encode()):
            raise _refuse(
                "digest.wrong",
                "Content-Digest must be that of the bytes sent; a body serialised again after "
                "signing is the usual cause",
                "content-digest",
            )
    verify_es256(certificate, claimed.signature, claimed.base)
    off = claimed.created - int(at.timestamp())
    if abs(off) > WINDOW_SECONDS:
        raise _refuse(
            "signature.expired",
            f"created must lie within 60 s of our clock; it is off by {off} s",
            "created",
        )
    return VerifiedRequest(
        claimed.keyid, claimed.nonce, claimed.created, claimed.base, claimed.signature
    )


def _covered(request: Request) -> tuple[str, ...]:
    return _BARE if request.body is None else _BARE + _BODY


def _base(
    request: Request, headers: Mapping[str, str], covered: tuple[str, ...], parameters: str
) -> bytes:
    # RFC 9421 section 2.5, for the components of this profile only.
    derived = {
        "@method": request.method,
        "@authority": request.authority.lower(),
        "@path": request.path or "/",
        "@query": "?" + request.query,
    }
    lines = []
    for name in covered:
        value = derived[name] if name in derived else headers.get(name)
        if value is None:
            raise _refuse("signature.coverage", "a covered field is missing", name)
        lines.append(f'"{name}": {value.strip()}')
    lines.append(f'"@signature-params": {parameters}')
    try:
        return "\n".join(lines).encode("ascii")
    except UnicodeEncodeError:
        raise _refuse("signature.malformed", "covered values are ASCII", "headers") from None


def _one(field: str, place: str) -> tuple[object, dict[str, object]]:
    try:
        members = cast(
            "dict[str, tuple[object, dict[str, object]]]",
            http_sf.parse(field.encode("ascii"), tltype="dictionary"),
        )
    except (http_sf.StructuredFieldError, UnicodeEncodeError):
        raise _refuse("signature.malformed", "this must be a structured field", place) from None
    # The base quotes the field's own text, so it must start with our label and hold no other.
    if list(members) != [LABEL] or not field.strip().startswith(LABEL + "="):
        raise _refuse("signature.malformed", "there is exactly one signature, named lmx", place)
    value, parameters = members[LABEL]
    return value, dict(parameters)


def _refuse(code: str, rule: str, place: str) -> Refusal:
    return Refusal(code, step="authenticate", rule=rule, place=place)
