"""Identifiers from a given time and given randomness (RFC 9562)."""

import uuid
from datetime import datetime

from gateway.model.effects import Entropy


def exchange_id(at: datetime, entropy: Entropy) -> str:
    """Make a UUIDv7: 48 bits of milliseconds, then 74 random bits (RFC 9562 section 5.7)."""
    milliseconds = int(at.timestamp() * 1000)
    raw = bytearray(milliseconds.to_bytes(6, "big") + entropy(10))
    raw[6] = 0x70 | raw[6] & 0x0F
    raw[8] = 0x80 | raw[8] & 0x3F
    return str(uuid.UUID(bytes=bytes(raw)))


def random_id(entropy: Entropy) -> str:
    """Make a UUIDv4 (RFC 9562 section 5.4)."""
    return str(uuid.UUID(bytes=entropy(16), version=4))
