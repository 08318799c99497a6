"""Turns that wait at the same time share one commit; each stands or falls by itself."""

import os
import signal
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

import psycopg
import pytest
from sqlalchemy import Connection, event, make_url

from gateway.config.config import ServerDatabase
from gateway.model.refusal import Refusal
from gateway.store.circuit_rows import CircuitRow, circuit, put_circuit
from gateway.store.connection import Store, StoreError, TakenError, Turn
from gateway.store.decision_rows import DecisionRow, put_decision
from gateway.store.group import Queue
from gateway.store.postgresql import PostgresqlStore, open_postgresql
from gateway.store.sqlite import SqliteStore, open_sqlite
from tests.support.cluster import close_connections, cluster
from tests.support.waiting import PATIENCE_SECONDS, until

LOG = "log"
Part = Callable[[Turn], None]


class BrokenPartError(Exception):
    """What a part that fails raises."""


@pytest.fixture
def database() -> Iterator[ServerDatabase]:
    yield cluster().database()
    close_connections()


def _queues(store: Store) -> list[Queue]:
    if isinstance(store, PostgresqlStore):
        return list(store.writers.values())
    assert isinstance(store, SqliteStore)
    return [store.writers]


def _together(store: Store, *parts: Part) -> list[BaseException | None]:
    """Have parts ask in their order while another turn works; gives what each of them raised."""
    raised: list[BaseException | None] = [None] * len(parts)

    def ask(number: int) -> None:
        try:
            with store.write(LOG) as turn:
                parts[number](turn)
        except BaseException as error:  # noqa: BLE001 told to the test
            raised[number] = error

    threads = [threading.Thread(target=ask, args=(one,)) for one in range(len(parts))]
    with store.write(LOG):
        for number, one in enumerate(threads, start=1):
            one.start()
            until(
                lambda so_many=number: sum(each.waiting for each in _queues(store)) == so_many,  # type: ignore[misc]
                "the threads to wait",
                every=0.001,
            )
    for one in threads:
        one.join(PATIENCE_SECONDS)
        assert not one.is_alive()
    return raised


def _put(partner: str, told: str = "") -> Part:
    return lambda turn: put_circuit(turn, CircuitRow(partner, 1, "", 0, told))


def _fails(turn: Turn) -> None:
    _put("failed")(turn)
    raise BrokenPartError


def _end_sessions(database: ServerDatabase) -> None:
    name = make_url(database.url).database
    ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = "
    cluster().run(f"{ended}'{name}'")


def _stored(store: Store, *partners: str) -> list[bool]:
    with store.read() as turn:
        return [circuit(turn, one) is not None for one in partners]


def test_those_that_wait_are_made_durable_by_one_commit(tmp_path: Path) -> None:
    store, ran = open_sqlite(tmp_path / "store.sqlite"), list[str]()

    def trace(connection: Connection, _record: object) -> None:
        connection.set_trace_callback(ran.append)  # type: ignore[attr-defined]

    event.listen(store.kept.engine, "connect", trace)
    assert _together(store, _put("a"), _put("b"), _put("c")) == [None, None, None]
    # One of the turn that all waited for, and one of theirs.
    assert (ran.count("COMMIT"), _stored(store, "a", "b", "c")) == (2, [True, True, True])


def test_a_turn_alone_has_no_savepoint(tmp_path: Path) -> None:
    store, ran = open_sqlite(tmp_path / "store.sqlite"), list[str]()
    event.listen(store.kept.engine, "connect", lambda one, _: one.set_trace_callback(ran.append))
    with store.write() as turn:
        _put("a")(turn)
    assert [one for one in ran if "SAVEPOINT" in one] == []


def test_they_work_in_the_order_in_which_they_asked(store: Store) -> None:
    order = list[int]()
    parts = [lambda _turn, n=number: order.append(n) for number in range(5)]
    _together(store, *parts)
    assert order == [0, 1, 2, 3, 4]


def test_one_sees_what_those_before_it_wrote(store: Store) -> None:
    seen = list[bool]()
    _together(store, _put("a"), lambda turn: seen.append(circuit(turn, "a") is not None))
    assert seen == [True]


@pytest.mark.parametrize("at", [0, 1, 2])
def test_one_that_fails_leaves_the_others(store: Store, at: int) -> None:
    parts = [_put("a"), _put("b")]
    parts.insert(at, _fails)
    raised = _together(store, *parts)
    assert [type(one) for one in raised if one is not None] == [BrokenPartError]
    assert (isinstance(raised[at], BrokenPartError), _stored(store, "a", "b", "failed")) == (
        True,
        [True, True, False],
    )


