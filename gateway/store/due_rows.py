"""When each open exchange ends by itself: one row an exchange, kept as long as it is open."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, delete, select, tuple_

from gateway.store.prepared import Statement, columns, insert, members, one_of, values
from gateway.store.tables import DUE
from gateway.store.turns import Turn


class DueRow(NamedTuple):
    """An exchange, the event that its deadline brings (`B.3`, `E.2`), and the deadline."""

    x: str
    code: str
    at: str


# Give deadlines that have passed, earliest first, behind a place; the index has them in order.
_PASSED = Statement(
    select(*columns(DUE, DueRow))
    .where(DUE.c.at < bindparam("now"), tuple_(DUE.c.at, DUE.c.x) > tuple_(*map(bindparam, "ax")))
    .order_by(DUE.c.at, DUE.c.x)
    .limit(bindparam("limit"))
)
_NEW = insert(DUE, members(DueRow))
_END = Statement(delete(DUE).where(one_of(DUE.c.x, "xs")))


def put_due(turn: Turn, rows: Sequence[DueRow]) -> None:
    """Remember the deadlines of new exchanges; TakenError when one has one."""
    _NEW.run_all(turn, [values(one) for one in rows])


def passed(turn: Turn, now: str, after: DueRow | None, limit: int) -> Sequence[DueRow]:
    """Give deadlines before `now`, behind the row `after`.

    Instants of one spelling (three fraction digits, UTC) are in the order of their texts.
    """
    place = {"a": after.at if after else "", "x": after.x if after else ""}
    rows = _PASSED.rows(turn, {"now": now, "limit": limit, **place})
    return [DueRow(*one) for one in rows]


def end_due(turn: Turn, *xs: str) -> None:
    """Forget the deadlines: what they were for has come, or their events stand in the log."""
    if xs:
        _END.run(turn, {"xs": xs})
