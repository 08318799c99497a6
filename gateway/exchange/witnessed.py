"""Publish our logs and have partners cosign them (the client side of tlog-witness)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from gateway.delivery.link import Link, UnreachableError
from gateway.exchange.circuit import note_answer, note_failure, room_for
from gateway.exchange.office import Office
from gateway.model.refusal import Refusal
from gateway.proof import note
from gateway.proof.note import VerifierKey
from gateway.store.connection import Store
from gateway.store.witness_rows import Witnessed, last_witnessed, put_witnessed
from gateway.transparency.append import publish
from gateway.transparency.proofs import prove_growth
from gateway.transparency.witness import request_body

_TEXT = "text/plain"
Keys = Sequence[VerifierKey]
_ATTEMPTS = 2
_SIZE = re.compile(rb"[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class Cosigned:
    """What a round of one log came to: its size, and why it is not cosigned if so.

    asked: False when the partner was not asked, since it does not answer these minutes.
    """

    log: str
    size: int
    failure: str = ""
    asked: bool = True


def publish_and_cosign(office: Office, log: str, link: Link, partner: str) -> Cosigned:
    """Sign a checkpoint over all entries and get the partner's cosignature on it.

    The newest cosigned checkpoint of our log is kept apart from the head, since bundles need one.
    """
    head = publish(office.store, log, *office.keys.log_keys(log, office.clock()))
    if head is None:
        return Cosigned(log, 0)
    with office.store.read() as turn:
        last = last_witnessed(turn, log)
    if last is not None and last.size == head.size:
        return Cosigned(log, head.size)
    witness = office.trust.directory(partner).witness_keys_at(office.clock())
    if not room_for(office, partner, 1):
        return Cosigned(log, head.size, "the partner is asked again later", asked=False)
    try:
        found = _ask(office.store, log, link, witness, last.size if last else 0)
    except Refusal as refusal:
        return Cosigned(log, head.size, str(refusal))
    except UnreachableError as error:
        note_failure(office, partner, str(error))
        return Cosigned(log, head.size, str(error))
    note_answer(office, partner)
    return found


def _ask(store: Store, log: str, link: Link, witness: Keys, old: int) -> Cosigned:
    size, failure = old, ""
    for _ in range(_ATTEMPTS):
        grown = prove_growth(store, log, size)
        if grown is None:
            return Cosigned(log, size, "the partner has seen a larger log than is stored here")
        hashes, octets = grown
        reply = link.post("/peer/v1/add-checkpoint", request_body(size, hashes, octets), _TEXT)
        if reply.status == 200:
            return keep_cosigned(store, log, octets, reply.body, witness)
        failure = f"add-checkpoint answered {reply.status}"
        if reply.status != 409:
            break
        # The partner says from which size it wants the proof.
        told = reply.body.strip()
        if not _SIZE.fullmatch(told):
            return Cosigned(log, size, "add-checkpoint answered 409 without a size")
        size = int(told)
    return Cosigned(log, size, failure)


def keep_cosigned(store: Store, log: str, octets: bytes, lines: bytes, witness: Keys) -> Cosigned:
    """Store the partner's cosignature lines on a checkpoint of ours, when they verify."""
    read = note.read_note(octets)
    try:
        texts = lines.decode("utf-8").splitlines()
    except UnicodeDecodeError:
        return Cosigned(log, 0, "the answer is no text")
    found = [note.read_signature_line(one) for one in texts if one]
    cosigned = note.with_signatures(read, found)
    if not note.cosignatures(cosigned, witness):
        return Cosigned(log, 0, "the answer carries no cosignature of the partner's witness")
    checkpoint = note.read_checkpoint(cosigned.text)
    with store.write(log) as turn:
        last = last_witnessed(turn, log)
        if last is None or last.size < checkpoint.size:
            new = Witnessed(checkpoint.size, checkpoint.root, cosigned.data())
            put_witnessed(turn, log, new)
    return Cosigned(log, checkpoint.size)
