"""A row's fields as one function: what is read, skipped, placed and told."""

from typing import Any

import pytest
from marshmallow import missing

from gateway.translation.fields import Digits, Text, TwoWay
from gateway.translation.row_reading import compiled
from gateway.translation.turn import Fault

Read = tuple[dict[str, Any], dict[str, tuple[int, ...]], dict[str, Any]]


def _read(data: Any, *fields: TwoWay) -> Read:
    record: dict[str, Any] = {}
    at: dict[str, tuple[int, ...]] = {}
    faults: dict[str, Any] = {}
    compiled(fields)(data, record, at, faults)
    return record, at, faults


def test_values_go_from_native_objects_to_their_holders() -> None:
    tree = {"worker": {"name": " Я ", "age": "7"}}
    fields = Text("worker/name", "person/name[form=native]/full"), Digits("worker/age", "age")
    record, at, _ = _read(tree, *fields)
    assert record == {"person": {"name": [{"form": "native", "full": "Я"}]}, "age": 7}
    assert at == {"person/name[form=native]/full": (0,), "age": ()}


def test_values_of_one_element_share_it() -> None:
    fields = Text("a", "pay[0]/amount"), Text("b", "pay[0]/currency")
    record, _, _ = _read({"a": "1", "b": "KZT"}, *fields)
    assert record == {"pay": [{"amount": "1", "currency": "KZT"}]}


@pytest.mark.parametrize("value", [None, "", " ", [], {}])
def test_what_says_nothing_makes_no_holder(value: Any) -> None:
    assert _read({"a": value}, Text("a", "person/name")) == ({}, {}, {})


@pytest.mark.parametrize("tree", [{}, {"a": None}, {"a": "text"}, {"a": ["1"]}, "text", None])
def test_native_object_may_be_absent_or_something_else(tree: Any) -> None:
    assert _read(tree, Text("a/b", "person/name")) == ({}, {}, {})


@pytest.mark.parametrize("tree", [{}, {"a": ""}, {"a": None}, "text"])
def test_absent_value_of_a_needed_field_is_a_fault(tree: Any) -> None:
    rule = "the record cannot be without this field"
    _, _, faults = _read(tree, Text("a", "number", required=True))
    assert faults == {"a": [Fault("field.missing", rule)]}


def test_all_faults_are_told_and_the_rest_is_read() -> None:
    fields = Digits("a", "x"), Text("b", "y"), Text("c", "z")
    record, _, faults = _read({"a": "ten", "b": {"d": "e"}, "c": "1"}, *fields)
    assert (record, sorted(faults)) == ({"z": "1"}, ["a", "b"])


def test_two_fields_may_make_one_object() -> None:
    class Whole(TwoWay):
        def read(self, value: Any) -> Any:
            return {"code": value}

    fields = Whole("a", "occupation"), Text("b", "occupation/label[0]/text")
    record, _, _ = _read({"a": "1", "b": "w"}, *fields)
    assert record == {"occupation": {"code": "1", "label": [{"text": "w"}]}}


class _Beside(TwoWay):
    """Tells what stands beside its value."""

    def deserialize(self, value: Any, attr: Any = None, data: Any = None, **_kwargs: Any) -> Any:
        return missing if data is None else f"{value} {data['/']['b']}"


def test_field_that_asks_for_itself_sees_the_whole_row_even_without_a_value() -> None:
    assert _read({"b": "2"}, _Beside("a", "x"))[0] == {"x": "None 2"}
