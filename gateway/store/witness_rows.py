"""The newest checkpoint of each partner log that we cosigned: one row a log, never smaller."""

from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from gateway.store.once import put_once
from gateway.store.tables import WITNESSED


@dataclass(frozen=True, slots=True)
class Witnessed:
    """What we last cosigned of a log."""

    size: int
    root: bytes
    note: bytes


def last_witnessed(connection: Connection, origin: str) -> Witnessed | None:
    """Give the last cosigned checkpoint of a log, None before the first."""
    row = connection.execute(select(WITNESSED).where(WITNESSED.c.origin == origin)).one_or_none()
    return None if row is None else Witnessed(row.size, bytes(row.root), bytes(row.note))


def put_witnessed(connection: Connection, origin: str, new: Witnessed) -> None:
    """Remember a cosigned checkpoint, in a turn that holds the log; a larger one stays."""
    values = {"size": new.size, "root": new.root, "note": new.note}
    if put_once(connection, WITNESSED, {"origin": origin, **values}) == 0:
        grown = (WITNESSED.c.origin == origin, WITNESSED.c.size <= new.size)
        connection.execute(update(WITNESSED).where(*grown).values(**values))
