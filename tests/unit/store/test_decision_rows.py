"""There is one decision an exchange."""

import pytest

from gateway.store.connection import Store, TakenError
from gateway.store.decision_rows import DecisionRow, decision, put_decision


def test_a_second_decision_is_not_stored(store: Store) -> None:
    with store.write() as turn:
        put_decision(turn, DecisionRow("x", "C.3", "token"))
    with pytest.raises(TakenError), store.write() as turn:
        put_decision(turn, DecisionRow("x", "C.4", "another"))
    with store.read() as turn:
        assert decision(turn, "x") == DecisionRow("x", "C.3", "token")
        assert decision(turn, "y") is None
