"""Salted commitments: one digest proves bytes to whoever holds the salt, and nobody else.

`C = SHA-256("lmx-commit/v1" 0x0A label 0x0A salt[32] SHA-256(octets))`, base64 (evidence-log 1.1).
"""

import base64
import binascii
import hashlib
import hmac

from gateway.model.refusal import Refusal

LABELS = frozenset({"json", "xml", "source", "sig", "enc", "out", "op", "note", "raw"})
SALT_SIZE = 32


def commit(label: str, salt: bytes, octets: bytes) -> str:
    """Give the commitment to `octets` under a 32-byte salt, as 44 characters of base64.

    ValueError for an unknown label or a salt of another size: both are programming errors.
    """
    if label not in LABELS:
        raise ValueError("unknown commitment label")
    if len(salt) != SALT_SIZE:
        raise ValueError("a salt has 32 bytes")
    inner = hashlib.sha256(octets).digest()
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
