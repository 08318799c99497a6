"""Entries, tiles and heads of our own logs. Every function takes the writer's connection."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from gateway.store.once import put_once
from gateway.store.packing import pack_for, unpack
from gateway.store.tables import ENTRY, HEAD, TILE

_LAST = select(func.max(ENTRY.c.i)).where(ENTRY.c.log == bindparam("log"))
_NEW_ENTRY = insert(ENTRY)
# Give leaf hashes of a range, in order.
_LEAVES = select(ENTRY.c.leaf).order_by(ENTRY.c.i)
# Give entries of a range, in order.
_ENTRIES = select(ENTRY.c.octets).order_by(ENTRY.c.i)


@dataclass(frozen=True, slots=True)
class Head:
    """The newest signed tree head of a log: size, root, and the note with its cosignatures."""

    size: int
    root: bytes
    note: bytes


def next_index(connection: Connection, log: str) -> int:
    """Give the index the next entry of the log gets; the writer's turn keeps it free."""
    found = connection.execute(_LAST, {"log": log}).scalar_one()
    return 0 if found is None else int(found) + 1


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry at its index of a log, with its leaf hash."""

    log: str
    i: int
    octets: bytes
    leaf: bytes


def append_entries(connection: Connection, rows: Sequence[EntryRow]) -> None:
    """Store entries at their indexes; IntegrityError if one is taken."""
    if rows:
        named = [
            {"log": r.log, "i": r.i, "octets": pack_for(connection, r.octets), "leaf": r.leaf}
            for r in rows
        ]
        connection.execute(_NEW_ENTRY, named)


def size_of(connection: Connection, log: str) -> int:
    """Give the number of entries of a log: indexes have no gaps."""
    return next_index(connection, log)


def leaves(connection: Connection, log: str, start: int, end: int) -> list[bytes]:
    """Give the leaf hashes [start, end)."""
    wanted = _LEAVES.where(ENTRY.c.log == log, ENTRY.c.i >= start, ENTRY.c.i < end)
    return [bytes(row) for row in connection.execute(wanted).scalars()]


def entries(connection: Connection, log: str, start: int, end: int) -> list[bytes]:
    """Give the entries [start, end)."""
    wanted = _ENTRIES.where(ENTRY.c.log == log, ENTRY.c.i >= start, ENTRY.c.i < end)
    return [unpack(bytes(row)) for row in connection.execute(wanted).scalars()]


def head(connection: Connection, log: str) -> Head | None:
    """Give the newest head, None before the first."""
    row = connection.execute(select(HEAD).where(HEAD.c.log == log)).one_or_none()
    return None if row is None else Head(row.size, bytes(row.root), bytes(row.note))


def swap_head(connection: Connection, log: str, old: Head | None, new: Head) -> bool:
    """Put `new` in the place of exactly `old`; False when another writer was quicker."""
    values = {"size": new.size, "root": new.root, "note": new.note}
    if old is None:
        return put_once(connection, HEAD, {"log": log, **values}) == 1
    same = (HEAD.c.log == log, HEAD.c.size == old.size, HEAD.c.note == old.note)
    return connection.execute(update(HEAD).where(*same).values(**values)).rowcount == 1


def put_tiles(connection: Connection, log: str, tiles: Sequence[tuple[str, bytes]]) -> None:
    """Store tiles by path; those already there are left as they are."""
    for path, octets in tiles:
        put_once(connection, TILE, {"log": log, "path": path, "octets": octets})


def drop_tiles(connection: Connection, log: str, paths: Sequence[str]) -> None:
    """Delete tiles that wider ones have overtaken."""
    if paths:
        connection.execute(delete(TILE).where(TILE.c.log == log, TILE.c.path.in_(paths)))


def tile(connection: Connection, log: str, path: str) -> bytes | None:
    """Give a stored tile's bytes, None when there is none; `published_tile` gives every width."""
    wanted = select(TILE.c.octets).where(TILE.c.log == log, TILE.c.path == path)
    found = connection.execute(wanted).scalar_one_or_none()
    return None if found is None else bytes(found)
