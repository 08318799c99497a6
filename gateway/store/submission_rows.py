"""Submissions, spent nonces, and the records an authority has sent before."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete, select, tuple_, update

from gateway.store.once import put_once
from gateway.store.packing import pack_for, unpack
from gateway.store.prepared import (
    Statement,
    columns,
    insert,
    members,
    one_of,
    upsert,
    values,
)
from gateway.store.scope import Scope, Whole
from gateway.store.tables import KNOWN_RECORD, NONCE, SEQUENCE, SUBMISSION
from gateway.store.turns import Turn


class SubmissionRow(NamedTuple):
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


class KnownRecord(NamedTuple):
    """The last version of a record that was sent: its pseudonym and the exchange that took it."""

    record_id: str
    version: int
    x: str
    hdr: str


class SequenceRow(NamedTuple):
    """The last `seq` of a direction and the leaf hash of its entry."""

    seq: int
    prev: str


# Delete old nonces, but for those that another node is deleting now: its commit is not waited for.
_OLD = select(NONCE.c.keyid, NONCE.c.nonce).where(NONCE.c.created < bindparam("oldest"))
_FORGET = Statement(
    delete(NONCE).where(
        tuple_(NONCE.c.keyid, NONCE.c.nonce).in_(_OLD.with_for_update(skip_locked=True))
    )
)
_SUBMISSIONS = select(*columns(SUBMISSION, SubmissionRow))
_NEW_SUBMISSION = insert(SUBMISSION, members(SubmissionRow))
_BY_KEY = Statement(
    _SUBMISSIONS.where(
        SUBMISSION.c.submitter == bindparam("submitter"),
        SUBMISSION.c.idempotency == bindparam("idempotency"),
    )
)
_BY_ID = _SUBMISSIONS.where(SUBMISSION.c.id == bindparam("id"))
_ONE = Statement(_BY_ID)
_ONE_OF = Statement(_BY_ID.where(SUBMISSION.c.authority == bindparam("authority")))
_KNOWN = Statement(
    select(KNOWN_RECORD.c.hmac, *columns(KNOWN_RECORD, KnownRecord)).where(
        one_of(KNOWN_RECORD.c.hmac, "hmacs")
    )
)
_FIRST_KNOWN = insert(KNOWN_RECORD, ("hmac", *members(KnownRecord)))
_NEXT_KNOWN = Statement(
    update(KNOWN_RECORD)
    .where(
        KNOWN_RECORD.c.hmac == bindparam("b_hmac"), KNOWN_RECORD.c.version == bindparam("before")
    )
    .values({one: bindparam(f"b_{one}") for one in members(KnownRecord)})
)
_SEQUENCE = Statement(
    select(*columns(SEQUENCE, SequenceRow)).where(SEQUENCE.c.name == bindparam("name"))
)
_PUT_SEQUENCE = upsert(SEQUENCE, ("name", *members(SequenceRow)), "name")


def spend_nonce(turn: Turn, keyid: str, nonce: str, created: int) -> bool:
    """Remember a nonce; False when it was spent."""
    return put_once(turn, NONCE, {"keyid": keyid, "nonce": nonce, "created": created}) == 1


def forget_nonces(turn: Turn, oldest: int) -> None:
    """Forget nonces of requests created before `oldest`, in seconds since 1970."""
    _FORGET.run(turn, {"oldest": oldest})


def put_submission(turn: Turn, row: SubmissionRow) -> None:
    """Store an answered submission; TakenError when its idempotency key is taken."""
    _NEW_SUBMISSION.run(turn, {**values(row), "answer": pack_for(turn, row.answer)})


def submission_by_key(turn: Turn, submitter: str, idempotency: str) -> SubmissionRow | None:
    """Give the submission that came with an idempotency key."""
    row = _BY_KEY.row(turn, {"submitter": submitter, "idempotency": idempotency})
    return None if row is None else _submission_row(row)


def submission(turn: Turn, name: str, scope: Scope) -> SubmissionRow | None:
    """Give a submission by its id; of an authority, those of all its submitters."""
    if isinstance(scope, Whole):
        row = _ONE.row(turn, {"id": name})
    else:
        row = _ONE_OF.row(turn, {"id": name, "authority": scope.authority})
    return None if row is None else _submission_row(row)


def refused(turn: Turn, before: str, limit: int) -> list[SubmissionRow]:
    """Give submissions with refusals, newest first, with ids below `before` if given."""
    wanted = _SUBMISSIONS.where(SUBMISSION.c.refusal != "")
    if before:
        wanted = wanted.where(SUBMISSION.c.id < before)
    rows = turn.execute(wanted.order_by(SUBMISSION.c.id.desc()).limit(limit))
    return [_submission_row(tuple(one)) for one in rows]


def known_record(turn: Turn, hmac: bytes) -> KnownRecord | None:
    """Give what was last sent under a record's number."""
    return known_records(turn, [hmac]).get(hmac)


def known_records(turn: Turn, hmacs: Sequence[bytes]) -> dict[bytes, KnownRecord]:
    """Give what was last sent under each record number that was sent before."""
    return {hmac: KnownRecord(*one) for hmac, *one in _KNOWN.rows(turn, {"hmacs": hmacs})}


def put_known_records(turn: Turn, rows: Sequence[tuple[bytes, KnownRecord]]) -> None:
    """Remember the versions that are sent now; TakenError when one was sent meanwhile."""
    # The first versions go in together; a later one replaces the one before it, and no other.
    first = [{"hmac": hmac, **values(new)} for hmac, new in rows if new.version == 1]
    _FIRST_KNOWN.run_all(turn, first)
    for hmac, new in rows:
        if new.version > 1:
            told = {f"b_{name}": one for name, one in values(new).items()}
            if _NEXT_KNOWN.run(turn, {"b_hmac": hmac, "before": new.version - 1, **told}) == 0:
                _FIRST_KNOWN.run(turn, {"hmac": hmac, **values(new)})


def sequence(turn: Turn, name: str) -> SequenceRow | None:
    """Give the last number of a direction (`KZ>UZ`), or of a log the time of its last entry."""
    row = _SEQUENCE.row(turn, {"name": name})
    return None if row is None else SequenceRow(*row)


def put_sequences(turn: Turn, new: Mapping[str, SequenceRow]) -> None:
    """Remember the last number of each direction, and the last time."""
    _PUT_SEQUENCE.run_all(turn, [{"name": name, **values(one)} for name, one in new.items()])


def _submission_row(columns: tuple[Any, ...]) -> SubmissionRow:
    row = SubmissionRow(*columns)
    return row._replace(answer=unpack(row.answer))
