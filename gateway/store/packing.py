"""Stored bytes are packed: Zstandard (RFC 8878) with a dictionary that is part of the program.

What was signed comes back octet for octet. The octets of a compact JWS inside are taken out of its
base64url first, where encoding them again gives the same, so that its text can be found in the
dictionary. A packed value begins with the number of its dictionary; what was stored before packing
begins with no control character, and is given as it is. A dictionary is never changed: a better one
gets the next number.
"""

import re
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache
from pathlib import Path

import zstandard

from gateway.proof import base64url
from gateway.store.turns import Turn

# The dictionaries: for evidence, and for what records and their native files say.
EVIDENCE, CONTENTS = 1, 2
# The step after deploy from which on that is so.
PACKED_FROM = "0019"
# No row holds more; a damaged row must not take the memory either.
LARGEST = 256 * 1024 * 1024
_LEVEL = 1
_FORMAT = zstandard.FORMAT_ZSTD1_MAGICLESS
_TOKEN = re.compile(rb"(eyJ[\w-]+)\.([\w-]+)\.([\w-]{86})(?![\w-])", re.ASCII)
_FIRST_PRINTED = 0x20
_SIGNATURE = 86
_SMALL = [bytes((one,)) for one in range(128)]


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


def pack_for(turn: Turn, octets: bytes) -> bytes:
    """Pack evidence that a turn stores, once no node is left that could not read it."""
    return pack(octets) if turn.packs else octets


def pack(octets: bytes, dictionary: int = EVIDENCE) -> bytes:
    """Give the packed form."""
    return bytes((dictionary,)) + _tools(dictionary).compress(spread(octets))


def is_packed(stored: bytes) -> bool:
    """Tell a packed value from what was stored before packing: texts, whose bytes are printed."""
    return bool(stored) and stored[0] < _FIRST_PRINTED


def unpack(stored: bytes) -> bytes:
    """Give what was packed; what was not is given as it is. PackedError when it is damaged."""
    return b"".join(_gathered(stored)[0]) if is_packed(stored) else stored


def unpack_token(stored: bytes) -> tuple[bytes, str]:
    """Give the payload and the text of one packed JWS. PackedError when it is not one."""
    pieces, payloads = _gathered(stored)
    if len(payloads) != 1:
        raise PackedError("a packed value is not a token")
    return payloads[0], b"".join(pieces).decode("ascii")


def _gathered(stored: bytes) -> tuple[list[bytes], list[bytes]]:
    """Give the pieces of what was packed, and the payloads of the tokens in it."""
    if stored[0] not in (EVIDENCE, CONTENTS):
        raise PackedError(f"dictionary {stored[0]} is not one of this release")
    try:
        found = _tools(stored[0]).decompress(stored[1:], max_output_size=LARGEST)
        return _gather(found)
    except (zstandard.ZstdError, IndexError, MemoryError, ValueError) as error:
        raise PackedError("a packed value is damaged") from error


def spread(octets: bytes) -> bytes:
    """Write `text, header, payload, signature` of each token, lengths first, and what is left."""
    pieces: list[bytes] = []
    at = 0
    for start, end, parts in _tokens(octets):
        try:
            first, payload, signature = parts
            found = (
                octets[at:start],
                _header(first),
                base64url.decode(payload),
                base64url.decode(signature),
            )
        except ValueError:
            continue
        for one in found:
            pieces += (_number(len(one)), one)
        at = end
    return b"".join((_number(len(pieces) // 8), *pieces, octets[at:]))


def _tokens(octets: bytes) -> Iterator[tuple[int, int, Sequence[bytes]]]:
    """Give begin, end and the three parts of each compact JWS with a signature of 64 octets."""
    if octets.startswith(b"eyJ"):
        # Most values are one token. Searching for it takes longer than all the rest.
        parts = octets.split(b".")
        if len(parts) == 3 and parts[1] and len(parts[2]) == _SIGNATURE:
            yield 0, len(octets), parts
            return
    if b"eyJ" in octets:
        for found in _TOKEN.finditer(octets):
            yield found.start(), found.end(), found.groups()


def _gather(octets: bytes) -> tuple[list[bytes], list[bytes]]:
    count, at = _read_number(octets, 0)
    pieces, payloads = [], []
    for _ in range(count):
        parts = []
        for _ in range(4):
            size, at = _read_number(octets, at)
            parts.append(octets[at : at + size])
            at += size
        text, header, payload, signature = parts
        token = _first(header), base64url.encode(payload), base64url.encode(signature)
        pieces += [text, b".".join(token)]
        payloads.append(payload)
    return [*pieces, octets[at:]], payloads


# The tokens that one key makes in one second have the same header.
_header: Callable[[bytes], bytes] = lru_cache(maxsize=64)(base64url.decode)
_first: Callable[[bytes], bytes] = lru_cache(maxsize=64)(base64url.encode)


def _number(value: int) -> bytes:
    if value < 0x80:
        return _SMALL[value]
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
