"""Signed notes, checkpoints and cosignatures.

c2sp.org/signed-note v1.0.0, tlog-checkpoint v1.0.0 and tlog-cosignature v1.0.1, narrowed by
evidence-log 1.4: Ed25519 only, no extension lines, notes up to 64 KiB.
"""

import base64
import binascii
import hashlib
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from gateway.model.refusal import Refusal
from gateway.proof.merkle import EMPTY_ROOT, HASH_SIZE

LOG_KEY = 0x01
COSIGNER_KEY = 0x04
LARGEST_NOTE = 65_536
MOST_SIGNATURES = 64
KEY_ID_SIZE = 4
SIGNATURE_SIZE = 64
COSIGNATURE_SIZE = 8 + SIGNATURE_SIZE
DASH = "— "


class Signer(Protocol):
    """An Ed25519 private key with the name and type that its note lines carry."""

    @property
    def vkey(self) -> "VerifierKey":
        """Give the public half."""

    def sign(self, message: bytes) -> bytes:
        """Sign; gives 64 bytes."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key of a log (type 0x01) or cosigner (type 0x04): `name+hex(id)+base64(key)`."""

    name: str
    kind: int
    public: bytes

    @property
    def key_id(self) -> bytes:
        """Give SHA-256(name LF type key), first four bytes."""
        text = self.name.encode() + b"\n" + bytes([self.kind]) + self.public
        return hashlib.sha256(text).digest()[:KEY_ID_SIZE]

    def text(self) -> str:
        """Write the vkey line."""
        key = base64.b64encode(bytes([self.kind]) + self.public).decode()
        return f"{self.name}+{self.key_id.hex()}+{key}"


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One signature line: the key's name and id, and what follows the id."""

    name: str
    key_id: bytes
    signature: bytes

    def line(self) -> str:
        """Write `— name base64` with its line feed."""
        return f"{DASH}{self.name} {base64.b64encode(self.key_id + self.signature).decode()}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A note as read: its text (ends with LF) and all its signature lines, none verified yet."""

    text: str
    signatures: tuple[NoteSignature, ...]

    def data(self) -> bytes:
        """Write the note."""
        return (self.text + "\n" + "".join(one.line() for one in self.signatures)).encode()


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A tree head: the log's origin, its size in entries and its 32-byte root."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """Write the three lines."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


@dataclass(frozen=True, slots=True)
class Cosignature:
    """A verified cosignature: who, when (seconds since 1970), and its 76 bytes."""

    key: VerifierKey
    time: int
    line_bytes: bytes


def read_vkey(text: str) -> VerifierKey:
    """Read a vkey; refuses `log.malformed` unless name, id and key agree and the type is known."""
    parts = text.split("+", 2)
    try:
        name, key_id, key = parts
        raw = base64.b64decode(key, validate=True)
        found = VerifierKey(name, raw[0], raw[1:])
        good = bytes.fromhex(key_id) == found.key_id and len(found.public) == HASH_SIZE
    except (ValueError, IndexError, binascii.Error):
        raise _malformed("a key is name+id+base64", "vkey") from None
    if not good or found.kind not in {LOG_KEY, COSIGNER_KEY} or not _name_is_good(found.name):
        raise _malformed("the key id must be that of the name and the key", "vkey")
    return found


def read_note(data: bytes) -> Note:
    """Split a note at its last empty line; refuses `log.malformed`. Nothing is verified yet."""
    if len(data) > LARGEST_NOTE:
        raise _malformed("a note has at most 64 KiB", "note")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise _malformed("a note is UTF-8", "note") from None
    if any(ord(char) < 0x20 and char != "\n" for char in text):
        raise _malformed("a note holds no control characters but line feeds", "note")
    at = text.rfind("\n\n")
    if at < 0 or not text.endswith("\n"):
        raise _malformed("text and signatures are parted by an empty line", "note")
    lines = text[at + 2 : -1].split("\n")
    if len(lines) > MOST_SIGNATURES:
        raise _malformed("a note has at most 64 signatures", "note")
    return Note(text[: at + 1], tuple(_read_line(line) for line in lines))


def read_checkpoint(text: str) -> Checkpoint:
    """Read exactly three lines; an extension line or another spelling is `log.malformed`."""
    lines = text.split("\n")
    if len(lines) != 4 or lines[3] or not lines[0]:
        raise _malformed("a checkpoint has exactly origin, size and root", "checkpoint")
    origin, size, root = lines[:3]
    try:
        found = Checkpoint(origin, int(size), base64.b64decode(root, validate=True))
    except (ValueError, binascii.Error):
        raise _malformed("size is decimal and root is base64", "checkpoint") from None
    if found.text() != text or len(found.root) != HASH_SIZE or found.size < 0:
        raise _malformed("size has no leading zero and the root has 32 bytes", "checkpoint")
    if found.size == 0 and found.root != EMPTY_ROOT:
        raise _malformed("an empty log has the root of the empty tree", "checkpoint")
    return found


