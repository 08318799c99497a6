"""The troubles of Uzbekistan's services (country-formats 5), each on a changed sample."""

import csv
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from adapters.uz.words import folded
from gateway.catalogue import load_catalogue
from gateway.model.refusal import Refusal
from gateway.translation import Reading, Written, load_countries, read, write

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "adapters/uz/samples"
COUNTRIES = load_countries(ROOT / "adapters")
CATALOGUE = load_catalogue(ROOT / "schemas")
AT = datetime(2026, 11, 24, tzinfo=UTC)
HISTORY = "03-citizenhistory-jsonrpc-response.json"
VACANCY = "01-xorijdaish-vacancy.json"
WORDS = ("countries", "sex_required", "experience", "education", "languages")
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


# uz.vacancies


def vacancy(change: Callable[[Any], object]) -> Reading:
    return changed(VACANCY, lambda told: change(told["data"]["vacancy"]))


def order(**members: Any) -> dict[str, Any]:
    (result,) = vacancy(lambda told: told.update(members)).results
    assert result.record is not None, result.errors
    return result.record


def vacancy_of(record: dict[str, Any], country: str = "KZ") -> tuple[Any, Written]:
    made = write([("JobOrder", record, country)], "uz.vacancies", COUNTRIES)
    return json.loads(made.data)["data"]["vacancy"], made


def test_currency_rules_over_the_name_of_the_salary() -> None:
    assert order(currency="KZT")["pay"] == [
        {"amount": "550", "currency": "KZT"},
        {"amount": "700", "currency": "KZT"},
    ]


def test_one_amount_is_the_only_pay_and_a_span_rules_over_it() -> None:
    alone = {"salary_dollar": "600.50", "salary_dollar_from": None, "salary_dollar_to": ""}
    assert order(**alone)["pay"] == [{"amount": "600.50", "currency": "USD"}]
    (result,) = vacancy(lambda told: told.update(salary_dollar="600")).results
    assert result.record is not None
    assert [one["amount"] for one in result.record["pay"]] == ["550", "700"]
    assert "/data/vacancy/salary_dollar" in result.residue


def test_amounts_without_a_currency_are_no_pay_and_are_kept_as_residue() -> None:
    (result,) = vacancy(lambda told: told.update(currency="")).results
    assert result.record is not None
    assert "pay" not in result.record
    assert {
        "/data/vacancy/salary_dollar_from",
        "/data/vacancy/salary_dollar_to",
    } <= set(result.residue)
    assert ("MEMBER-MISSING", "/pay") in {(w.code, w.path) for w in result.warnings}


@pytest.mark.parametrize(("word", "sex"), [("Erkak", "1"), ("Аёл", "2"), ("Ayol", "2")])
def test_demanded_sex_is_told_and_warned_of(word: str, sex: str) -> None:
    (result,) = vacancy(lambda told: told.update(gender_vacancy_uz=word)).results
    assert result.record is not None
    assert result.record["sexRequired"] == sex
    assert ("FR-SEX-REQUIRED", "/sexRequired") in {(w.code, w.path) for w in result.warnings}


def test_sex_that_does_not_matter_is_no_demand() -> None:
    (result,) = vacancy(lambda told: told.update(gender_vacancy_uz="Farqi yo'q")).results
    assert result.record is not None
    assert "sexRequired" not in result.record
    assert "/data/vacancy/gender_vacancy_uz" in result.residue
    assert "FR-SEX-REQUIRED" not in {w.code for w in result.warnings}


@pytest.mark.parametrize(
    "spelled",
    ["Qozogʻiston", "Qozog'iston", "Qozog‘iston", "QOZOG`ISTON", "Қозоғистон", "Qozoğiston"],
)
def test_words_are_known_in_either_script_and_alphabet(spelled: str) -> None:
    assert order(country_name_uz=spelled)["workplace"]["country"] == "KAZ"


def test_unknown_country_refuses_the_vacancy() -> None:
    (result,) = vacancy(lambda told: told.update(country_name_uz="Atlantida")).results
    assert [(e.code, e.place) for e in result.errors] == [
        ("code.unknown", "row 1: /country_name_uz")
    ]


