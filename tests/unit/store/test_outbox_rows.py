"""What waits for a partner is claimed in the order of its chains, on both databases."""

from dataclasses import replace

from gateway.store import outbox_rows
from gateway.store.connection import Store
from gateway.store.outbox_rows import ALONE_AFTER, Due, Later, OutboxRow

DUE = Due("UZ", "message", now=1000, lease=60, limit=10)
LATER = replace(DUE, now=1060)


def _put(store: Store, *chains: str) -> None:
    """Put messages x0, x1, … on the way, each in its chain."""
    with store.write() as turn:
        for number, chain in enumerate(chains):
            outbox_rows.enqueue(turn, f"x{number}", "message", "UZ", chain)


def _claim(store: Store, due: Due = DUE, budget: int = 10) -> list[OutboxRow]:
    with store.write() as turn:
        return outbox_rows.claim(turn, due, budget=budget)


def _fail(store: Store, row: OutboxRow, failed: int) -> None:
    with store.write() as turn:
        outbox_rows.try_later(turn, row, Later(failed, DUE.now, "answer.missing"))


def _names(rows: list[OutboxRow]) -> list[str]:
    return [one.x for one in rows]


def test_only_the_first_of_a_chain_is_claimed(store: Store) -> None:
    _put(store, "a", "a", "b", "a")
    assert _names(_claim(store)) == ["x0", "x2"]


def test_what_is_claimed_is_hidden_until_its_lease_ends(store: Store) -> None:
    _put(store, "a")
    first, again = _claim(store), _claim(store)
    assert (_names(first), again, _names(_claim(store, LATER))) == (["x0"], [], ["x0"])


def test_the_next_of_a_chain_is_claimed_when_the_first_is_finished(store: Store) -> None:
    _put(store, "a", "a")
    rows = _claim(store)
    with store.write() as turn:
        outbox_rows.finish_rows(turn, [one.n for one in rows])
    assert _names(_claim(store)) == ["x1"]


def test_the_next_of_a_chain_waits_while_the_first_is_tried_again(store: Store) -> None:
    _put(store, "a", "a")
    (first,) = _claim(store)
    with store.write() as turn:
        outbox_rows.try_later(turn, first, Later(1, 2000, "answer.missing"))
    assert _claim(store, LATER) == []


def test_rows_of_another_partner_or_kind_are_not_claimed(store: Store) -> None:
    _put(store, "a")
    assert _claim(store, replace(DUE, partner="KG")) == []
    assert _claim(store, replace(DUE, kind="receipts")) == []


def test_what_failed_takes_no_more_than_its_budget(store: Store) -> None:
    _put(store, "a", "b", "c", "d")
    for one in _claim(store)[:3]:
        _fail(store, one, 1)
    assert _names(_claim(store, LATER, budget=2)) == ["x0", "x1", "x3"]


def test_what_failed_too_often_goes_alone_and_the_least_failed_first(store: Store) -> None:
    _put(store, "a", "b", "c")
    worst, better, good = _claim(store)
    _fail(store, worst, ALONE_AFTER + 4)
    _fail(store, better, ALONE_AFTER)
    _fail(store, good, 0)
    assert _names(_claim(store)) == ["x2"]
    with store.write() as turn:
        assert outbox_rows.something_goes_alone(turn, DUE) == worst.n
        assert _names(outbox_rows.claim_alone(turn, replace(DUE, limit=1))) == ["x1"]


def test_each_claim_counts_as_an_attempt(store: Store) -> None:
    _put(store, "a")
    _claim(store)
    assert _claim(store, LATER)[0].attempts == 2
    with store.read() as turn:
        assert outbox_rows.attempts(turn, "x0") == 2