def test_where_all_fail_nothing_is_stored_and_the_next_one_works(store: Store) -> None:
    raised = _together(store, _fails, _fails)
    assert [type(one) for one in raised] == [BrokenPartError, BrokenPartError]
    assert _together(store, _put("a")) == [None]
    assert _stored(store, "failed", "a") == [False, True]


def test_one_that_hides_a_failed_statement_is_not_taken_for_stored(
    database: ServerDatabase,
) -> None:
    store = open_postgresql(database)

    def hide(turn: Turn) -> None:
        _put("hidden")(turn)
        for _ in range(2):
            with suppress(TakenError):
                put_decision(turn, DecisionRow("x", "C.3", "token"))

    first, second, third = _together(store, _put("a"), hide, _put("b"))
    assert (first, isinstance(second, StoreError), third) == (None, True, None)
    assert _stored(store, "a", "hidden", "b") == [True, False, True]


def test_a_disk_that_is_full_for_one_refuses_those_whose_rows_are_lost(tmp_path: Path) -> None:
    store = open_sqlite(tmp_path / "store.sqlite")
    with store.read() as turn:
        size = turn.core.exec_driver_sql("PRAGMA page_count").scalar_one()
    store.close()

    def limit(connection: Connection, _record: object) -> None:
        connection.execute(f"PRAGMA max_page_count={size + 20}")  # type: ignore[call-overload]

    event.listen(store.kept.engine, "connect", limit)
    raised = _together(store, _put("a"), _put("much", "x" * 1_000_000), _put("b"))
    told = [one.code if isinstance(one, Refusal) else one for one in raised]
    stored = _stored(store, "a", "much", "b")
    # Whoever was told nothing is stored, and nobody else.
    assert told[1] == "storage.full"
    assert [one is None for one in told] == stored
    assert {one for one in told if one is not None} == {"storage.full"}
    assert stored[2]


def test_those_before_a_lost_connection_are_told_and_those_after_go_on(
    database: ServerDatabase,
) -> None:
    store = open_postgresql(database)

    def cut(turn: Turn) -> None:
        _end_sessions(database)
        _put("cut")(turn)

    first, second, third = _together(store, _put("a"), cut, _put("b"))
    assert (isinstance(first, StoreError), isinstance(second, psycopg.Error), third) == (
        True,
        True,
        None,
    )
    assert _stored(store, "a", "cut", "b") == [False, False, True]


def test_when_the_commit_fails_nobody_is_told_that_it_is_stored(database: ServerDatabase) -> None:
    store = open_postgresql(database)

    def cut(turn: Turn) -> None:
        _put("last")(turn)
        _end_sessions(database)

    raised = _together(store, _put("a"), cut)
    assert all(one is not None for one in raised)
    assert _stored(store, "a", "last") == [False, False]


def test_a_process_that_is_forked_while_another_thread_writes_has_a_line_of_its_own(
    database: ServerDatabase,
) -> None:
    store = open_postgresql(database)
    inside, forked = threading.Event(), threading.Event()

    def work() -> None:
        with store.write(LOG):
            inside.set()
            forked.wait(PATIENCE_SECONDS)

    other = threading.Thread(target=work)
    other.start()
    inside.wait(PATIENCE_SECONDS)
    with warnings.catch_warnings():
        # Newer interpreters say that threads do not go on in it, which is what is looked at here.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        _write_and_end(store)
    forked.set()
    other.join(PATIENCE_SECONDS)
    assert (os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), _stored(store, "child")) == (
        0,
        [True],
    )


def _write_and_end(store: Store) -> NoReturn:
    signal.alarm(int(PATIENCE_SECONDS))
    status = 1
    try:
        with store.write(LOG) as turn:
            _put("child")(turn)
        status = 0
    finally:
        os._exit(status)


def test_many_threads_store_all_that_they_were_not_refused(store: Store) -> None:
    raised = list[BaseException]()

    def work(own: int) -> None:
        for number in range(25):
            try:
                with store.write(LOG) as turn:
                    _put(f"{own}-{number}")(turn)
                    if number % 5 == own % 5:
                        raise BrokenPartError
            except BrokenPartError:
                pass
            except BaseException as error:  # noqa: BLE001 told to the test
                raised.append(error)

    threads = [threading.Thread(target=work, args=(one,)) for one in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(PATIENCE_SECONDS)
    names = [(own, number) for own in range(8) for number in range(25)]
    wanted = [number % 5 != own % 5 for own, number in names]
    assert (raised, _stored(store, *(f"{own}-{number}" for own, number in names))) == ([], wanted)
