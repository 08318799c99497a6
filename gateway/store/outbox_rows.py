"""What waits to be sent to a partner, in the order of its chains.

A chain is what must arrive in order: the messages of a case, or of a record without one; the
receipts of an exchange. Only the first row of a chain is ever claimed, and chains do not wait for
one another.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Select,
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
_N = OUTBOX.c.n
_NS: BindParameter[int] = bindparam("ns", expanding=True)
_XS: BindParameter[str] = bindparam("xs", expanding=True)
_IS_DUE = (
    OUTBOX.c.partner == bindparam("partner"),
    OUTBOX.c.kind == bindparam("kind"),
    OUTBOX.c.next_at <= bindparam("now"),
)
_SOMETHING = select(_N).where(*_IS_DUE).limit(1)
_SOMETHING_ALONE = select(_N).where(*_IS_DUE, _ALONE).limit(1)


def _in_order(which: ColumnElement[bool], *first: ColumnElement[int]) -> Select[Any]:
    found = select(OUTBOX).where(*_IS_DUE, which, _FIRST).order_by(*first, _N)
    # Two workers on one PostgreSQL take different rows; SQLite has one writer and no such clause.
    return found.limit(bindparam("most")).with_for_update(skip_locked=True, of=OUTBOX)


_TAKE_FRESH, _TAKE_TRIED = _in_order(_FRESH), _in_order(_TRIED)
_TAKE_ALONE = _in_order(_ALONE, OUTBOX.c.failed)
_LEASE = (
    update(OUTBOX)
    .where(_N.in_(_NS))
    .values(next_at=bindparam("until"), attempts=OUTBOX.c.attempts + 1)
)
_RELEASE = update(OUTBOX).where(_N.in_(_NS)).values(next_at=0)
_FINISH = delete(OUTBOX).where(OUTBOX.c.kind == bindparam("kind"), OUTBOX.c.x.in_(_XS))
_FINISH_ROWS = delete(OUTBOX).where(_N.in_(_NS))
_STILL_THERE = select(_N).where(_N.in_(_NS))
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
class Item:
    """What is put on its way; due: not before this second, 0 for at once."""

    x: str
    kind: str
    partner: str
    chain: str
    due: int = 0

    def values(self) -> dict[str, object]:
        """Give the row."""
        own = {"x": self.x, "kind": self.kind, "partner": self.partner, "chain": self.chain}
        return {**own, "attempts": 0, "failed": 0, "next_at": self.due}


@dataclass(frozen=True, slots=True)
class Later:
    """How often a row has failed by now, when it is offered again, and why it waits still.

    why: a refusal code; none of what the partner wrote itself.
    """

    failed: int
    when: int
    why: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much waits for a partner; alone: how much of it goes alone, since it always failed."""

    partner: str
    kind: str
    count: int
    alone: int


@dataclass(frozen=True, slots=True)
class Due:
    """What is asked for: a partner's rows of a kind that are due, at most so many.

    now: seconds since 1970; lease: for how many seconds others do not see them.
    """

    partner: str
    kind: str
    now: int
    lease: int
    limit: int


def enqueue(turn: Connection, x: str, kind: str, partner: str, chain: str, *, due: int = 0) -> None:
    """Put something on the way to a partner; due: not before this second, 0 for at once."""
    enqueue_all(turn, [Item(x, kind, partner, chain, due)])


def enqueue_all(turn: Connection, items: Sequence[Item]) -> None:
    """Put all of them on their way."""
    if items:
        turn.execute(_NEW, [one.values() for one in items])


def release_claimed(turn: Connection, now: int, *partners: str) -> None:
    """Offer again what is claimed and never failed, whoever claimed it; for all or these."""
    claimed = [OUTBOX.c.next_at > now, OUTBOX.c.failed == 0, OUTBOX.c.attempts > 0]
    if partners:
        claimed.append(OUTBOX.c.partner.in_(partners))
    turn.execute(update(OUTBOX).where(*claimed).values(next_at=0))


