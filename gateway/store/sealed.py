"""Personal bytes at rest: AES-256-GCM, one key a record, wrapped by its day's key.

evidence-log section 5: the associated data binds the header digest and the exchange id, so a row
moved to another record does not open.
"""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from gateway.proof.canonical import canonical_json
from gateway.store.day_keys import KEY_SIZE, DayKeys
from gateway.store.packing import CONTENTS, PackedError, pack, unpack

NONCE_SIZE = 12
# A key wrapped by RFC 3394. Before it stands one byte where the bytes were packed and then sealed.
WRAPPED_SIZE = KEY_SIZE + 8
_PACKED = b"\x01"


class ErasedError(Exception):
    """The day key is gone: these bytes were erased and cannot be read again."""


class AlteredError(Exception):
    """The stored bytes are not those that were sealed for this record."""


class Binding(NamedTuple):
    """What a sealed row belongs to: corridor or `home`, erase-by day, header digest, exchange."""

    corridor: str
    erase_by: date
    header_sha256: str
    exchange_id: str

    def associated(self) -> bytes:
        """Give the associated data: canonical JSON of `{hdr, x}`."""
        return canonical_json({"hdr": self.header_sha256, "x": self.exchange_id})


class SealedBytes(NamedTuple):
    """What is stored: the record's wrapped key, and nonce and ciphertext together."""

    wrapped_key: bytes
    octets: bytes


def seal_bytes(plain: bytes, binding: Binding, keys: DayKeys) -> SealedBytes:
    """Seal bytes under a fresh key of their own."""
    return seal_parts({"": plain}, binding, keys)[""]


def seal_parts(
    parts: Mapping[str, bytes], binding: Binding, keys: DayKeys
) -> dict[str, SealedBytes]:
    """Seal all parts of one record under one fresh key (DESIGN section 3), each with its nonce."""
    own, associated = keys.entropy(KEY_SIZE), binding.associated()
    wrapped = aes_key_wrap(keys.key(binding.corridor, binding.erase_by), own)
    if keys.store.packs:
        wrapped, parts = (
            _PACKED + wrapped,
            {name: pack(one, CONTENTS) for name, one in parts.items()},
        )
    cipher, found = AESGCM(own), {}
    for name, plain in parts.items():
        nonce = keys.entropy(NONCE_SIZE)
        found[name] = SealedBytes(wrapped, nonce + cipher.encrypt(nonce, plain, associated))
    return found


def open_bytes(sealed: SealedBytes, binding: Binding, keys: DayKeys) -> bytes:
    """Give the bytes back. ErasedError once the day's key is gone; AlteredError otherwise."""
    day = keys.known(binding.corridor, binding.erase_by)
    if day is None:
        raise ErasedError(binding.exchange_id)
    try:
        packed = len(sealed.wrapped_key) > WRAPPED_SIZE
        own = aes_key_unwrap(day, sealed.wrapped_key[-WRAPPED_SIZE:])
        nonce, ciphertext = sealed.octets[:NONCE_SIZE], sealed.octets[NONCE_SIZE:]
        plain = AESGCM(own).decrypt(nonce, ciphertext, binding.associated())
        return unpack(plain) if packed else plain
    except (InvalidUnwrap, InvalidTag, PackedError, ValueError):
        raise AlteredError(binding.exchange_id) from None
