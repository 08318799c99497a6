"""Tokens are kept once, however many rows name them."""

from sqlalchemy import func, select

from gateway.store.ministry_tables import TOKEN
from gateway.store.token_rows import put_token, token_named
from gateway.store.turns import Store


def test_a_token_is_kept_once_and_found_by_what_names_it(store: Store) -> None:
    with store.write() as turn:
        first, again = put_token(turn, "a.b.c"), put_token(turn, "a.b.c")
    with store.read() as turn:
        assert first == again
        assert token_named(turn, first) == "a.b.c"
        assert turn.execute(select(func.count()).select_from(TOKEN)).scalar_one() == 1


def test_rows_of_before_hold_their_token_themselves(store: Store) -> None:
    with store.read() as turn:
        assert (token_named(turn, "a.b.c"), token_named(turn, "none")) == ("a.b.c", "")