def claim(turn: Connection, due: Due, *, budget: int) -> list[OutboxRow]:
    """Take due rows and hide them from others for a while, in their order.

    budget: how many of them may have failed before, so that what fails again and again never takes
    the room of what is new.
    """
    tried = _take(turn, due, _TAKE_TRIED, min(budget, due.limit))
    fresh = _take(turn, due, _TAKE_FRESH, due.limit - len(tried))
    return _lease(turn, due, sorted([*tried, *fresh], key=lambda row: row.n))


def claim_alone(turn: Connection, due: Due) -> list[OutboxRow]:
    """Take due rows that go alone, those first that failed least: the caller sends each by itself.

    So what fails for ever is never before what only was in its company.
    """
    return _lease(turn, due, _take(turn, due, _TAKE_ALONE, due.limit))


def something_goes_alone(turn: Connection, due: Due) -> int:
    """Give the number of a due row that goes alone, 0 when there is none."""
    return int(turn.execute(_SOMETHING_ALONE, _named(due)).scalar_one_or_none() or 0)


def try_later(turn: Connection, row: OutboxRow, later: Later) -> None:
    """Offer a row again later."""
    told = {"next_at": later.when, "failed": later.failed, "why": later.why}
    turn.execute(update(OUTBOX).where(OUTBOX.c.n == row.n).values(**told))


def release(turn: Connection, numbers: Sequence[int]) -> None:
    """Offer rows again at once: nobody was there to take them."""
    turn.execute(_RELEASE, {"ns": list(numbers)})


def finish(turn: Connection, kind: str, xs: Sequence[str]) -> None:
    """Take what was answered for off the outbox."""
    turn.execute(_FINISH, {"kind": kind, "xs": list(xs)})


def finish_rows(turn: Connection, numbers: Sequence[int]) -> None:
    """Take rows off the outbox; one that was put there for the same exchange meanwhile stays."""
    turn.execute(_FINISH_ROWS, {"ns": list(numbers)})


def still_there(turn: Connection, numbers: Sequence[int]) -> set[int]:
    """Give those of the rows that are still in the outbox."""
    return set(turn.execute(_STILL_THERE, {"ns": list(numbers)}).scalars())


def offered(turn: Connection, partner: str, kind: str, xs: Sequence[str]) -> list[OutboxRow]:
    """Give the rows of these exchanges that were claimed and wait for an answer, in their order."""
    same = (OUTBOX.c.partner == partner, OUTBOX.c.kind == kind, OUTBOX.c.x.in_(xs))
    wanted = select(OUTBOX).where(*same, OUTBOX.c.attempts > 0, _FIRST).order_by(OUTBOX.c.n)
    return [
        OutboxRow(one.n, one.x, one.kind, one.partner, one.attempts, one.failed)
        for one in turn.execute(wanted)
    ]


def attempts(turn: Connection, x: str) -> int:
    """Tell how often a message was sent that is still in the outbox."""
    wanted = select(func.max(OUTBOX.c.attempts)).where(OUTBOX.c.x == x, OUTBOX.c.kind == "message")
    return int(turn.execute(wanted).scalar_one() or 0)


def something_is_due(turn: Connection, due: Due) -> int:
    """Give the number of a due row, 0 when there is none."""
    return int(turn.execute(_SOMETHING, _named(due)).scalar_one_or_none() or 0)


def count_waiting(turn: Connection) -> list[Waiting]:
    """Count what waits, by partner and kind."""
    return [
        Waiting(partner, kind, int(n), int(alone))
        for partner, kind, n, alone in turn.execute(_COUNTS)
    ]


def _named(due: Due) -> dict[str, object]:
    return {"partner": due.partner, "kind": due.kind, "now": due.now}


def _take(turn: Connection, due: Due, wanted: Select[Any], most: int) -> list[OutboxRow]:
    if most < 1:
        return []
    return [
        OutboxRow(one.n, one.x, one.kind, one.partner, one.attempts + 1, one.failed)
        for one in turn.execute(wanted, {**_named(due), "most": most})
    ]


def _lease(turn: Connection, due: Due, rows: list[OutboxRow]) -> list[OutboxRow]:
    if rows:
        turn.execute(_LEASE, {"ns": [one.n for one in rows], "until": due.now + due.lease})
    return rows
