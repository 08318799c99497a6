"""Connections stay open between turns, and no turn finds what another one left."""

import os
import threading

import pytest
from sqlalchemy import select

from gateway.store.circuit_rows import CircuitRow, circuit, put_circuit
from gateway.store.connection import Store, TakenError, Turn
from gateway.store.decision_rows import DecisionRow, put_decision
from gateway.store.tables import CIRCUIT

ROW = CircuitRow("UZ", 1, "", 0, "")


def _driver(turn: Turn) -> int:
    return id(turn.cursor.connection)


def test_the_next_turn_gets_the_same_connection(store: Store) -> None:
    with store.read() as turn:
        first = _driver(turn)
    with store.write() as turn:
        assert _driver(turn) == first
    with store.read() as turn:
        assert _driver(turn) == first


def test_turns_at_one_time_have_connections_of_their_own(store: Store) -> None:
    with store.read() as one, store.read() as two:
        assert _driver(one) != _driver(two)


@pytest.mark.parametrize("core", [False, True])
def test_a_turn_that_fails_leaves_nothing_to_the_next(store: Store, *, core: bool) -> None:
    def fail() -> None:
        with store.write() as turn:
            put_circuit(turn, ROW)
            if core:
                assert turn.execute(select(CIRCUIT)).all()
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    with store.write() as turn:
        assert circuit(turn, "UZ") is None
        put_circuit(turn, ROW)
    with store.read() as turn:
        assert circuit(turn, "UZ") == ROW


def test_a_turn_with_a_failed_statement_leaves_the_connection_well(store: Store) -> None:
    row = DecisionRow("x", "C.3", "token")
    with store.write() as turn:
        put_decision(turn, row)
    with pytest.raises(TakenError), store.write() as turn:
        put_decision(turn, row)
    with store.read() as turn:
        assert circuit(turn, "UZ") is None


def test_a_reader_sees_what_was_written_since_its_last_turn(store: Store) -> None:
    for failures in range(1, 4):
        row = CircuitRow("UZ", failures, "", 0, "")
        with store.write() as turn:
            put_circuit(turn, row)
        with store.read() as turn:
            assert circuit(turn, "UZ") == row
            assert turn.execute(select(CIRCUIT.c.failures)).scalar_one() == failures


def test_a_connection_that_was_closed_is_replaced(store: Store) -> None:
    with store.read() as turn:
        closed = turn.cursor.connection
    store.close()
    with store.read() as turn:
        assert turn.cursor.connection is not closed


def test_a_forked_process_opens_its_own(store: Store) -> None:
    with store.read() as turn:
        parent = turn.cursor.connection
    child = os.fork()
    if child == 0:
        with store.read() as turn:
            os._exit(int(turn.cursor.connection is parent))
    assert os.waitpid(child, 0)[1] == 0
    with store.read() as turn:
        assert turn.cursor.connection is parent
        assert circuit(turn, "UZ") is None


def test_threads_share_the_connections(store: Store) -> None:
    failed: list[BaseException] = []

    def work(partner: str) -> None:
        try:
            for failures in range(20):
                row = CircuitRow(partner, failures, "", 0, "")
                with store.write() as turn:
                    put_circuit(turn, row)
                with store.read() as turn:
                    assert circuit(turn, partner) == row
        except BaseException as error:  # noqa: BLE001 told to the test
            failed.append(error)

    threads = [threading.Thread(target=work, args=(f"P{one}",)) for one in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert failed == []
