"""Checkpoints and cosignatures: the known answer of evidence-log 1.4, and what is refused."""

import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway.model.refusal import Refusal
from gateway.proof import merkle, note


class SeedKey:
    """A log or cosigner key of a fixed seed."""

    def __init__(self, name: str, kind: int, seed: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.vkey = note.VerifierKey(name, kind, self._key.public_key().public_bytes_raw())

    def sign(self, message: bytes) -> bytes:
        return self._key.sign(message)


LOG = SeedKey("gw.kz.example/log/kz-uz", note.LOG_KEY, bytes(range(0x20)))
WITNESS = SeedKey("gw.uz.example/witness", note.COSIGNER_KEY, bytes(range(0x20, 0x40)))
FIRST = b'{"log":"gw.kz.example/log/kz-uz","t":"A.1","v":1,"x":"KZ-UZ/1"}'
ENTRIES = [FIRST, *(f"entry-{i}".encode() for i in range(1, 5))]


def known_note() -> note.Note:
    root = merkle.root_of([merkle.leaf_hash(one) for one in ENTRIES])
    signed = note.sign_checkpoint(note.Checkpoint(LOG.vkey.name, 5, root), LOG)
    return note.with_signatures(signed, [note.cosign(signed.text, WITNESS, time=1790000000)])


def test_the_known_note_is_reproduced_byte_for_byte() -> None:
    assert hashlib.sha256(known_note().data()).hexdigest() == (
        "78f8c7153c0be1f99048ad270860a60180f2d3608011256de7b12ff1b3f8033b"
    )


def test_the_known_keys_are_written_as_published() -> None:
    assert [LOG.vkey.text(), WITNESS.vkey.text()] == [
        "gw.kz.example/log/kz-uz+60f7ca91+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
        "gw.uz.example/witness+14612361+BCmsuuFBvMrwsi4alNNNC8c2HlJtC/4SyJeUvJMilm3X",
    ]


def test_a_vkey_reads_back() -> None:
    assert note.read_vkey(LOG.vkey.text()) == LOG.vkey


def test_a_checkpoint_opens_with_its_logs_key() -> None:
    checkpoint, _ = note.open_checkpoint(known_note().data(), LOG.vkey)
    assert checkpoint.size == 5


def test_the_cosignature_is_verified_with_its_time() -> None:
    found = note.cosignatures(note.read_note(known_note().data()), [WITNESS.vkey])
    assert [(one.key, one.time) for one in found] == [(WITNESS.vkey, 1790000000)]


def test_an_altered_cosignature_time_is_refused() -> None:
    made = known_note()
    line = made.signatures[1]
    forged = note.NoteSignature(line.name, line.key_id, b"\x00" * 8 + line.signature[8:])
    with pytest.raises(Refusal, match=r"signature\.wrong"):
        note.cosignatures(note.Note(made.text, (made.signatures[0], forged)), [WITNESS.vkey])


def test_a_raised_size_is_refused() -> None:
    data = known_note().data().replace(b"\n5\n", b"\n6\n")
    with pytest.raises(Refusal, match=r"signature\.wrong"):
        note.open_checkpoint(data, LOG.vkey)


def test_a_cosignature_key_never_signs_as_a_log() -> None:
    with pytest.raises(Refusal, match=r"signature\.key-role"):
        note.open_checkpoint(known_note().data(), WITNESS.vkey)


def test_a_checkpoint_of_another_log_is_refused() -> None:
    other = SeedKey("gw.kz.example/log/kz-kg", note.LOG_KEY, bytes(range(0x20)))
    with pytest.raises(Refusal, match=r"signature\.key-unknown"):
        note.open_checkpoint(known_note().data(), other.vkey)


@pytest.mark.parametrize(
    "text",
    [
        "o\n05\n" + "A" * 43 + "=\n",
        "o\n5\n" + "A" * 43 + "=\nextension\n",
        "o\n5\nAAAA\n",
        "o\n-1\n" + "A" * 43 + "=\n",
        "o\n0\n" + "A" * 43 + "=\n",
    ],
    ids=["leading zero", "extension line", "short root", "negative size", "empty log with a root"],
)
def test_a_misspelt_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(Refusal, match=r"log\.malformed"):
        note.read_checkpoint(text)
