"""Identifiers from a given time and given randomness (RFC 9562)."""

from datetime import datetime

from gateway.model.effects import Entropy


def exchange_id(at: datetime, entropy: Entropy) -> str:
    """Make a UUIDv7: 48 bits of milliseconds, then 74 random bits (RFC 9562 section 5.7)."""
    milliseconds = int(at.timestamp() * 1000)
    raw = bytearray(milliseconds.to_bytes(6, "big") + entropy(10))
    return _written(raw, 0x70)


def random_id(entropy: Entropy) -> str:
    """Make a UUIDv4 (RFC 9562 section 5.4)."""
    return _written(bytearray(entropy(16)), 0x40)


def _written(raw: bytearray, version: int) -> str:
    raw[6] = version | raw[6] & 0x0F
    raw[8] = 0x80 | raw[8] & 0x3F
    text = raw.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
