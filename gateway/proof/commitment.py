"""Salted commitments: one digest proves bytes to whoever holds the salt, and nobody else.

`C = SHA-256("lmx-commit/v1" 0x0A label 0x0A salt[32] SHA-256(octets))`, base64 (evidence-log 1.1).
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable

from gateway.model.refusal import Refusal

LABELS = frozenset({"json", "xml", "source", "sig", "enc", "out", "op", "note", "raw", "att"})
SALT_SIZE = 32


def commit(label: str, salt: bytes, octets: bytes) -> str:
    """Give the commitment to `octets` under a 32-byte salt, as 44 characters of base64.

    ValueError for an unknown label or a salt of another size: both are programming errors.
    """
    return commit_digest(label, salt, hashlib.sha256(octets).digest())


def commit_stream(label: str, salt: bytes, pieces: Iterable[bytes]) -> str:
    """Give the commitment to octets that come in pieces. ValueError as `commit`."""
    digest = hashlib.sha256()
    for one in pieces:
        digest.update(one)
    return commit_digest(label, salt, digest.digest())


def commit_digest(label: str, salt: bytes, inner: bytes) -> str:
    """Give the commitment to octets of this SHA-256 digest. ValueError as `commit`."""
    if label not in LABELS:
        raise ValueError("unknown commitment label")
    if len(salt) != SALT_SIZE:
        raise ValueError("a salt has 32 bytes")
    text = b"lmx-commit/v1\n" + label.encode("ascii") + b"\n" + salt + inner
    return base64.b64encode(hashlib.sha256(text).digest()).decode("ascii")


def open_commitment(commitment: str, label: str, salt: str, octets: bytes) -> bytes:
    """Give back `octets` once the base64 salt opens the commitment to them.

    Refuses `commitment.wrong` with the label as place.
    """
    try:
        raw_salt = base64.b64decode(salt, validate=True)
        found = commit(label, raw_salt, octets)
    except (binascii.Error, ValueError):
        found = ""
    if not hmac.compare_digest(found, commitment):
        raise Refusal(
            "commitment.wrong",
            step="verify",
            rule="the bytes and their salt must give the commitment in the header",
            place=label,
        )
    return octets
