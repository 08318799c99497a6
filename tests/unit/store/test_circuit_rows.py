"""How a partner fails is kept until it answers, on both databases."""

from gateway.store.circuit_rows import CircuitRow, circuit, circuits, close_circuit, put_circuit
from gateway.store.connection import Store

ONCE = CircuitRow("UZ", 1, "2026-11-28T00:00:00.000Z", 1000, "no answer")
TWICE = CircuitRow("UZ", 2, ONCE.since, 1003, "no answer")


def test_a_partner_has_one_row_the_newest(store: Store) -> None:
    with store.write() as turn:
        put_circuit(turn, ONCE)
        put_circuit(turn, TWICE)
    with store.read() as turn:
        assert (circuit(turn, "UZ"), circuits(turn)) == (TWICE, [TWICE])


def test_a_partner_that_answered_has_none(store: Store) -> None:
    with store.write() as turn:
        put_circuit(turn, ONCE)
        close_circuit(turn, "UZ")
    with store.read() as turn:
        assert circuit(turn, "UZ") is None
