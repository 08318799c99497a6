"""The one RFC 9421 profile: ES256, one signature, a fixed covered set, a nonce, 60 seconds.

Covered, in this order: `@method @authority @path @query`, and with a body also `content-digest
content-type idempotency-key`; parameters `created keyid nonce tag` (DESIGN section 6). The
Content-Digest is SHA-256 (RFC 9530); `http_fields` reads the two fields, `http_mistakes` says what
a client usually did wrong.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509

from gateway.model.refusal import Refusal
from gateway.proof.http_base import write_base
from gateway.proof.http_fields import LABEL, SignatureInput, read_input, read_value, write_list
from gateway.proof.http_mistakes import Others, clock_mistake, digest_mistake, signature_mistake
from gateway.proof.json_signature import verify_es256
from gateway.proof.keys import CertifiedKey

WINDOW_SECONDS = 60
SUBMITTER_TAG = "lmx"
PEER_TAG = "lmx-peer"
_BARE = ("@method", "@authority", "@path", "@query")
_ALL = (*_BARE, "content-digest", "content-type", "idempotency-key")


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

    told: SignatureInput
    request: Request
    base: bytes
    signature: bytes

    @property
    def keyid(self) -> str:
        """Give the thumbprint of the key that it names."""
        return self.told.keyid

    @property
    def nonce(self) -> str:
        """Give the nonce."""
        return self.told.nonce

    @property
    def created(self) -> int:
        """Give when it says that it was made, in seconds since 1970."""
        return self.told.created

    @property
    def parameters(self) -> str:
        """Give the field behind its label."""
        return self.told.parameters

    @property
    def values(self) -> dict[str, str]:
        """Give the covered values by component name."""
        return _values(self.request, self.request.headers, _covered(self.request))


@dataclass(frozen=True, slots=True)
class VerifiedRequest:
    """A request whose digest, signature and time hold; the nonce is still to be spent."""

    claimed: ClaimedSignature

    @property
    def keyid(self) -> str:
        """Give the thumbprint of the key that signed."""
        return self.claimed.keyid

    @property
    def nonce(self) -> str:
        """Give the nonce that is to be spent."""
        return self.claimed.nonce

    @property
    def created(self) -> int:
        """Give when it says that it was signed, in seconds since 1970."""
        return self.claimed.created

    @property
    def base(self) -> bytes:
        """Give the octets that were signed."""
        return self.claimed.base

    @property
    def signature(self) -> bytes:
        """Give the signature, r||s."""
        return self.claimed.signature


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
        f"({write_list(covered)});created={created}"
        f';keyid="{key.thumbprint}";nonce="{nonce}";tag="{tag}"'
    )
    base = write_base(_values(request, {**request.headers, **added}, covered), parameters)
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
    covered = _covered(request)
    told = read_input(wire_input, covered, tag)
    signature = read_value(wire_signature)
    return ClaimedSignature(told, request, _base(request, told.parameters), signature)


def verify_request(
    request: Request,
    claimed: ClaimedSignature,
    certificate: x509.Certificate,
    *,
    at: datetime,
    others: Others = tuple,
) -> VerifiedRequest:
    """Give the verified request once digest, signature and time window hold.

    certificate: the one the directory lists under `keyid`, its role and path checked by the caller.
    others: the holder's other listed keys with their roles, tried only to name the mistake.
    Refuses `digest.wrong`, `signature.wrong`, `signature.algorithm`, `signature.expired`.
    """
    if request.body is not None:
        given = request.headers.get("content-digest", "")
        if not hmac.compare_digest(given.encode(), content_digest(request.body).encode()):
            raise _refuse("digest.wrong", digest_mistake(given, request.body), "content-digest")
    return verify_signature(claimed, certificate, at=at, others=others)


def verify_signature(
    claimed: ClaimedSignature,
    certificate: x509.Certificate,
    *,
    at: datetime,
    others: Others = tuple,
) -> VerifiedRequest:
    """Give the verified request but for its body, whose digest `verify_request` compares.

    Refuses `signature.wrong`, `signature.algorithm`, `signature.expired`.
    """
    try:
        verify_es256(certificate, claimed.signature, claimed.base)
    except Refusal as refusal:
        if refusal.code != "signature.wrong":
            raise
        told = signature_mistake(
            claimed.values, claimed.parameters, claimed.signature, certificate, others
        )
        raise _refuse("signature.wrong", told, "signature") from None
    now = int(at.timestamp())
    if abs(claimed.created - now) > WINDOW_SECONDS:
        raise _refuse("signature.expired", clock_mistake(claimed.created, now), "created")
    return VerifiedRequest(claimed)


def _covered(request: Request) -> tuple[str, ...]:
    return _BARE if request.body is None else _ALL


def _base(request: Request, parameters: str) -> bytes:
    """Write what `write_base` writes of `_values`, as one text.

    Each request passes here right after a verification has emptied the processor's caches: this
    takes a third of the time. A test holds it against `write_base`.
    """
    text = (
        f'"@method": {request.method.strip()}\n'
        f'"@authority": {request.authority.lower().strip()}\n'
        f'"@path": {(request.path or "/").strip()}\n'
        f'"@query": {("?" + request.query).strip()}\n'
    )
    try:
        if request.body is not None:
            headers = request.headers
            text += (
                f'"content-digest": {headers["content-digest"].strip()}\n'
                f'"content-type": {headers["content-type"].strip()}\n'
                f'"idempotency-key": {headers["idempotency-key"].strip()}\n'
            )
        return f'{text}"@signature-params": {parameters}'.encode("ascii")
    except (KeyError, UnicodeEncodeError):
        # It says which.
        return write_base(_values(request, request.headers, _covered(request)), parameters)


def _values(
    request: Request, headers: Mapping[str, str], covered: tuple[str, ...]
) -> dict[str, str]:
    # RFC 9421 section 2.2, for the components of this profile only.
    derived = {
        "@method": request.method,
        "@authority": request.authority.lower(),
        "@path": request.path or "/",
        "@query": "?" + request.query,
    }
    found: dict[str, str] = {}
    for name in covered:
        value = derived[name] if name in derived else headers.get(name)
        if value is None:
            raise _refuse("signature.coverage", "a covered field is missing", name)
        found[name] = value
    return found


def _refuse(code: str, rule: str, place: str) -> Refusal:
    return Refusal(code, step="authenticate", rule=rule, place=place)
