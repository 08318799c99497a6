"""Submissions, spent nonces, and the records an authority has sent before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import (
    BindParameter,
    Connection,
    RowMapping,
    bindparam,
    delete,
    insert,
    select,
    true,
    tuple_,
    update,
)

from gateway.store.once import put_once
from gateway.store.packing import pack_for, unpack
from gateway.store.scope import Scope, Whole
from gateway.store.tables import KNOWN_RECORD, NONCE, SEQUENCE, SUBMISSION

_SEQUENCE = select(SEQUENCE).where(SEQUENCE.c.name == bindparam("name"))
_NEXT = (
    update(SEQUENCE)
    .where(SEQUENCE.c.name == bindparam("b_name"))
    .values(seq=bindparam("seq"), prev=bindparam("prev"))
)
_FIRST = insert(SEQUENCE)
_HMACS: BindParameter[bytes] = bindparam("hmacs", expanding=True)
_KNOWN = select(KNOWN_RECORD).where(KNOWN_RECORD.c.hmac.in_(_HMACS))
# How many numbers one statement names at the most.
MOST_NAMED = 500
_FIRST_KNOWN = insert(KNOWN_RECORD)
_NEXT_KNOWN = (
    update(KNOWN_RECORD)
    .where(
        KNOWN_RECORD.c.hmac == bindparam("b_hmac"), KNOWN_RECORD.c.version == bindparam("before")
    )
    .values({one: bindparam(f"b_{one}") for one in ("record_id", "version", "x", "hdr")})
)
_BY_KEY = select(SUBMISSION).where(
    SUBMISSION.c.submitter == bindparam("submitter"),
    SUBMISSION.c.idempotency == bindparam("idempotency"),
)
_NEW_SUBMISSION = insert(SUBMISSION)
# Delete old nonces, but for those that another node is deleting now: its commit is not waited for.
_OLD = select(NONCE.c.keyid, NONCE.c.nonce).where(NONCE.c.created < bindparam("oldest"))
_FORGET = delete(NONCE).where(
    tuple_(NONCE.c.keyid, NONCE.c.nonce).in_(_OLD.with_for_update(skip_locked=True))
)


@dataclass(frozen=True, slots=True)
class SubmissionRow:
    """A submission as answered: who sent it, the answer's bytes, and why it was refused if so."""

    id: str
    submitter: str
    idempotency: str
    body_hmac: bytes
    authority: str
    recipient: str
    at: str
    status: int
    answer: bytes
    refusal: str


@dataclass(frozen=True, slots=True)
class KnownRecord:
    """The last version of a record that was sent: its pseudonym and the exchange that took it."""

    record_id: str
    version: int
    x: str
    hdr: str


@dataclass(frozen=True, slots=True)
class SequenceRow:
    """The last `seq` of a direction and the leaf hash of its entry."""

    seq: int
    prev: str


def spend_nonce(turn: Connection, keyid: str, nonce: str, created: int, oldest: int) -> bool:
    """Remember a nonce; False when it was spent. Those created before `oldest` are forgotten."""
    turn.execute(_FORGET, {"oldest": oldest})
    row = {"keyid": keyid, "nonce": nonce, "created": created}
    return put_once(turn, NONCE, row) == 1


def put_submission(turn: Connection, row: SubmissionRow) -> None:
    """Store an answered submission; IntegrityError when its idempotency key is taken."""
    values = {one: getattr(row, one) for one in row.__slots__}
    turn.execute(_NEW_SUBMISSION, {**values, "answer": pack_for(turn, row.answer)})


def submission_by_key(turn: Connection, submitter: str, idempotency: str) -> SubmissionRow | None:
    """Give the submission that came with an idempotency key."""
    named = {"submitter": submitter, "idempotency": idempotency}
    row = turn.execute(_BY_KEY, named).mappings().one_or_none()
    return None if row is None else _submission_row(row)


def submission(turn: Connection, name: str, scope: Scope) -> SubmissionRow | None:
    """Give a submission by its id; of an authority, those of all its submitters."""
    own = true() if isinstance(scope, Whole) else SUBMISSION.c.authority == scope.authority
    return _one(turn, SUBMISSION.c.id == name, own)


def refused(turn: Connection, before: str, limit: int) -> list[SubmissionRow]:
    """Give submissions with refusals, newest first, with ids below `before` if given."""
    wanted = select(SUBMISSION).where(SUBMISSION.c.refusal != "")
    if before:
        wanted = wanted.where(SUBMISSION.c.id < before)
    rows = turn.execute(wanted.order_by(SUBMISSION.c.id.desc()).limit(limit))
    return [_submission_row(one) for one in rows.mappings()]


def known_record(turn: Connection, hmac: bytes) -> KnownRecord | None:
    """Give what was last sent under a record's number."""
    return known_records(turn, [hmac]).get(hmac)


def known_records(turn: Connection, hmacs: Sequence[bytes]) -> dict[bytes, KnownRecord]:
    """Give what was last sent under each record number that was sent before."""
    found = {}
    for at in range(0, len(hmacs), MOST_NAMED):
        for row in turn.execute(_KNOWN, {"hmacs": hmacs[at : at + MOST_NAMED]}):
            found[bytes(row.hmac)] = KnownRecord(row.record_id, row.version, row.x, row.hdr)
    return found


def put_known_records(turn: Connection, rows: Sequence[tuple[bytes, KnownRecord]]) -> None:
    """Remember the versions that are sent now; TakenError when one was sent meanwhile."""
    # The first versions go in together; a later one replaces the one before it, and no other.
    turn_over = [one for one in rows if one[1].version > 1]
    first = [_known_values(*one) for one in rows if one[1].version == 1]
    if first:
        turn.execute(_FIRST_KNOWN, first)
    for hmac, new in turn_over:
        values = {f"b_{name}": one for name, one in _known_values(hmac, new).items()}
        if turn.execute(_NEXT_KNOWN, {**values, "before": new.version - 1}).rowcount == 0:
            turn.execute(_FIRST_KNOWN, _known_values(hmac, new))


def sequence(turn: Connection, name: str) -> SequenceRow | None:
    """Give the last number of a direction (`KZ>UZ`), or of a log the time of its last entry."""
    row = turn.execute(_SEQUENCE, {"name": name}).one_or_none()
    return None if row is None else SequenceRow(row.seq, row.prev)


def put_sequences(turn: Connection, new: Mapping[str, SequenceRow]) -> None:
    """Remember the last number of each direction, and the last time."""
    for name, one in new.items():
        values = {"seq": one.seq, "prev": one.prev}
        if turn.execute(_NEXT, {"b_name": name, **values}).rowcount == 0:
            turn.execute(_FIRST, {"name": name, **values})


def _one(turn: Connection, *where: object) -> SubmissionRow | None:
    row = turn.execute(select(SUBMISSION).where(*where)).mappings().one_or_none()  # type: ignore[arg-type]
    return None if row is None else _submission_row(row)


def _submission_row(row: RowMapping) -> SubmissionRow:
    return SubmissionRow(**{**row, "answer": unpack(bytes(row["answer"]))})


def _known_values(hmac: bytes, new: KnownRecord) -> dict[str, object]:
    known = {"record_id": new.record_id, "version": new.version, "x": new.x, "hdr": new.hdr}
    return {"hmac": hmac, **known}
