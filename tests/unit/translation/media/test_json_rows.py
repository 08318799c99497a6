"""JSON files: known by their names, written with numbers as they were."""

import json

from gateway.model.refusal import Refusal
from gateway.proof.strict_json import NumberText, parse_foreign
from gateway.translation.media.foreign import JsonFile, TableFile
from gateway.translation.media.json_rows import JsonList, JsonObject, json_text


def test_numbers_are_written_as_they_were_spelled() -> None:
    value = {"a": NumberText("280000.00"), "b": ["x", None, True, {}], "c": '"ʻ'}
    assert parse_foreign(json_text(value).encode()) == value
    assert "280000.00" in json_text(value)


def test_object_is_known_by_all_its_names() -> None:
    medium = JsonObject("a", "b")
    assert medium.recognises(JsonFile({"a": 1, "b": 2, "c": 3}))
    assert not medium.recognises(JsonFile({"a": 1}))
    assert not medium.recognises(JsonFile([{"a": 1, "b": 2}]))
    assert not medium.recognises(TableFile((), None))


def test_row_that_is_no_object_is_refused_alone() -> None:
    medium = JsonList("data", "a", around={"status": True})
    opened = medium.open(JsonFile({"status": True, "data": [{"a": "1"}, "text"]}))
    (first, second) = opened.rows
    assert first == (1, {"a": "1"})
    assert isinstance(second[1], Refusal)


def test_answer_stands_around_written_rows() -> None:
    medium = JsonList("data", "a", around={"status": True})
    assert json.loads(medium.close([{"a": "1"}], None)) == {"status": True, "data": [{"a": "1"}]}
