"""Paths into records and native trees."""

from typing import Any

from gateway.translation.paths import (
    MISSING,
    declared_tree,
    leaves,
    native_pick,
    pick,
    put,
    uncovered,
)


def test_placed_value_is_picked_again_with_its_pointer() -> None:
    record: dict[str, Any] = {}
    put(record, "fee[kind=a][currency=TJS]/amount", "5")
    put(record, "fee[kind=b]/amount", "6")
    assert record == {
        "fee": [{"kind": "a", "currency": "TJS", "amount": "5"}, {"kind": "b", "amount": "6"}]
    }
    assert pick(record, "fee[kind=b]/amount") == ("6", "/fee/1/amount")


def test_two_objects_at_one_place_are_joined() -> None:
    record: dict[str, Any] = {}
    put(record, "workplace/text", "x")
    put(record, "workplace", {"country": "KAZ"})
    assert record == {"workplace": {"text": "x", "country": "KAZ"}}


def test_absent_place_is_missing() -> None:
    assert pick({"pay": []}, "pay[0]/amount") == (MISSING, "")
    assert native_pick({"a": "text"}, "a/b") is MISSING


def test_leaves_pass_over_what_says_nothing() -> None:
    tree = {"a": "", "b": None, "c": [{"d": "1"}, {"d": "2"}], "e": False}
    assert list(leaves(tree)) == [("/c/0/d", "1"), ("/c/1/d", "2"), ("/e", False)]


def test_declared_parts_cover_what_is_below_them() -> None:
    tree = {"a": {"b": "1", "c": ""}, "d": [{"e": "2", "f": "3"}, "4"]}
    assert uncovered(tree, declared_tree({"a", "d/e"})) == {"/d/0/f": "3", "/d/1": "4"}


def test_path_that_is_carried_whole_covers_what_stands_below_it() -> None:
    declared = declared_tree({"a/b/c", "a/b", "d"})
    assert declared == {"a": {"b": None}, "d": None}
    assert uncovered({"a": {"b": {"x": "1"}, "y": "2"}, "d": ["3"]}, declared) == {"/a/y": "2"}
