"""The newest checkpoint of each partner log that we cosigned: one row a log, never smaller."""

from typing import NamedTuple

from sqlalchemy import bindparam, select

from gateway.store.prepared import Statement, columns, members, upsert, values
from gateway.store.tables import WITNESSED
from gateway.store.turns import Turn


class Witnessed(NamedTuple):
    """What we last cosigned of a log."""

    size: int
    root: bytes
    note: bytes


_LAST = Statement(
    select(*columns(WITNESSED, Witnessed)).where(WITNESSED.c.origin == bindparam("origin"))
)
_PUT = upsert(WITNESSED, ("origin", *members(Witnessed)), "origin", rising="size")


def last_witnessed(turn: Turn, origin: str) -> Witnessed | None:
    """Give the last cosigned checkpoint of a log, None before the first."""
    row = _LAST.row(turn, {"origin": origin})
    return None if row is None else Witnessed(*row)


def put_witnessed(turn: Turn, origin: str, new: Witnessed) -> None:
    """Remember a cosigned checkpoint, in a turn that holds the log; a larger one stays."""
    _PUT.run(turn, {"origin": origin, **values(new)})
