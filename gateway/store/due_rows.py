"""When each open exchange ends by itself: one row an exchange, kept as long as it is open."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, insert, select, tuple_

from gateway.store.tables import DUE

# Give deadlines that have passed, earliest first, behind a place; the index has them in order.
_PASSED = (
    select(DUE)
    .where(DUE.c.at < bindparam("now"), tuple_(DUE.c.at, DUE.c.x) > tuple_(*map(bindparam, "ax")))
    .order_by(DUE.c.at, DUE.c.x)
    .limit(bindparam("limit"))
)
_NEW = insert(DUE)
_END = delete(DUE).where(DUE.c.x == bindparam("b_x"))


@dataclass(frozen=True, slots=True)
class DueRow:
    """An exchange, the event that its deadline brings (`B.3`, `E.2`), and the deadline."""

    x: str
    code: str
    at: str


def put_due(turn: Connection, rows: Sequence[DueRow]) -> None:
    """Remember the deadlines of new exchanges; TakenError when one has one."""
    if rows:
        turn.execute(_NEW, [{"x": one.x, "code": one.code, "at": one.at} for one in rows])


def passed(turn: Connection, now: str, after: DueRow | None, limit: int) -> Sequence[DueRow]:
    """Give deadlines before `now`, behind the row `after`.

    Instants of one spelling (three fraction digits, UTC) are in the order of their texts.
    """
    place = {"a": after.at if after else "", "x": after.x if after else ""}
    rows = turn.execute(_PASSED, {"now": now, "limit": limit, **place}).mappings()
    return [DueRow(**one) for one in rows]


def end_due(turn: Connection, *xs: str) -> None:
    """Forget the deadlines: what they were for has come, or their events stand in the log."""
    if xs:
        turn.execute(_END, [{"b_x": x} for x in xs])