def test_unknown_words_are_kept_or_listed_and_said() -> None:
    (result,) = vacancy(
        lambda told: told.update(
            experience_uz="Ko‘p yil",
            education_uz="Kurslar",
            check_languages=["Rus tili", "Ona tili"],
        )
    ).results
    assert result.record is not None
    assert result.record["education"] == {"nativeCode": "Kurslar"}
    assert result.record["languages"] == ["rus"]
    assert {"/data/vacancy/experience_uz", "/data/vacancy/check_languages"} <= set(result.residue)
    assert {w.path for w in result.warnings if w.code == "CODE-UNMAPPED"} >= {
        "/experienceMonths",
        "/education",
        "/languages",
    }


def test_no_meals_and_no_housing_are_none() -> None:
    record = order(meals=0, is_accomodation_provided=False)
    assert (record["meals"], record["housing"]) == ("none", "none")


def test_number_with_blanks_is_a_number() -> None:
    assert order(total="1 200")["places"] == 1200


def test_failed_answer_about_a_vacancy_is_a_fault() -> None:
    reading = reading_of({"success": False, "message": "?", "data": {"vacancy": None}})
    assert reading.error is not None
    assert reading.error.code == "source.fault"


def test_deadline_is_written_with_a_time_that_says_nothing() -> None:
    told, _ = vacancy_of(order())
    assert told["end_date"] == "2026-07-01 00:00:00"


def test_foreign_order_number_stays_out_of_the_home_field_and_is_read_again() -> None:
    told, made = vacancy_of(order() | {"orderNumber": "JO-2026/7"})
    assert (told["id"], told["foreign_order_number"]) == (None, "JO-2026/7")
    (result,) = read(made.data, None, COUNTRIES, CATALOGUE, at=AT).results
    assert (result.record or {})["orderNumber"] == "JO-2026/7"


def test_own_order_number_goes_home() -> None:
    told, _ = vacancy_of(order(), "UZ")
    assert (told["id"], "foreign_order_number" in told) == (48211, False)


def test_occupation_known_by_its_code_is_written_as_a_code() -> None:
    record = order() | {"occupation": {"code": "9211", "list": "ISCO-08"}}
    told, made = vacancy_of(record)
    assert (told["nskz"], told["occupation_name_uz"]) == ("9211", "")
    (result,) = read(made.data, None, COUNTRIES, CATALOGUE, at=AT).results
    assert (result.record or {})["occupation"]["code"] == "9211"


def test_russian_words_in_an_uzbek_field_are_said() -> None:
    record = order() | {"occupation": {"label": [{"text": "Каменщик", "lang": "rus"}]}}
    told, made = vacancy_of(record)
    assert told["occupation_name_uz"] == "Каменщик"
    assert "SCRIPT-SUBSTITUTED" in {warning.code for warning in made.warnings}


@pytest.mark.parametrize(
    ("members", "place"),
    [
        ({"state": "closed"}, "/record/state"),
        (
            {
                "pay": [
                    {"amount": "550", "currency": "USD"},
                    {"amount": "300000", "currency": "KZT"},
                ]
            },
            "/record/pay",
        ),
        ({"occupation": {"nativeCode": "7", "nativeList": "X"}}, "/record/occupation"),
    ],
)
def test_order_that_a_vacancy_cannot_say_is_refused(members: dict[str, Any], place: str) -> None:
    with pytest.raises(Refusal) as caught:
        vacancy_of(order() | members)
    assert (caught.value.code, caught.value.place) == ("layout.cannot-carry", place)


def test_order_without_a_state_may_be_put_on_the_portal() -> None:
    record = {name: node for name, node in order().items() if name != "state"}
    assert vacancy_of(record)[0]["total"] == 40


@pytest.mark.parametrize("table", sorted(WORDS))
def test_no_two_words_of_a_list_are_spelled_alike_for_different_codes(table: str) -> None:
    with (ROOT / f"adapters/uz/codes/{table}.csv").open(encoding="utf-8", newline="") as lines:
        rows = [(folded(row["native"]), row["common"]) for row in csv.DictReader(lines)]
    assert len(dict(rows)) == len(set(rows))
