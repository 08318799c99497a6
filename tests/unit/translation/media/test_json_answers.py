"""Answers of JSON services: failures are told from empty answers, and rows are found in them."""

import json
from typing import Any

import pytest

from gateway.model.refusal import Refusal
from gateway.proof.strict_json import NumberText, parse_foreign
from gateway.translation.media.foreign import JsonFile, TableFile
from gateway.translation.media.json_answers import JsonAnswer, refuse_failed

HISTORY = JsonAnswer(
    "result/data/rows",
    "a",
    around={"id": None, "result": {"success": True}},
    shared="result/data/profile",
    many=True,
)
LICENCE = JsonAnswer("data", "a", around={"status": True})


def answer(**members: Any) -> Any:
    return parse_foreign(json.dumps(members).encode())


def fault(told: Any) -> str:
    with pytest.raises(Refusal) as caught:
        refuse_failed(told)
    assert caught.value.code == "source.fault"
    return caught.value.rule


@pytest.mark.parametrize(
    "told",
    [
        answer(success=True, data=[]),
        answer(result_code=1, data=None),
        answer(AnswereId="1"),
        answer(pResult=1),
        answer(status=1, data=[]),
        answer(status=True, data=[]),
        answer(status={"code": 200}, data=[]),
        answer(jsonrpc="2.0", id=1, error=None, result={"success": "true", "code": 200}),
    ],
)
def test_each_spelling_of_success_is_taken(told: Any) -> None:
    refuse_failed(told)


@pytest.mark.parametrize(
    ("told", "code"),
    [
        (answer(success=False, data=[]), ""),
        (answer(result_code=0, result_message="no such person"), "0"),
        (answer(AnswereId=3, AnswereMessage="no such person"), "3"),
        (answer(pResult="-1"), "-1"),
        (answer(status=0, message="no such person"), "0"),
        (answer(status=False, data=[]), ""),
        (answer(status={"code": 500}, data=None), "500"),
        (answer(jsonrpc="2.0", id=1, error={"code": -32601, "message": "?"}), "-32601"),
        (answer(jsonrpc="2.0", id=1, error="no such method"), ""),
        (answer(jsonrpc="2.0", id=1, result={"success": False, "code": 404}), "404"),
        (answer(type="Server.ServerProxy.ServiceFailed", message="?", detail="?"), "server"),
    ],
)
def test_answer_that_does_not_say_success_is_a_fault_with_its_code(told: Any, code: str) -> None:
    rule = fault(told)
    assert code.casefold() in rule.casefold()
    assert "person" not in rule


def test_status_of_a_record_is_no_answer() -> None:
    refuse_failed(answer(status=3, pin="1"))
    refuse_failed(answer(status="preliminary", data="1"))


def test_rows_are_known_by_names_and_by_what_they_share() -> None:
    rows = [{"a": "1"}]
    assert HISTORY.recognises(JsonFile({"result": {"data": {"profile": {}, "rows": rows}}}))
    assert HISTORY.recognises(JsonFile({"result": {"data": {"profile": {}, "rows": []}}}))
    assert not HISTORY.recognises(JsonFile({"result": {"data": {"rows": rows}}}))
    assert not HISTORY.recognises(JsonFile({"result": {"data": {"profile": {}, "rows": ["a"]}}}))
    assert LICENCE.recognises(JsonFile({"data": {"a": "1"}}))
    assert not LICENCE.recognises(JsonFile({"data": []}))
    assert not LICENCE.recognises(JsonFile([{"a": "1"}]))
    assert not LICENCE.recognises(TableFile((), None))


def test_every_row_holds_what_all_share() -> None:
    told = {"result": {"data": {"profile": {"pin": "7"}, "rows": [{"a": "1"}, {"a": "2"}]}}}
    opened = HISTORY.open(JsonFile(told))
    assert list(opened.rows) == [
        (1, {"a": "1", "profile": {"pin": "7"}}),
        (2, {"a": "2", "profile": {"pin": "7"}}),
    ]


@pytest.mark.parametrize("rows", [None, "", {}, []])
def test_empty_element_stands_for_an_absent_one(rows: Any) -> None:
    told = {"result": {"data": {"profile": {}, "rows": rows}}}
    assert HISTORY.recognises(JsonFile(told))
    assert list(HISTORY.open(JsonFile(told)).rows) == []


def test_single_element_stands_for_a_list_and_a_list_for_a_single_element() -> None:
    told = {"result": {"data": {"profile": {}, "rows": {"a": "1"}}}}
    assert list(HISTORY.open(JsonFile(told)).rows) == [(1, {"a": "1", "profile": {}})]
    assert list(LICENCE.open(JsonFile({"data": [{"a": "1"}]})).rows) == [(1, {"a": "1"})]


def test_row_that_is_no_object_is_refused_alone() -> None:
    (good, bad) = LICENCE.open(JsonFile({"data": [{"a": "1"}, "text"]})).rows
    assert good == (1, {"a": "1"})
    assert isinstance(bad[1], Refusal)


@pytest.mark.parametrize("told", [{"data": "text"}, {"other": []}, [], "text"])
def test_answer_without_the_place_of_rows_is_not_of_the_layout(told: Any) -> None:
    with pytest.raises(Refusal) as caught:
        LICENCE.open(JsonFile(told))
    assert caught.value.code == "layout.unknown"


def test_only_what_is_not_written_again_stands_around_the_rows() -> None:
    told = {
        "id": NumberText("7"),
        "result": {"success": True, "code": NumberText("200"), "data": {"profile": {}, "rows": []}},
    }
    envelope = HISTORY.open(JsonFile(told)).envelope
    assert envelope == {"id": "7", "result": {"code": "200", "data": {}}}


def test_answer_is_written_around_rows() -> None:
    rows = [{"a": "1", "profile": {"pin": "7"}}, {"a": "2", "profile": {"pin": "7"}}]
    assert json.loads(HISTORY.close(rows, None)) == {
        "id": None,
        "result": {
            "success": True,
            "data": {"profile": {"pin": "7"}, "rows": [{"a": "1"}, {"a": "2"}]},
        },
    }
    assert json.loads(LICENCE.close([{"a": "1"}], None)) == {"status": True, "data": {"a": "1"}}
