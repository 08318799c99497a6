"""What waits to be sent to a partner, in the order of its chains.

A chain is what must arrive in order: the messages of a case, or of a record without one; the
receipts of an exchange. Only the first row of a chain is ever claimed, and chains do not wait for
one another.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import (
    ColumnElement,
    Integer,
    bindparam,
    case,
    delete,
    exists,
    func,
    select,
    update,
)

from gateway.store.prepared import Statement, columns, insert, one_of
from gateway.store.tables import OUTBOX
from gateway.store.turns import Turn

# A row that failed as often as this goes alone, so that it fails nobody else's batch.
ALONE_AFTER = 8


class OutboxRow(NamedTuple):
    """Something to send to a partner: kind `message` or `receipts`.

    attempts: how often it was claimed; failed: how often the partner answered, but not for it.
    """

    n: int
    x: str
    kind: str
    partner: str
    attempts: int
    failed: int


class Item(NamedTuple):
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

    def values(self) -> dict[str, object]:
        """Give what the statements ask by."""
        return {"partner": self.partner, "kind": self.kind, "now": self.now}


_ALL = select(*columns(OUTBOX, OutboxRow))
_NEW = insert(OUTBOX, ("x", "kind", "partner", "chain", "attempts", "failed", "next_at"))
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
_TO = (OUTBOX.c.partner == bindparam("partner"), OUTBOX.c.kind == bindparam("kind"))
_OF = (*_TO, OUTBOX.c.next_at <= bindparam("now"))
_ONE_DUE = Statement(select(OUTBOX.c.n).where(*_OF).limit(1))
_ONE_ALONE = Statement(select(OUTBOX.c.n).where(*_OF, _ALONE).limit(1))
_COUNTS = Statement(
    select(
        OUTBOX.c.partner, OUTBOX.c.kind, func.count(), func.sum(case((_ALONE, 1), else_=0))
    ).group_by(OUTBOX.c.partner, OUTBOX.c.kind)
)


def _taking(which: ColumnElement[bool], *first: ColumnElement[int]) -> Statement:
    wanted = _ALL.where(*_OF, which, _FIRST).order_by(*first, OUTBOX.c.n)
    # Two workers on one PostgreSQL take different rows; SQLite has one writer and no such clause.
    wanted = wanted.with_for_update(skip_locked=True, of=OUTBOX)
    return Statement(wanted.limit(bindparam("limit", type_=Integer)))


_TAKE_FRESH, _TAKE_TRIED = _taking(_FRESH), _taking(_TRIED)
_TAKE_ALONE = _taking(_ALONE, OUTBOX.c.failed)
_NUMBERED = one_of(OUTBOX.c.n, "numbers")
_LEASE = Statement(
    update(OUTBOX)
    .where(_NUMBERED)
    .values(next_at=bindparam("b_next"), attempts=OUTBOX.c.attempts + 1)
)
_LATER = Statement(
    update(OUTBOX)
    .where(OUTBOX.c.n == bindparam("b_n"))
    .values({one: bindparam(f"b_{one}") for one in ("next_at", "failed", "why")})
)
_CLAIMED = (OUTBOX.c.next_at > bindparam("now"), OUTBOX.c.failed == 0, OUTBOX.c.attempts > 0)
_OFFER = Statement(update(OUTBOX).where(_NUMBERED).values(next_at=0))
_OFFER_ALL = Statement(update(OUTBOX).where(*_CLAIMED).values(next_at=0))
_OFFER_TO = Statement(
    update(OUTBOX).where(*_CLAIMED, one_of(OUTBOX.c.partner, "partners")).values(next_at=0)
)
_XS = one_of(OUTBOX.c.x, "xs")
_FINISH = Statement(delete(OUTBOX).where(OUTBOX.c.kind == bindparam("kind"), _XS))
_FINISH_ROWS = Statement(delete(OUTBOX).where(_NUMBERED))
_STILL = Statement(select(OUTBOX.c.n).where(_NUMBERED))
_OFFERED = Statement(_ALL.where(*_TO, _XS, OUTBOX.c.attempts > 0, _FIRST).order_by(OUTBOX.c.n))
_ATTEMPTS = Statement(
    select(func.max(OUTBOX.c.attempts)).where(
        OUTBOX.c.x == bindparam("x"), OUTBOX.c.kind == "message"
    )
)


def enqueue(turn: Turn, x: str, kind: str, partner: str, chain: str, *, due: int = 0) -> None:
    """Put something on the way to a partner; due: not before this second, 0 for at once."""
    enqueue_all(turn, [Item(x, kind, partner, chain, due)])


def enqueue_all(turn: Turn, items: Sequence[Item]) -> None:
    """Put all of them on their way."""
    _NEW.run_all(turn, [one.values() for one in items])


def release_claimed(turn: Turn, now: int, *partners: str) -> None:
    """Offer again what is claimed and never failed, whoever claimed it; for all or these."""
    if partners:
        _OFFER_TO.run(turn, {"now": now, "partners": partners})
    else:
        _OFFER_ALL.run(turn, {"now": now})


def claim(turn: Turn, due: Due, *, budget: int) -> list[OutboxRow]:
    """Take due rows and hide them from others for a while, in their order.

    budget: how many of them may have failed before, so that what fails again and again never takes
    the room of what is new.
    """
    tried = _take(turn, due, _TAKE_TRIED, min(budget, due.limit))
    fresh = _take(turn, due, _TAKE_FRESH, due.limit - len(tried))
    return _lease(turn, due, sorted([*tried, *fresh], key=lambda row: row.n))


def claim_alone(turn: Turn, due: Due) -> list[OutboxRow]:
    """Take due rows that go alone, those first that failed least: the caller sends each by itself.

    So what fails for ever is never before what only was in its company.
    """
    return _lease(turn, due, _take(turn, due, _TAKE_ALONE, due.limit))


def something_goes_alone(turn: Turn, due: Due) -> int:
    """Give the number of a due row that goes alone, 0 when there is none."""
    return int(_ONE_ALONE.value(turn, due.values()) or 0)


def try_later(turn: Turn, row: OutboxRow, later: Later) -> None:
    """Offer a row again later."""
    told = {"b_next_at": later.when, "b_failed": later.failed, "b_why": later.why}
    _LATER.run(turn, {"b_n": row.n, **told})


def release(turn: Turn, numbers: Sequence[int]) -> None:
    """Offer rows again at once: nobody was there to take them."""
    _OFFER.run(turn, {"numbers": numbers})


def finish(turn: Turn, kind: str, xs: Sequence[str]) -> None:
    """Take what was answered for off the outbox."""
    if xs:
        _FINISH.run(turn, {"kind": kind, "xs": xs})


def finish_rows(turn: Turn, numbers: Sequence[int]) -> None:
    """Take rows off the outbox; one that was put there for the same exchange meanwhile stays."""
    _FINISH_ROWS.run(turn, {"numbers": numbers})


def still_there(turn: Turn, numbers: Sequence[int]) -> set[int]:
    """Give those of the rows that are still in the outbox."""
    return set(_STILL.values(turn, {"numbers": numbers}))


def offered(turn: Turn, partner: str, kind: str, xs: Sequence[str]) -> list[OutboxRow]:
    """Give the rows of these exchanges that were claimed and wait for an answer, in their order."""
    rows = _OFFERED.rows(turn, {"partner": partner, "kind": kind, "xs": xs})
    return [OutboxRow(*one) for one in rows]


def attempts(turn: Turn, x: str) -> int:
    """Tell how often a message was sent that is still in the outbox."""
    return int(_ATTEMPTS.value(turn, {"x": x}) or 0)


def something_is_due(turn: Turn, due: Due) -> int:
    """Give the number of a due row, 0 when there is none."""
    return int(_ONE_DUE.value(turn, due.values()) or 0)


def count_waiting(turn: Turn) -> list[Waiting]:
    """Count what waits, by partner and kind."""
    return [
        Waiting(partner, kind, n, int(alone)) for partner, kind, n, alone in _COUNTS.rows(turn, {})
    ]


def _take(turn: Turn, due: Due, wanted: Statement, limit: int) -> list[OutboxRow]:
    if limit < 1:
        return []
    rows = wanted.rows(turn, {**due.values(), "limit": limit})
    return [
        OutboxRow(n, x, kind, partner, attempts + 1, failed)
        for n, x, kind, partner, attempts, failed in rows
    ]


def _lease(turn: Turn, due: Due, rows: list[OutboxRow]) -> list[OutboxRow]:
    if rows:
        _LEASE.run(turn, {"numbers": [one.n for one in rows], "b_next": due.now + due.lease})
    return rows
