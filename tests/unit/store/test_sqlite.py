"""A disk without room: refused in words, read as ever, and well again by itself."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection, event

from gateway.model.refusal import Refusal
from gateway.store.circuit_rows import CircuitRow, circuit, put_circuit
from gateway.store.sqlite import SqliteStore, open_sqlite

ROOM_FOR_EVER = 1 << 62


@pytest.fixture
def store(tmp_path: Path) -> SqliteStore:
    return open_sqlite(tmp_path / "store.sqlite")


def _allow_pages(store: SqliteStore, more: int) -> None:
    """Let the database grow by so many pages, as a file system of that size would."""
    with store.read() as turn:
        size = turn.core.exec_driver_sql("PRAGMA page_count").scalar_one()
    store.close()

    def limit(connection: Connection, _record: object) -> None:
        connection.execute(f"PRAGMA max_page_count={size + more}")  # type: ignore[call-overload]

    event.listen(store.kept.engine, "connect", limit)


def _row(number: int) -> CircuitRow:
    return CircuitRow(f"S{number}", 1, "", 0, "x" * 10_000)


def _fill(store: SqliteStore) -> int:
    """Store rows until one is refused; gives how many were stored."""
    for number in range(10_000):
        try:
            with store.write() as turn:
                put_circuit(turn, _row(number))
        except Refusal as refusal:
            if refusal.code == "storage.full":
                return number
            raise
    raise AssertionError("it never was full")


def test_a_full_disk_is_refused_as_such_and_nothing_of_the_turn_is_stored(
    store: SqliteStore,
) -> None:
    _allow_pages(store, 20)
    stored = _fill(store)
    with store.read() as turn:
        assert circuit(turn, f"S{stored}") is None


def test_a_full_disk_is_read_as_ever(store: SqliteStore) -> None:
    _allow_pages(store, 20)
    assert _fill(store) > 0
    with store.read() as turn:
        assert circuit(turn, "S0") is not None


def test_when_there_is_room_again_it_is_used(store: SqliteStore) -> None:
    _allow_pages(store, 20)
    stored = _fill(store)
    _allow_pages(store, 1000)
    with store.write() as turn:
        put_circuit(turn, _row(stored))
    with store.read() as turn:
        assert circuit(turn, f"S{stored}") is not None


def test_below_the_reserve_nothing_new_is_taken_and_what_must_go_on_does(
    store: SqliteStore,
) -> None:
    short = replace(store, reserve=ROOM_FOR_EVER)
    with pytest.raises(Refusal, match=r"storage\.full"):
        short.require_room()
    with short.write() as turn:
        put_circuit(turn, _row(1))
    with short.read() as turn:
        assert circuit(turn, "S1") is not None


def test_above_the_reserve_there_is_room(store: SqliteStore) -> None:
    replace(store, reserve=0).require_room()
