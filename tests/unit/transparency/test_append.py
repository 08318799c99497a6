"""A log on a real database: entries, tiles, checkpoints, and proofs that others verify."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import update

from gateway.config.config import ServerDatabase
from gateway.proof import merkle, note, tiles
from gateway.store import log_rows
from gateway.store.connection import Store, TakenError, Turn, open_store
from gateway.store.scope import WHOLE, Scope
from gateway.store.tables import ENTRY
from gateway.transparency.append import LogHaltedError, append, publish
from gateway.transparency.proofs import prove_entry, prove_growth
from gateway.transparency.published import published_tile
from tests.support.evidence import LOGS, log_key
from tests.support.places import write_place
from tests.support.waiting import PATIENCE_SECONDS

LOG = LOGS["KZ"]
KEY = log_key("KZ")
ROOT = Path(__file__).resolve().parents[3]
WRITER = """
import sys
from gateway.store.connection import open_store
from gateway.transparency.append import append
from tests.support.places import read_place
store = open_store(read_place(sys.argv[1]))
for number in range(40):
    with store.write("log") as connection:
        append(connection, "log", f"{sys.argv[2]}-{number}".encode())
"""


def fill(store: Store, count: int) -> None:
    with store.write() as connection:
        for number in range(count):
            append(connection, LOG, f"entry-{number}".encode())


def test_an_entry_gets_the_next_index(store: Store) -> None:
    fill(store, 3)
    with store.write() as connection:
        assert append(connection, LOG, b"x") == (3, merkle.leaf_hash(b"x"))


def test_a_log_without_new_entries_is_published_while_another_writes(store: Store) -> None:
    fill(store, 3)
    head = publish(store, LOG, KEY)
    with ThreadPoolExecutor(1) as pool, store.write(LOG):
        again = pool.submit(publish, store, LOG, KEY).result(PATIENCE_SECONDS)
    assert again == head


@dataclass
class Overtaken:
    """A store in which another node publishes between this one's reading and its turn."""

    store: Store
    packs: bool = True

    @contextmanager
    def read(self, scope: Scope = WHOLE) -> Iterator[Turn]:
        with self.store.read(scope) as turn:
            yield turn
        fill(self.store, 1)
        publish(self.store, LOG, KEY)

    def write(self, *names: str, lasting: bool = True) -> AbstractContextManager[Turn]:
        return self.store.write(*names, lasting=lasting)

    def require_room(self) -> None:
        self.store.require_room()


def test_a_checkpoint_that_another_node_overtook_changes_nothing(store: Store) -> None:
    fill(store, 3)
    publish(store, LOG, KEY)
    fill(store, 1)
    found = publish(Overtaken(store), LOG, KEY)
    with store.read() as turn:
        assert found == log_rows.head(turn, LOG)
    assert found is not None
    assert found.size == 5


def test_what_a_failed_turn_wrote_is_gone(store: Store) -> None:
    def turn() -> None:
        with store.write() as connection:
            append(connection, LOG, b"x")
            log_rows.append_entries(connection, [log_rows.EntryRow(LOG, 0, b"x", bytes(32))])

    with pytest.raises(TakenError):
        turn()
    with store.read() as connection:
        assert log_rows.size_of(connection, LOG) == 0


def test_an_empty_log_has_no_checkpoint(store: Store) -> None:
    assert publish(store, LOG, KEY) is None


@pytest.mark.parametrize("size", [1, 5, 255, 256, 257, 600])
def test_a_checkpoint_has_the_root_of_its_entries(store: Store, size: int) -> None:
    fill(store, size)
    head = publish(store, LOG, KEY)
    assert head is not None
    checkpoint, _ = note.open_checkpoint(head.note, KEY.vkey)
    leaves = [merkle.leaf_hash(f"entry-{one}".encode()) for one in range(size)]
    assert checkpoint == note.Checkpoint(LOG, size, merkle.root_of(leaves))


def test_without_new_entries_the_head_stays(store: Store) -> None:
    fill(store, 2)
    assert publish(store, LOG, KEY) == publish(store, LOG, KEY)


def test_the_published_tiles_are_those_of_the_size(store: Store) -> None:
    fill(store, 300)
    publish(store, LOG, KEY)
    names = [*tiles.tiles_of(300), tiles.TileName(None, 0), tiles.TileName(None, 1, 44)]
    with store.read() as connection:
        found = [published_tile(connection, LOG, one.path()) for one in names]
    assert [len(one or b"") for one in found[:3]] == [8192, 44 * 32, 32]
    assert len(tiles.read_bundle(found[4] or b"")) == 44


@pytest.mark.parametrize("index", [0, 255, 256, 299])
def test_a_proof_of_an_entry_verifies(store: Store, index: int) -> None:
    fill(store, 300)
    publish(store, LOG, KEY)
    proved = prove_entry(store, LOG, index)
    assert proved is not None
    checkpoint, _ = note.open_checkpoint(proved.note, KEY.vkey)
    leaf = merkle.leaf_hash(proved.octets)
    assert merkle.verify_inclusion(leaf, index, 300, proved.hashes, checkpoint.root) == index


def test_an_entry_without_a_checkpoint_has_no_proof_yet(store: Store) -> None:
    fill(store, 1)
    assert prove_entry(store, LOG, 0) is None


def test_a_proof_of_growth_verifies(store: Store) -> None:
    fill(store, 10)
    old = publish(store, LOG, KEY)
    with store.write() as connection:
        append(connection, LOG, b"more")
    new = publish(store, LOG, KEY)
    grown = prove_growth(store, LOG, 10)
    assert old is not None
    assert new is not None
    assert grown is not None
    assert merkle.verify_consistency(10, 11, old.root, new.root, grown[0]) == 11


def test_a_rewritten_entry_halts_the_log(store: Store) -> None:
    fill(store, 300)
    publish(store, LOG, KEY)
    new = {"octets": b"other", "leaf": merkle.leaf_hash(b"other")}
    with store.write() as connection:
        connection.execute(update(ENTRY).where(ENTRY.c.i == 299).values(**new))
        append(connection, LOG, b"more")
    with pytest.raises(LogHaltedError, match="published"):
        publish(store, LOG, KEY)


def test_an_entry_with_the_hash_of_another_halts_the_log(store: Store) -> None:
    fill(store, 300)
    with store.write() as connection:
        connection.execute(update(ENTRY).where(ENTRY.c.i == 3).values(octets=b"other"))
    with pytest.raises(LogHaltedError, match="logged"):
        publish(store, LOG, KEY)


def test_two_processes_leave_no_gap(place: Path | ServerDatabase) -> None:
    store = open_store(place)
    command = [sys.executable, "-c", WRITER, write_place(place)]
    writers = [subprocess.Popen([*command, name], cwd=ROOT) for name in ("a", "b")]
    codes = [one.wait(timeout=120) for one in writers]
    with store.read() as connection:
        assert (codes, log_rows.next_index(connection, "log")) == ([0, 0], 80)
        assert log_rows.size_of(connection, "log") == 80
