"""Entries, tiles and heads of our own logs. Every function takes the writer's connection."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, delete, func, select, update

from gateway.store.once import put_once
from gateway.store.packing import pack_for, unpack
from gateway.store.prepared import Statement, columns, insert, one_of, values
from gateway.store.tables import ENTRY, HEAD, SEQUENCE, TILE
from gateway.store.turns import Turn

_OF_LOG = ENTRY.c.log == bindparam("log")
_RANGE = (_OF_LOG, ENTRY.c.i >= bindparam("start"), ENTRY.c.i < bindparam("end"))
_LAST = Statement(select(func.max(ENTRY.c.i)).where(_OF_LOG))
_OWN_LAST = select(func.max(ENTRY.c.i)).where(ENTRY.c.log == SEQUENCE.c.name).scalar_subquery()
_PLACES = Statement(
    select(SEQUENCE.c.name, SEQUENCE.c.seq, SEQUENCE.c.prev, _OWN_LAST).where(
        one_of(SEQUENCE.c.name, "names")
    )
)
_NEW_ENTRY = insert(ENTRY, ("log", "i", "octets", "leaf"))
_LEAVES = Statement(select(ENTRY.c.leaf).where(*_RANGE).order_by(ENTRY.c.i))
_ENTRIES = Statement(select(ENTRY.c.octets).where(*_RANGE).order_by(ENTRY.c.i))


class Head(NamedTuple):
    """The newest signed tree head of a log: size, root, and the note with its cosignatures."""

    size: int
    root: bytes
    note: bytes


_OF_HEAD = HEAD.c.log == bindparam("b_log")
_HEAD = Statement(select(*columns(HEAD, Head)).where(_OF_HEAD))
_SWAP = Statement(
    update(HEAD)
    .where(_OF_HEAD, HEAD.c.size == bindparam("old_size"), HEAD.c.note == bindparam("old_note"))
    .values({one: bindparam(f"b_{one}") for one in Head._fields})
)
_OF_TILE = TILE.c.log == bindparam("log")
_TILE = Statement(select(TILE.c.octets).where(_OF_TILE, TILE.c.path == bindparam("path")))
_DROP = Statement(delete(TILE).where(_OF_TILE, one_of(TILE.c.path, "paths")))


class Place(NamedTuple):
    """Where a log or a direction stands: its sequence row, and the index of a log's next entry."""

    seq: int
    prev: str
    coming: int


def places(turn: Turn, names: Collection[str]) -> dict[str, Place]:
    """Give where logs and directions stand that have a sequence row, in one statement."""
    rows = _PLACES.rows(turn, {"names": list(names)}) if names else []
    return {
        name: Place(seq, prev, 0 if last is None else int(last) + 1)
        for name, seq, prev, last in rows
    }


def next_index(turn: Turn, log: str) -> int:
    """Give the index the next entry of the log gets; the writer's turn keeps it free."""
    found = _LAST.value(turn, {"log": log})
    return 0 if found is None else int(found) + 1


class EntryRow(NamedTuple):
    """An entry at its index of a log, with its leaf hash."""

    log: str
    i: int
    octets: bytes
    leaf: bytes


def append_entries(turn: Turn, rows: Sequence[EntryRow]) -> None:
    """Store entries at their indexes; TakenError if one is taken."""
    _NEW_ENTRY.run_all(turn, [{**values(r), "octets": pack_for(turn, r.octets)} for r in rows])


def size_of(turn: Turn, log: str) -> int:
    """Give the number of entries of a log: indexes have no gaps."""
    return next_index(turn, log)


def leaves(turn: Turn, log: str, start: int, end: int) -> list[bytes]:
    """Give the leaf hashes [start, end)."""
    return _LEAVES.values(turn, {"log": log, "start": start, "end": end})


def entries(turn: Turn, log: str, start: int, end: int) -> list[bytes]:
    """Give the entries [start, end)."""
    return [unpack(one) for one in _ENTRIES.values(turn, {"log": log, "start": start, "end": end})]


def head(turn: Turn, log: str) -> Head | None:
    """Give the newest head, None before the first."""
    row = _HEAD.row(turn, {"b_log": log})
    return None if row is None else Head(*row)


def swap_head(turn: Turn, log: str, old: Head | None, new: Head) -> bool:
    """Put `new` in the place of exactly `old`; False when another writer was quicker."""
    if old is None:
        return put_once(turn, HEAD, {"log": log, **values(new)}) == 1
    told = {f"b_{name}": one for name, one in values(new).items()}
    same = {"b_log": log, "old_size": old.size, "old_note": old.note}
    return _SWAP.run(turn, {**same, **told}) == 1


def put_tiles(turn: Turn, log: str, tiles: Sequence[tuple[str, bytes]]) -> None:
    """Store tiles by path; those already there are left as they are."""
    for path, octets in tiles:
        put_once(turn, TILE, {"log": log, "path": path, "octets": octets})


def drop_tiles(turn: Turn, log: str, paths: Sequence[str]) -> None:
    """Delete tiles that wider ones have overtaken."""
    if paths:
        _DROP.run(turn, {"log": log, "paths": paths})


def tile(turn: Turn, log: str, path: str) -> bytes | None:
    """Give a stored tile's bytes, None when there is none; `published_tile` gives every width."""
    found: bytes | None = _TILE.value(turn, {"log": log, "path": path})
    return found
