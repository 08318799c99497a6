"""What a client most likely did wrong, in words, once its HTTP signature was refused.

Nothing here accepts a request. It tries what developers usually get wrong (another key of theirs,
another host, DER, a body written again) and says which of these would have verified; no value of
the request and no thumbprint is told.
"""

import base64
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from urllib.parse import unquote

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from gateway.model.refusal import Refusal
from gateway.proof.http_base import write_base
from gateway.proof.json_signature import SIGNATURE_SIZE, verify_es256
from gateway.proof.trust import Directory, ListedKey

# Above these, looking for the mistake would cost more than telling it is worth.
LARGEST_EXPLAINED = 256 * 1024
MOST_KEYS = 16
_DIGEST = re.compile(r"sha-256=:[A-Za-z0-9+/]{43}=:")
_MILLISECONDS = 10**11
_DER_SEQUENCE = 0x30
_Signed = Callable[[bytes], bool]
# Gives further keys of the same holder with their roles; asked only once something is wrong.
Others = Callable[[], Sequence[tuple[str, x509.Certificate]]]


def other_keys(directory: Directory, listed: ListedKey) -> list[tuple[str, x509.Certificate]]:
    """Give the other keys the directory lists for the same holder, each with its role."""
    holder = listed.name.partition("/")[0]
    return [
        (one.role, one.certificate)
        for one in directory.keys.values()
        if one is not listed and one.name.partition("/")[0] == holder
    ]


def digest_mistake(given: str, body: bytes) -> str:
    """Say why a Content-Digest is not that of the body."""
    if not _DIGEST.fullmatch(given):
        return _digest_form(given)
    wanted = base64.b64decode(given.partition(":")[2].rstrip(":"))
    for octets, words in _rewritten(body):
        if hashlib.sha256(octets).digest() == wanted:
            return f"Content-Digest is that of {words}; digest the very bytes that are sent"
    return (
        "Content-Digest must be that of the bytes sent; a body serialised again after signing is "
        "the usual cause"
    )


def signature_mistake(
    covered: Mapping[str, str],
    parameters: str,
    signature: bytes,
    certificate: x509.Certificate,
    others: Others,
) -> str:
    """Say why a signature does not verify over the covered values and parameters.

    others: further keys the directory lists for the same holder, each with its role.
    """
    signature, der = _raw(signature)
    if len(signature) != SIGNATURE_SIZE:
        return "an ES256 signature is raw r||s of 64 bytes, not DER"
    base = write_base(covered, parameters)
    if der and _verifies(certificate, signature)(base):
        return "the signature is DER; ES256 is raw r||s, 64 bytes, not DER (RFC 7518 section 3.4)"
    also = "; it is also DER, and must be raw r||s of 64 bytes" if der else ""
    for role, other in others()[:MOST_KEYS]:
        if _verifies(other, signature)(base):
            return (
                f"the signature was made with another key the directory lists for you, in the role "
                f"{role}; sign with the key that keyid names{also}"
            )
    signed = _verifies(certificate, signature)
    found = _base_mistake(covered, parameters, base, signed)
    if found:
        return found + also
    return (
        "the signature must verify with the key that keyid names, over the request as it came "
        "here: a proxy that changes host, path, query or a covered field is one cause, a key that "
        "does not belong to that certificate another" + also
    )


def clock_mistake(created: int, now: int) -> str:
    """Say by how much and to which side `created` is off."""
    if created > _MILLISECONDS:
        return "created counts seconds since 1970, this looks like milliseconds"
    off = created - now
    side = "ahead of" if off > 0 else "behind"
    return (
        f"created must lie within 60 s of our clock; it is {abs(off)} s {side} it: set the "
        "sender's clock (NTP), and sign right before sending"
    )


def field_mistake(text: str, label: str) -> str:
    """Say why a `Signature` field that is no byte sequence under the label is refused."""
    value = text.strip().removeprefix(f"{label}=")
    inside = value.strip(":")
    if not value.startswith(":"):
        return f"Signature is a byte sequence between colons, {label}=:…: (RFC 9651 section 3.3.5)"
    if re.fullmatch(r"[A-Za-z0-9_-]+={0,2}", inside) and re.search(r"[-_]", inside):
        return "Signature is base64 (+ and /, padded with =), this is base64url"
    if re.fullmatch(r"[0-9a-fA-F]{128}", inside):
        return "Signature is base64, this is hexadecimal"
    if not inside.endswith("="):
        return "Signature is base64 padded with ="
    return f"Signature is one byte sequence in canonical base64, {label}=:…:"


