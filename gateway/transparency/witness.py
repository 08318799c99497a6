"""Cosign a partner's checkpoint (c2sp.org/tlog-witness v1.0.0, evidence-log 2.1).

The new state is durable before the cosignature leaves; compare and store are one transaction.
"""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from gateway.model.refusal import Refusal
from gateway.proof import merkle, note
from gateway.proof.keys import NoteKey
from gateway.proof.note import VerifierKey
from gateway.store.connection import Store
from gateway.store.witness_rows import Witnessed, last_witnessed, put_witnessed

MOST_LINES = 80
LONGEST_LINE = 4096
# tlog-witness: a known log whose signature fails, or is not there, is 403.
_STATUS = {"log.malformed": 400, "log.origin-unknown": 404, "log.proof-wrong": 422}


@dataclass(frozen=True, slots=True)
class WitnessAnswer:
    """What the wire gets: a status of tlog-witness and its body."""

    status: int
    body: str


@dataclass(frozen=True, slots=True)
class _Asked:
    old: int
    proof: tuple[bytes, ...]
    note: bytes


def request_body(old: int, proof: Sequence[bytes], checkpoint_note: bytes) -> bytes:
    """Write an add-checkpoint request from the size the witness last cosigned."""
    lines = [f"old {old}", *(base64.b64encode(one).decode() for one in proof), ""]
    return "\n".join(lines).encode() + b"\n" + checkpoint_note


def add_checkpoint(
    body: bytes,
    store: Store,
    keys: Sequence[VerifierKey],
    witness: Sequence[NoteKey],
    *,
    at: datetime,
) -> WitnessAnswer:
    """Judge one add-checkpoint request; keys: those that the logs we witness sign with now.

    witness: those that we cosign with now, a line each.
    """
    try:
        asked = _read(body)
        checkpoint, read = _open(asked, keys)
        with store.write(checkpoint.origin) as connection:
            last = last_witnessed(connection, checkpoint.origin)
            size = last.size if last else 0
            if asked.old != size:
                # The body is the size alone, so that the client can try again from there.
                return WitnessAnswer(409, f"{size}\n")
            _require_growth(last, asked, checkpoint)
            time = int(at.timestamp())
            lines = [note.cosign(read.text, one, time=time) for one in witness]
            cosigned = note.with_signatures(read, lines)
            new = Witnessed(checkpoint.size, checkpoint.root, cosigned.data())
            put_witnessed(connection, checkpoint.origin, new)
    except Refusal as refusal:
        return WitnessAnswer(_STATUS.get(refusal.code, 403), f"{refusal.rule}\n")
    return WitnessAnswer(200, "".join(one.line() for one in lines))


def _open(asked: _Asked, keys: Sequence[VerifierKey]) -> tuple[note.Checkpoint, note.Note]:
    origin = note.read_note(asked.note).text.split("\n", 1)[0]
    own = [one for one in keys if one.name == origin]
    if not own:
        raise Refusal(
            "log.origin-unknown", step="witness", rule="this witness does not know the log"
        )
    checkpoint, read = note.open_checkpoint(asked.note, *own)
    if asked.old > checkpoint.size:
        raise _malformed()
    return checkpoint, read


def _require_growth(last: Witnessed | None, asked: _Asked, checkpoint: note.Checkpoint) -> None:
    if last is None or last.size == 0:
        if asked.proof:
            raise Refusal("log.proof-wrong", step="witness", rule="from size 0 there is no proof")
        return
    merkle.verify_consistency(last.size, checkpoint.size, last.root, checkpoint.root, asked.proof)


def _read(body: bytes) -> _Asked:
    head, mark, checkpoint = body.partition(b"\n\n")
    lines = head.split(b"\n")
    long = any(len(one) > LONGEST_LINE for one in body.split(b"\n"))
    if not mark or long or len(lines) > merkle.LONGEST_PROOF + 1 or body.count(b"\n") > MOST_LINES:
        raise _malformed()
    try:
        old = int(lines[0].removeprefix(b"old "))
        proof = tuple(base64.b64decode(one, validate=True) for one in lines[1:])
    except (ValueError, binascii.Error):
        raise _malformed() from None
    if lines[0] != b"old %d" % old or old < 0:
        raise _malformed()
    return _Asked(old, proof, checkpoint)


def _malformed() -> Refusal:
    return Refusal("log.malformed", step="witness", rule="the request cannot be read")
