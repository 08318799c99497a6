"""Integrate new entries into tiles and sign the next checkpoint (evidence-log 1.5, steps 2, 3).

Both are pure functions of the stored entries, so doing them again after a crash is safe. An
existing full tile must be byte-equal, and the new head must be consistent with the old one.
"""

from collections.abc import Sequence

from gateway.model.refusal import Refusal
from gateway.proof import merkle, note, tiles
from gateway.proof.keys import NoteKey
from gateway.store import log_rows
from gateway.store.connection import Store, Turn
from gateway.transparency.tree import Tree


class LogHaltedError(Exception):
    """The stored log contradicts what was published; nothing is signed until a person looks."""


def publish(store: Store, log: str, *keys: NoteKey) -> log_rows.Head | None:
    """Sign a checkpoint over all entries; gives the newest head, None for an empty log.

    keys: those in use now; a head that lacks the line of one is signed again as it stands.
    LogHaltedError when the log shrank or a published tile differs.
    """
    # Entries are only ever added, so what a reader sees stays so: records, which wait for a
    # writer's turn, do not wait for the tree.
    with store.read() as connection:
        size, old = log_rows.size_of(connection, log), log_rows.head(connection, log)
        if size == (old.size if old else 0) and (old is None or _carries(old, keys)):
            return old
        tree = Tree(connection, log)
        made = _grown(connection, log, tree, old.size if old else 0, size)
        root = tree.range(0, size)
        if old is not None:
            _require_consistent(log, tree, old, size, root)
    signed = note.sign_checkpoint(note.Checkpoint(log, size, root), *keys)
    new = log_rows.Head(size, root, signed.data())
    with store.write(log) as connection:
        if not log_rows.swap_head(connection, log, old, new):
            # Another node was quicker; the next checkpoint is judged against its.
            return log_rows.head(connection, log)
        log_rows.put_tiles(connection, log, made)
        overtaken = [one.path() for one in tiles.overtaken(old.size if old else 0, size)]
        log_rows.drop_tiles(connection, log, overtaken)
    return new


def append(connection: Turn, log: str, octets: bytes) -> tuple[int, bytes]:
    """Give an entry its final index and leaf hash, in the writer's turn."""
    index = log_rows.next_index(connection, log)
    leaf = merkle.leaf_hash(octets)
    log_rows.append_entries(connection, [log_rows.EntryRow(log, index, octets, leaf)])
    return index, leaf


def range_hash(connection: Turn, log: str, start: int, end: int) -> bytes:
    """Give the hash over leaves [start, end)."""
    return Tree(connection, log).range(start, end)


def _carries(head: log_rows.Head, keys: Sequence[NoteKey]) -> bool:
    known = {one.key_id for one in note.read_note(head.note).signatures}
    return all(key.vkey.key_id in known for key in keys)


def _grown(connection: Turn, log: str, tree: Tree, old: int, size: int) -> list[tuple[str, bytes]]:
    """Give the tiles that grew, by path; those published before are as they were."""
    _require_leaves(connection, log, old, size)
    made: list[tuple[str, bytes]] = []
    for name in tiles.grown(old, size):
        hashes = tree.hashes(name.level or 0, name.number * tiles.WIDTH, name.width)
        made.append((name.path(), b"".join(hashes)))
    for path, octets in made:
        known = log_rows.tile(connection, log, path)
        if known is not None and known != octets:
            raise LogHaltedError(f"{log}/{path}: a published tile differs from its entries")
    return made


def _require_leaves(connection: Turn, log: str, old: int, size: int) -> None:
    """Compare the hashes that the tree is made of with the entries, from the last tile on."""
    for first in range(old - old % tiles.WIDTH, size, tiles.WIDTH):
        end = min(size, first + tiles.WIDTH)
        texts = log_rows.entries(connection, log, first, end)
        if log_rows.leaves(connection, log, first, end) != [merkle.leaf_hash(one) for one in texts]:
            raise LogHaltedError(f"{log}: an entry from {first} on is not the one that was logged")


def _require_consistent(log: str, tree: Tree, old: log_rows.Head, size: int, root: bytes) -> None:
    if size < old.size:
        raise LogHaltedError(f"{log}: fewer entries are stored than were published")
    proof = merkle.make_consistency(old.size, size, tree.range)
    try:
        merkle.verify_consistency(old.size, size, old.root, root, proof)
    except Refusal:
        raise LogHaltedError(f"{log}: the entries are not those that were published") from None
