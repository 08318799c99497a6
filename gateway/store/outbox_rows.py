"""What waits to be sent to a partner."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select, update

from gateway.store.tables import OUTBOX

_NEW_OUTBOX = insert(OUTBOX)


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """Something to send to a partner: kind `message` or `receipts`."""

    n: int
    x: str
    kind: str
    partner: str
    attempts: int


def enqueue(turn: Connection, x: str, kind: str, partner: str) -> None:
    """Put something on the way to a partner, due at once."""
    enqueue_all(turn, [(x, kind, partner)])


def enqueue_all(turn: Connection, rows: Sequence[tuple[str, str, str]]) -> None:
    """Put each (exchange, kind, partner) on its way, due at once."""
    if rows:
        same = {"attempts": 0, "next_at": 0}
        named = [{"x": x, "kind": kind, "partner": partner} for x, kind, partner in rows]
        turn.execute(_NEW_OUTBOX, [{**one, **same} for one in named])


def claim(
    turn: Connection, partner: str, kind: str, *, now: int, lease: int, limit: int
) -> list[OutboxRow]:
    """Take due rows and hide them from others for `lease` seconds, in their order."""
    due = (OUTBOX.c.partner == partner, OUTBOX.c.kind == kind, OUTBOX.c.next_at <= now)
    wanted = select(OUTBOX).where(*due).order_by(OUTBOX.c.n).limit(limit)
    # Two workers on one PostgreSQL take different rows; SQLite has one writer and no such clause.
    rows = turn.execute(wanted.with_for_update(skip_locked=True)).all()
    numbers = [row.n for row in rows]
    taken = {"next_at": now + lease, "attempts": OUTBOX.c.attempts + 1}
    turn.execute(update(OUTBOX).where(OUTBOX.c.n.in_(numbers)).values(**taken))
    return [OutboxRow(row.n, row.x, row.kind, row.partner, row.attempts) for row in rows]


def retry_at(turn: Connection, numbers: Sequence[int], when: int) -> None:
    """Offer rows again at `when`."""
    turn.execute(update(OUTBOX).where(OUTBOX.c.n.in_(numbers)).values(next_at=when))


def finish(turn: Connection, kind: str, xs: Sequence[str]) -> None:
    """Take what was answered for off the outbox."""
    turn.execute(delete(OUTBOX).where(OUTBOX.c.kind == kind, OUTBOX.c.x.in_(xs)))


def finish_rows(turn: Connection, numbers: Sequence[int]) -> None:
    """Take rows off the outbox; one that was put there for the same exchange meanwhile stays."""
    turn.execute(delete(OUTBOX).where(OUTBOX.c.n.in_(numbers)))


def attempts(turn: Connection, x: str) -> int:
    """Tell how often a message was sent that is still in the outbox."""
    wanted = select(func.max(OUTBOX.c.attempts)).where(OUTBOX.c.x == x, OUTBOX.c.kind == "message")
    return int(turn.execute(wanted).scalar_one() or 0)


def waiting(turn: Connection, partner: str) -> int | None:
    """Give the attempts of the oldest row for a partner, None when nothing waits."""
    wanted = select(OUTBOX.c.attempts).where(OUTBOX.c.partner == partner).order_by(OUTBOX.c.n)
    return turn.execute(wanted.limit(1)).scalar_one_or_none()
