"""The troubles of Uzbekistan's services (country-formats 5), each on a changed sample."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gateway.catalogue import load_catalogue
from gateway.model.refusal import Refusal
from gateway.translation import Reading, load_countries, read, write

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "adapters/uz/samples"
COUNTRIES = load_countries(ROOT / "adapters")
CATALOGUE = load_catalogue(ROOT / "schemas")
AT = datetime(2026, 11, 24, tzinfo=UTC)
HISTORY = "03-citizenhistory-jsonrpc-response.json"
NEWEST_FIRST = "05-citizenhistory-newest-first.json"


def reading_of(told: Any, layout: str | None = None) -> Reading:
    return read(json.dumps(told).encode(), layout, COUNTRIES, CATALOGUE, at=AT)


def changed(sample: str, change: Callable[[Any], object]) -> Reading:
    told = json.loads((SAMPLES / sample).read_bytes())
    change(told)
    return reading_of(told)


def records_of(reading: Reading) -> list[dict[str, Any]]:
    return [result.record for result in reading.results if result.record is not None]


def rows(told: Any) -> Any:
    return told["result"]["data"]["experiences"]


# uz.work-history


def test_rows_of_one_chain_share_the_number_of_the_oldest() -> None:
    reading = changed(NEWEST_FIRST, lambda told: None)
    assert {result.identity for result in reading.results} == {"802001"}


def test_rows_come_oldest_first_whatever_their_order_in_the_file() -> None:
    reading = changed(NEWEST_FIRST, lambda told: None)
    assert [result.rows for result in reading.results] == [(3,), (2,), (1,)]
    assert [r.get("supersedes", {}).get("number") for r in records_of(reading)] == [
        None,
        "802001",
        "802950",
    ]
    assert [record["state"] for record in records_of(reading)] == [
        "registered",
        "amended",
        "amended",
    ]


def test_contracts_without_a_common_predecessor_are_told_apart() -> None:
    reading = changed(HISTORY, lambda told: rows(told)[1].update(parent_id=None))
    assert [result.identity for result in reading.results] == ["771002", "771540"]


def test_predecessor_that_is_not_in_the_file_still_names_the_chain() -> None:
    reading = changed(HISTORY, lambda told: rows(told).pop(0))
    assert [result.identity for result in reading.results] == ["771002"]
    assert records_of(reading)[0]["supersedes"] == {"number": "771002"}


def test_predecessors_in_a_circle_refuse_their_rows() -> None:
    reading = changed(HISTORY, lambda told: rows(told)[0].update(parent_id=771540))
    assert [(r.errors[0].code, r.errors[0].place) for r in reading.results] == [
        ("field.unreadable", "row 1: /parent_id"),
        ("field.unreadable", "row 2: /parent_id"),
    ]


def test_row_about_another_person_is_refused_alone() -> None:
    reading = changed(HISTORY, lambda told: rows(told)[1].update(person_pin="51208012030039"))
    assert [result.status for result in reading.results] == ["ok", "refused"]
    assert reading.results[1].errors[0].place == "row 2: /person_pin"


def test_number_in_the_rows_alone_is_the_person_s() -> None:
    reading = changed(HISTORY, lambda told: told["result"]["data"]["profile"].pop("pin"))
    assert records_of(reading)[0]["person"]["identifier"][0]["value"] == "40211962140075"


def test_cyrillic_name_is_told_as_such_and_written_again() -> None:
    reading = changed(NEWEST_FIRST, lambda told: None)
    name = records_of(reading)[0]["person"]["name"][0]
    assert (name["script"], name["family"]) == ("Cyrl", "САТТОРОВ")
    triple = ("EmploymentContract", records_of(reading)[0], "UZ")
    told = json.loads(write([triple], "uz.work-history", COUNTRIES).data)
    assert told["result"]["data"]["profile"]["person_surname"] == "САТТОРОВ"


@pytest.mark.parametrize("apostrophe", "'`\u2018\u2019\u02bb\u02bc")
def test_six_apostrophes_are_one_letter(apostrophe: str) -> None:
    def spell(told: Any) -> None:
        profile = told["result"]["data"]["profile"]
        profile["person_surname"] = f"TO{apostrophe}XTASINOVA"

    assert records_of(changed(HISTORY, spell))[0]["person"]["name"][0]["family"] == "TOʻXTASINOVA"


def test_history_without_contracts_is_an_empty_answer() -> None:
    reading = changed(HISTORY, lambda told: rows(told).clear())
    assert (reading.status, reading.results) == ("ok", ())
    assert [warning.code for warning in reading.warnings] == ["EMPTY-ANSWER"]


def test_single_contract_may_come_without_its_list() -> None:
    def unlist(told: Any) -> None:
        told["result"]["data"]["experiences"] = rows(told)[0]

    assert [result.rows for result in changed(HISTORY, unlist).results] == [(1,)]


@pytest.mark.parametrize(
    "failure",
    [
        {"jsonrpc": "2.0", "id": 1, "error": {"code": -32602, "message": "?"}},
        {"jsonrpc": "2.0", "id": 1, "error": None, "result": {"success": False, "data": None}},
        {"result_code": 0, "result_message": "?"},
        {"AnswereId": 2, "AnswereMessage": "?"},
        {"pResult": 0},
        {"status": 0, "message": "?"},
        {"status": {"code": 404, "message": "?"}, "data": []},
        {"success": False, "data": {"profile": {}, "experiences": []}},
    ],
)
@pytest.mark.parametrize("layout", [None, "uz.work-history"])
def test_answer_that_is_no_success_is_a_fault_and_never_empty(
    failure: dict[str, Any], layout: str | None
) -> None:
    error = reading_of(failure, layout).error
    assert error is not None
    assert error.code == "source.fault"


def test_failure_with_contracts_beside_it_is_a_fault() -> None:
    reading = changed(HISTORY, lambda told: told["result"].update(success=False))
    assert reading.error is not None
    assert reading.error.code == "source.fault"


def history_of(*records: dict[str, Any], country: str = "UZ") -> bytes:
    triples = [("EmploymentContract", record, country) for record in records]
    return write(triples, "uz.work-history", COUNTRIES).data


def test_an_answer_is_about_one_person() -> None:
    first = records_of(changed(HISTORY, lambda told: None))[0]
    other = records_of(changed(NEWEST_FIRST, lambda told: None))[0]
    with pytest.raises(Refusal) as caught:
        history_of(first, other)
    assert (caught.value.code, caught.value.place) == ("layout.cannot-carry", "/record/person")


def test_foreign_amendment_has_no_older_row_in_this_register() -> None:
    amended = records_of(changed(HISTORY, lambda told: None))[1]
    with pytest.raises(Refusal) as caught:
        history_of(amended, country="KZ")
    assert caught.value.place == "/record/state"


def test_foreign_numbers_stay_out_of_the_home_fields() -> None:
    first = records_of(changed(HISTORY, lambda told: None))[0]
    told = json.loads(history_of(first, country="KZ"))
    assert rows(told)[0]["transaction_id"] is None