def _digest_form(given: str) -> str:
    name, _, value = given.partition("=")
    inside = value.strip(":")
    if name.strip().lower() == "sha-512":
        return "Content-Digest is sha-256 in this profile, and no other algorithm beside it"
    if re.fullmatch(r"[0-9a-fA-F]{64}", inside):
        return "Content-Digest holds base64, this is hexadecimal"
    if re.fullmatch(r"[A-Za-z0-9_-]{43}=?", inside) and re.search(r"[-_]", inside):
        return "Content-Digest holds base64 (+ and /, padded with =), this is base64url"
    return "Content-Digest is written sha-256=:base64: (RFC 9530), with nothing beside it"


def _rewritten(body: bytes) -> Iterator[tuple[bytes, str]]:
    """Give what a library may have made of the body, each with its name."""
    yield b"", "an empty body"
    if len(body) > LARGEST_EXPLAINED:
        return
    yield body.rstrip(), "the body without the white space at its end"
    yield body + b"\n", "the body with a line feed at its end"
    yield body.replace(b"\r\n", b"\n"), "the body with LF for its CRLF"
    yield body.replace(b"\n", b"\r\n"), "the body with CRLF for its LF"
    yield body.removeprefix(b"\xef\xbb\xbf"), "the body without its byte order mark"
    yield base64.b64encode(body), "the body in base64"
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return
    compact, spaced = (",", ":"), (", ", ": ")
    for indent, separators, words in (
        (None, compact, "written again without spaces"),
        (None, spaced, "written again with spaces"),
        (2, None, "written again with indents"),
        (4, None, "written again with indents"),
    ):
        for ascii_only in (False, True):
            for sort in (False, True):
                text = json.dumps(
                    value,
                    indent=indent,
                    separators=separators,
                    ensure_ascii=ascii_only,
                    sort_keys=sort,
                )
                order = ", in another order of members" if sort else ""
                yield text.encode("utf-8", "replace"), f"the same JSON {words}{order}"


def _base_mistake(
    covered: Mapping[str, str], parameters: str, base: bytes, signed: _Signed
) -> str | None:
    for name, value, words in _values(covered):
        if signed(write_base({**covered, name: value}, parameters)):
            return words
    if signed(base + b"\n"):
        return "the signature base ends without a line feed (RFC 9421 section 2.5)"
    if signed(hashlib.sha256(base).digest()):
        return "the base was hashed before it was signed; ES256 hashes once, by itself"
    return None


def _values(covered: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Give what clients sign in place of a component: its name, the other value, the words."""
    host, _, port = covered["@authority"].partition(":")
    for other in {host, f"{host}:80", f"{host}:443"} - {covered["@authority"]}:
        told = "without its port" if other == host else f"with port {other.partition(':')[2]}"
        here = "with one" if port else "without one"
        yield (
            "@authority",
            other,
            f"@authority was signed {told} and came here {here}: sign the Host field as it is sent",
        )
    query = covered["@query"].removeprefix("?")
    empty = "" if query else ", also when the query is absent"
    yield "@query", query, f"@query begins with its question mark{empty}"
    yield "@query", "", "@query was signed as empty; it is the question mark and all behind it"
    yield "@query", "?", "@query was signed without the query that was sent"
    decoded = unquote(query, errors="replace")
    if decoded.isascii():
        yield "@query", f"?{decoded}", "@query is signed as it is sent, with its percent-encoding"
    yield "@path", f"{covered['@path']}?{query}", "@path ends before the question mark"
    yield "@path", covered["@path"].rstrip("/"), "@path is signed as it is sent, with its last /"
    yield "@method", covered["@method"].lower(), "@method is signed in capitals, as it is sent"
    media_type = covered.get("content-type", "").partition(";")[0]
    if media_type:
        changed = "content-type was changed after signing: sign the field with all its parameters"
        yield "content-type", media_type, changed
        yield "content-type", f"{media_type}; charset=utf-8", changed
        yield "content-type", f"{media_type};charset=UTF-8", changed


def _raw(signature: bytes) -> tuple[bytes, bool]:
    """Give a signature as r||s, and whether it came as DER."""
    if len(signature) == SIGNATURE_SIZE or not signature or signature[0] != _DER_SEQUENCE:
        return signature, False
    try:
        numbers = decode_dss_signature(signature)
        halves = [one.to_bytes(SIGNATURE_SIZE // 2, "big") for one in numbers]
    except (ValueError, OverflowError):
        return signature, False
    return b"".join(halves), True


def _verifies(certificate: x509.Certificate, signature: bytes) -> _Signed:
    def verifies(base: bytes) -> bool:
        try:
            verify_es256(certificate, signature, base)
        except Refusal:
            return False
        return True

    return verifies