def sign_checkpoint(checkpoint: Checkpoint, *keys: Signer) -> Note:
    """Sign a tree head with the log's own keys (type 0x01), whose name is the origin.

    There are two while one follows the other: each line is good for who knows that key.
    """
    text = checkpoint.text()
    lines = [(one.vkey, one.sign(text.encode())) for one in keys]
    return Note(text, tuple(NoteSignature(key.name, key.key_id, one) for key, one in lines))


def cosign(note_text: str, key: Signer, *, time: int) -> NoteSignature:
    """Cosign a checkpoint's text at `time`, seconds since 1970 and not 0 (tlog-cosignature)."""
    if time <= 0:
        raise ValueError("a cosignature names its time")
    signature = struct.pack(">Q", time) + key.sign(_cosigned(time, note_text))
    return NoteSignature(key.vkey.name, key.vkey.key_id, signature)


def open_checkpoint(data: bytes, *keys: VerifierKey) -> tuple[Checkpoint, Note]:
    """Give the checkpoint once one of the log's own keys signed it under its own origin.

    Refuses `log.malformed`; `signature.wrong` for a known key whose signature fails;
    `signature.key-unknown` when the log's signature is not there.
    """
    note = read_note(data)
    if any(key.kind != LOG_KEY for key in keys):
        raise Refusal(
            "signature.key-role", step="verify", rule="a checkpoint is signed by a log key"
        )
    # Every key is tried: a known key's line that fails is refused beside one that holds.
    signers = [key for key in keys if verified_by(note, key)]
    if not signers:
        raise Refusal(
            "signature.key-unknown",
            step="verify",
            rule="the checkpoint must carry a signature of its own log's key",
            place="checkpoint",
        )
    checkpoint = read_checkpoint(note.text)
    if any(checkpoint.origin != key.name for key in signers):
        raise Refusal(
            "log.origin-unknown", step="verify", rule="the origin must be the log key's name"
        )
    return checkpoint, note


def verified_by(note: Note, key: VerifierKey) -> bool:
    """Tell whether the note carries a good signature of the log key.

    Refuses `signature.wrong` when it names that key and the signature fails (signed-note).
    """
    lines = [one for one in note.signatures if (one.name, one.key_id) == (key.name, key.key_id)]
    for one in lines:
        _check(key, one.signature, note.text.encode())
    return bool(lines)


def cosignatures(note: Note, keys: Iterable[VerifierKey]) -> list[Cosignature]:
    """Give the verified cosignatures by the given cosigner keys; unknown lines are passed over.

    Refuses `signature.wrong` when a known key's line fails.
    """
    by_id = {(key.name, key.key_id): key for key in keys if key.kind == COSIGNER_KEY}
    found: list[Cosignature] = []
    for one in note.signatures:
        key = by_id.get((one.name, one.key_id))
        if key is None:
            continue
        if len(one.signature) != COSIGNATURE_SIZE:
            raise _wrong_signature()
        time = int.from_bytes(one.signature[:8], "big")
        _check(key, one.signature[8:], _cosigned(time, note.text))
        found.append(Cosignature(key, time, one.key_id + one.signature))
    return found


def with_signatures(note: Note, more: Sequence[NoteSignature]) -> Note:
    """Give the note with further lines behind those it has; repeated lines once."""
    return Note(note.text, tuple(dict.fromkeys((*note.signatures, *more))))


def _cosigned(time: int, text: str) -> bytes:
    return f"cosignature/v1\ntime {time}\n{text}".encode()


def _check(key: VerifierKey, signature: bytes, message: bytes) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, message)
    except InvalidSignature:
        raise _wrong_signature() from None


def _wrong_signature() -> Refusal:
    return Refusal(
        "signature.wrong",
        step="verify",
        rule="a known key's signature on a note must verify",
        place="note",
    )


def read_signature_line(line: str) -> NoteSignature:
    """Read `— name base64` without its line feed; refuses `log.malformed`."""
    return _read_line(line)


def _read_line(line: str) -> NoteSignature:
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != DASH.strip() or not _name_is_good(parts[1]):
        raise _malformed("a signature line is dash, name, base64", "signature")
    try:
        raw = base64.b64decode(parts[2], validate=True)
    except (ValueError, binascii.Error):
        raise _malformed("a signature is base64", "signature") from None
    if len(raw) <= KEY_ID_SIZE:
        raise _malformed("a signature starts with its key id", "signature")
    return NoteSignature(parts[1], raw[:KEY_ID_SIZE], raw[KEY_ID_SIZE:])


def _name_is_good(name: str) -> bool:
    return bool(name) and "+" not in name and not any(char.isspace() for char in name)


def _malformed(rule: str, place: str) -> Refusal:
    return Refusal("log.malformed", step="verify", rule=rule, place=place)
