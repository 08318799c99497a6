"""A row of a file is sent by one re-run and never by another."""

import pytest

from gateway.store.connection import Store, TakenError
from gateway.store.rerun_rows import put_rows_sent, rows_sent


def test_a_row_that_was_sent_cannot_be_sent_again(store: Store) -> None:
    with store.write() as turn:
        put_rows_sent(turn, "root", [1, 2], "first")
    with pytest.raises(TakenError), store.write() as turn:
        put_rows_sent(turn, "root", [3, 2], "second")
    with store.read() as turn:
        assert rows_sent(turn, "root") == {1, 2}
        assert rows_sent(turn, "another") == set()


def test_nothing_to_send_is_nothing_stored(store: Store) -> None:
    with store.write() as turn:
        put_rows_sent(turn, "root", [], "first")
    with store.read() as turn:
        assert rows_sent(turn, "root") == set()
