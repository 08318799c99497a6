"""Stored bytes are packed: Zstandard (RFC 8878) with a dictionary that is part of the program.

What was signed comes back octet for octet. The octets of a compact JWS inside are taken out of its
base64url first, where encoding them again gives the same, so that its text can be found in the
dictionary. A packed value begins with the number of its dictionary; what was stored before packing
begins with no control character, and is given as it is. A dictionary is never changed: a better one
gets the next number.
"""

import re
import threading
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from functools import cache
from pathlib import Path

import zstandard
from sqlalchemy import Connection

# The dictionaries: for evidence, and for what records and their native files say.
EVIDENCE, CONTENTS = 1, 2
# The option of a connection on which rows may be packed: each node there can read them.
PACKS = "lmx_packs"
# The step after deploy from which on that is so.
PACKED_FROM = "0019"
# No row holds more; a damaged row must not take the memory either.
LARGEST = 256 * 1024 * 1024
_LEVEL = 1
_FORMAT = zstandard.FORMAT_ZSTD1_MAGICLESS
_TOKEN = re.compile(rb"(eyJ[\w-]+)\.([\w-]+)\.([\w-]{86})(?![\w-])", re.ASCII)
_FIRST_PRINTED = 0x20


class PackedError(Exception):
    """A stored value cannot be unpacked: it is damaged, or of a newer release."""


class _Tools(threading.local):
    """What packs and unpacks with one dictionary: the library's objects serve one thread each."""

    def __init__(self, number: int) -> None:
        file = Path(__file__).with_name(f"packing_{number}.dict")
        known = zstandard.ZstdCompressionDict(file.read_bytes())
        known.precompute_compress(level=_LEVEL)
        settings = zstandard.ZstdCompressionParameters.from_level(
            _LEVEL, format=_FORMAT, write_content_size=True, write_dict_id=False
        )
        made = zstandard.ZstdCompressor(dict_data=known, compression_params=settings)
        self.compress: Callable[[bytes], bytes] = made.compress
        self.decompress = zstandard.ZstdDecompressor(dict_data=known, format=_FORMAT).decompress


@cache
def _tools(number: int) -> _Tools:
    return _Tools(number)


def pack_for(turn: Connection, octets: bytes) -> bytes:
    """Pack evidence that a turn stores, once no node is left that could not read it."""
    return pack(octets) if turn.get_execution_options().get(PACKS) else octets


def pack(octets: bytes, dictionary: int = EVIDENCE) -> bytes:
    """Give the packed form."""
    return bytes((dictionary,)) + _tools(dictionary).compress(spread(octets))


def is_packed(stored: bytes) -> bool:
    """Tell a packed value from what was stored before packing: texts, whose bytes are printed."""
    return bool(stored) and stored[0] < _FIRST_PRINTED


def unpack(stored: bytes) -> bytes:
    """Give what was packed; what was not is given as it is. PackedError when it is damaged."""
    if not is_packed(stored):
        return stored
    if stored[0] not in (EVIDENCE, CONTENTS):
        raise PackedError(f"dictionary {stored[0]} is not one of this release")
    try:
        found = _tools(stored[0]).decompress(stored[1:], max_output_size=LARGEST)
        return _gather(found)
    except (zstandard.ZstdError, IndexError, ValueError) as error:
        raise PackedError("a packed value is damaged") from error


def spread(octets: bytes) -> bytes:
    """Write `text, header, payload, signature` of each token, lengths first, and what is left."""
    pieces, at = [b""], 0
    for found in _TOKEN.finditer(octets) if b"eyJ" in octets else ():
        parts = [_decoded(one) for one in found.groups()]
        if None not in parts:
            pieces += [_sized(one or b"") for one in (octets[at : found.start()], *parts)]
            at = found.end()
    pieces[0] = _number(len(pieces) // 4)
    return b"".join((*pieces, octets[at:]))


def _gather(octets: bytes) -> bytes:
    count, at = _read_number(octets, 0)
    pieces = []
    for _ in range(count):
        parts = []
        for _ in range(4):
            size, at = _read_number(octets, at)
            parts.append(octets[at : at + size])
            at += size
        token = b".".join(_encoded(one) for one in parts[1:])
        pieces += [parts[0], token]
    return b"".join((*pieces, octets[at:]))


def _decoded(text: bytes) -> bytes | None:
    """Decode base64url without padding, None if encoding gives another spelling."""
    try:
        found = urlsafe_b64decode(text + b"=" * (-len(text) % 4))
    except ValueError:
        return None
    return found if _encoded(found) == text else None


def _encoded(octets: bytes) -> bytes:
    return urlsafe_b64encode(octets).rstrip(b"=")


def _sized(octets: bytes) -> bytes:
    return _number(len(octets)) + octets


def _number(value: int) -> bytes:
    found = bytearray()
    while value >= 0x80:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*found, value))


def _read_number(octets: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while octets[at] >= 0x80:
        value, shift, at = value | (octets[at] & 0x7F) << shift, shift + 7, at + 1
    return value | octets[at] << shift, at + 1
