"""A statement is composed once and gives on each database what Core would."""

from collections.abc import Mapping

import pytest
from sqlalchemy import bindparam, delete, select

from gateway.store.connection import Store, TakenError, Turn
from gateway.store.prepared import Statement, insert, one_of, upsert
from gateway.store.tables import DAY_KEY, RECEIPT, WITNESSED

DAY = insert(DAY_KEY, ("corridor", "day", "wrapped"))
# In another order than the table has them.
RECEIPTS = insert(RECEIPT, ("octets", "token", "x", "codes"))
NAMES = ("origin", "size", "root", "note")
NEW = insert(WITNESSED, NAMES)
RISING = upsert(WITNESSED, NAMES, "origin", rising="size")
ALL = Statement(select(WITNESSED.c.origin, WITNESSED.c.size).order_by(WITNESSED.c.origin))
NAMED = Statement(select(WITNESSED.c.origin).where(one_of(WITNESSED.c.origin, "names")))
COUNTED = Statement(select(WITNESSED.c.origin).where(one_of(WITNESSED.c.size, "numbers")))
END = Statement(delete(WITNESSED).where(WITNESSED.c.size < bindparam("least")))


def row(name: str, size: int) -> Mapping[str, object]:
    return {"origin": name, "size": size, "root": b"", "note": b""}


def put(turn: Turn, *names: str) -> None:
    NEW.run_all(turn, [row(name, place) for place, name in enumerate(names)])


def test_rows_are_stored_together_and_none_is_no_statement(store: Store) -> None:
    with store.write() as turn:
        put(turn)
        put(turn, "a")
        put(turn, "b", "c")
        assert ALL.rows(turn, {}) == [("a", 0), ("b", 0), ("c", 1)]


@pytest.mark.parametrize("count", [2, 15, 16, 21, 85, 150])
def test_rows_that_are_sent_together_are_stored_as_each_is(store: Store, count: int) -> None:
    wanted = [(f"{place:03}", place) for place in range(count)]
    with store.write() as turn:
        put(turn, *(name for name, _ in wanted))
        assert ALL.rows(turn, {}) == wanted
    with pytest.raises(TakenError), store.write() as turn:
        put(turn, *(f"new {place}" for place in range(count)), wanted[-1][0])


def test_rows_that_the_database_numbers_are_numbered_in_their_order(store: Store) -> None:
    numbered = Statement(select(RECEIPT.c.x, RECEIPT.c.codes).order_by(RECEIPT.c.n))
    xs = [str(one) for one in range(50, 0, -1)]
    with store.write() as turn:
        RECEIPTS.run_all(
            turn, [{"x": x, "codes": f"codes of {x}", "token": "", "octets": None} for x in xs]
        )
        assert numbered.rows(turn, {}) == [(x, f"codes of {x}") for x in xs]


def test_a_list_is_one_parameter_whatever_it_holds(store: Store) -> None:
    names = ["plain", "a'b\"c\\d", "ё 🙂", "{}", "null"]
    with store.write() as turn:
        put(turn, *names)
        assert sorted(NAMED.values(turn, {"names": {*names, "absent"}})) == sorted(names)
        assert NAMED.values(turn, {"names": []}) == []
        assert len(NAMED.values(turn, {"names": [*names, *map(str, range(50_000))]})) == 5
        assert COUNTED.values(turn, {"numbers": [2, 4]}) == [names[2], names[4]]


def test_a_list_of_octets_is_one_too(store: Store) -> None:
    wrapped = Statement(select(DAY_KEY.c.day).where(one_of(DAY_KEY.c.wrapped, "octets")))
    with store.write() as turn:
        for day, octets in (("1", b"\x00\xff"), ("2", b""), ("3", b"text")):
            DAY.run(turn, {"corridor": "home", "day": day, "wrapped": octets})
        assert sorted(wrapped.values(turn, {"octets": [b"\x00\xff", b"", b"x"]})) == ["1", "2"]


def test_a_taken_key_is_told_without_the_key(store: Store) -> None:
    with pytest.raises(TakenError) as told, store.write() as turn:
        put(turn, "somebody", "somebody")
    assert "somebody" not in str(told.value)
    assert told.value.__suppress_context__
    with pytest.raises(TakenError), store.write() as turn:
        NEW.run(turn, row("a", 1)) and NEW.run(turn, row("a", 2))
    with store.read() as turn:
        assert ALL.rows(turn, {}) == []


def test_a_row_takes_the_place_of_the_one_of_its_key_unless_it_would_fall(store: Store) -> None:
    with store.write() as turn:
        for size in (1, 3, 2, 3):
            RISING.run(turn, row("a", size))
        assert ALL.rows(turn, {}) == [("a", 3)]


def test_what_was_changed_is_counted(store: Store) -> None:
    with store.write() as turn:
        put(turn, "a", "b", "c")
        assert END.run(turn, {"least": 2}) == 2
        assert END.run(turn, {"least": 2}) == 0


def test_a_value_that_is_not_there_is_none(store: Store) -> None:
    with store.read() as turn:
        assert NAMED.value(turn, {"names": ["a"]}) is None
        assert NAMED.row(turn, {"names": ["a"]}) is None


def test_a_row_read_in_part_leaves_no_snapshot_behind(store: Store) -> None:
    with store.write() as turn:
        put(turn, "a", "b")
    with store.read() as turn:
        assert ALL.value(turn, {}) == "a"
    with store.write() as turn:
        END.run(turn, {"least": 1})
    with store.read() as turn:
        assert ALL.rows(turn, {}) == [("b", 1)]
