"""A row of a key that is there stays, and the turn goes on."""

from sqlalchemy import select

from gateway.store.connection import Store
from gateway.store.once import put_once
from gateway.store.submission_rows import forget_nonces, spend_nonce
from gateway.store.tables import DAY_KEY

FIRST = {"corridor": "KZ-UZ", "day": "2026-01-01", "wrapped": b"first"}


def test_the_first_row_of_a_key_stays_and_the_turn_goes_on(store: Store) -> None:
    with store.write() as turn:
        assert put_once(turn, DAY_KEY, FIRST) == 1
        assert put_once(turn, DAY_KEY, FIRST | {"wrapped": b"second"}) == 0
        assert put_once(turn, DAY_KEY, FIRST | {"corridor": "KG-KZ"}) == 1
    with store.read() as turn:
        kept = turn.execute(select(DAY_KEY.c.corridor, DAY_KEY.c.wrapped)).all()
    assert sorted(map(tuple, kept)) == [("KG-KZ", b"first"), ("KZ-UZ", b"first")]


def test_a_nonce_is_spent_once_a_key(store: Store) -> None:
    with store.write() as turn:
        spent = [spend_nonce(turn, key, "n", 100) for key in ("a", "a", "b")]
    assert spent == [True, False, True]


def test_a_nonce_is_forgotten_once_its_request_is_too_old(store: Store) -> None:
    with store.write() as turn:
        for at in (100, 101):
            spend_nonce(turn, "a", str(at), at)
        forget_nonces(turn, 101)
        assert [spend_nonce(turn, "a", one, 101) for one in ("100", "101")] == [True, False]
