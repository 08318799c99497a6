"""The newest checkpoint of each partner log that we cosigned: one row a log, never smaller."""

from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update

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
    """Remember a cosigned checkpoint, in the writer's turn."""
    values = {"size": new.size, "root": new.root, "note": new.note}
    known = last_witnessed(connection, origin) is not None
    if known:
        connection.execute(update(WITNESSED).where(WITNESSED.c.origin == origin).values(**values))
    else:
        connection.execute(insert(WITNESSED).values(origin=origin, **values))
