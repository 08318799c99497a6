"""What waits to be sent to a partner, in the order of its chains.

A chain is what must arrive in order: the messages of a case, or of a record without one; the
receipts of an exchange. Only the first row of a chain is ever claimed, and chains do not wait for
one another.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    Connection,
    bindparam,
    case,
    delete,
    exists,
    func,
    insert,
    select,
    update,
)

from gateway.store.tables import OUTBOX

# A row that failed as often as this goes alone, so that it fails nobody else's batch.
ALONE_AFTER = 8
_NEW = insert(OUTBOX)
_EARLIER = OUTBOX.alias("earlier")
_FIRST = ~exists(
    select(_EARLIER.c.n).where(
        _EARLIER.c.partner == OUTBOX.c.partner,
        _EARLIER.c.kind == OUTBOX.c.kind,
        _EARLIER.c.chain == OUTBOX.c.chain,
        _EARLIER.c.n < OUTBOX.c.n,
    )
)
_FRESH = OUTBOX.c.failed == 0
_TRIED = OUTBOX.c.failed.between(1, ALONE_AFTER - 1)
_ALONE = OUTBOX.c.failed >= ALONE_AFTER
_WAITING = select(OUTBOX.c.n).where(OUTBOX.c.partner == bindparam("partner")).limit(1)
_COUNTS = select(
    OUTBOX.c.partner,
    OUTBOX.c.kind,
    func.count(),
    func.sum(case((_ALONE, 1), else_=0)),
).group_by(OUTBOX.c.partner, OUTBOX.c.kind)


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """Something to send to a partner: kind `message` or `receipts`.

    attempts: how often it was claimed; failed: how often the partner answered, but not for it.
    """

    n: int
    x: str
    kind: str
    partner: str
    attempts: int
    failed: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much waits for a partner; alone: how much of it goes alone, since it always failed."""

    partner: str
    kind: str
    count: int
    alone: int


def enqueue(turn: Connection, x: str, kind: str, partner: str, chain: str) -> None:
    """Put something on the way to a partner, due at once."""
    row = {"x": x, "kind": kind, "partner": partner, "chain": chain}
    turn.execute(_NEW, {**row, "attempts": 0, "failed": 0, "next_at": 0})


def claim(
    turn: Connection, partner: str, kind: str, *, now: int, lease: int, limit: int, budget: int
) -> list[OutboxRow]:
    """Take due rows and hide them from others for `lease` seconds, in their order.

    limit: rows in all; budget: how many of them may have failed before, so that what fails again
    and again never takes the room of what is new.
    """
    tried = _due(turn, partner, kind, _TRIED, now=now, limit=min(budget, limit))
    fresh = _due(turn, partner, kind, _FRESH, now=now, limit=limit - len(tried))
    return _lease(turn, sorted([*tried, *fresh], key=lambda row: row.n), now + lease)


def claim_alone(
    turn: Connection, partner: str, kind: str, *, now: int, lease: int, limit: int
) -> list[OutboxRow]:
    """Take due rows that go alone: the caller sends each by itself."""
    return _lease(turn, _due(turn, partner, kind, _ALONE, now=now, limit=limit), now + lease)


def try_later(turn: Connection, row: OutboxRow, failed: int, when: int) -> None:
    """Offer a row again at `when`; failed: how often it has failed by now."""
    turn.execute(update(OUTBOX).where(OUTBOX.c.n == row.n).values(next_at=when, failed=failed))


def release(turn: Connection, numbers: Sequence[int]) -> None:
    """Offer rows again at once: nobody was there to take them."""
    turn.execute(update(OUTBOX).where(OUTBOX.c.n.in_(numbers)).values(next_at=0))


def finish(turn: Connection, kind: str, xs: Sequence[str]) -> None:
    """Take what was answered for off the outbox."""
    turn.execute(delete(OUTBOX).where(OUTBOX.c.kind == kind, OUTBOX.c.x.in_(xs)))


def finish_rows(turn: Connection, numbers: Sequence[int]) -> None:
    """Take rows off the outbox; one that was put there for the same exchange meanwhile stays."""
    turn.execute(delete(OUTBOX).where(OUTBOX.c.n.in_(numbers)))


def still_there(turn: Connection, numbers: Sequence[int]) -> set[int]:
    """Give those of the rows that are still in the outbox."""
    return set(turn.execute(select(OUTBOX.c.n).where(OUTBOX.c.n.in_(numbers))).scalars())


def attempts(turn: Connection, x: str) -> int:
    """Tell how often a message was sent that is still in the outbox."""
    wanted = select(func.max(OUTBOX.c.attempts)).where(OUTBOX.c.x == x, OUTBOX.c.kind == "message")
    return int(turn.execute(wanted).scalar_one() or 0)


def something_waits(turn: Connection, partner: str) -> int:
    """Give the number of a row for a partner, 0 when nothing waits."""
    return int(turn.execute(_WAITING, {"partner": partner}).scalar_one_or_none() or 0)


def count_waiting(turn: Connection) -> list[Waiting]:
    """Count what waits, by partner and kind."""
    return [
        Waiting(partner, kind, int(n), int(alone))
        for partner, kind, n, alone in turn.execute(_COUNTS)
    ]


def _due(
    turn: Connection, partner: str, kind: str, which: ColumnElement[bool], *, now: int, limit: int
) -> list[OutboxRow]:
    if limit < 1:
        return []
    due = (OUTBOX.c.partner == partner, OUTBOX.c.kind == kind, OUTBOX.c.next_at <= now)
    wanted = select(OUTBOX).where(*due, which, _FIRST).order_by(OUTBOX.c.n).limit(limit)
    # Two workers on one PostgreSQL take different rows; SQLite has one writer and no such clause.
    rows = turn.execute(wanted.with_for_update(skip_locked=True, of=OUTBOX))
    return [
        OutboxRow(one.n, one.x, one.kind, one.partner, one.attempts + 1, one.failed) for one in rows
    ]


def _lease(turn: Connection, rows: list[OutboxRow], until: int) -> list[OutboxRow]:
    taken = {"next_at": until, "attempts": OUTBOX.c.attempts + 1}
    turn.execute(update(OUTBOX).where(OUTBOX.c.n.in_([one.n for one in rows])).values(**taken))
    return rows
