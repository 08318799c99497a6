"""The troubles of Kyrgyz services (country-formats 3), each on a changed sample."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gateway.catalogue import load_catalogue
from gateway.model.refusal import Refusal
from gateway.translation import Reading, Written, load_countries, read, write

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "adapters/kg/samples"
COUNTRIES = load_countries(ROOT / "adapters")
CATALOGUE = load_catalogue(ROOT / "schemas")
AT = datetime(2026, 11, 24, tzinfo=UTC)
PERMIT = "03-agency-permit-rest-response.json"
PERIODS = "01-socfund-workperiods-soap-response.xml"
SINGLE = "06-socfund-single-period.xml"
REQUEST = (
    b"GET /r1/central-server/GOV/70009902/migration-service/agencies/01203201510042 HTTP/1.1\r\n"
    b"Host: security-server.invalid\r\nX-Road-Client: central-server/GOV/70009901/lm-gateway\r\n"
)


def reading_of(data: bytes, layout: str | None = None) -> Reading:
    return read(data, layout, COUNTRIES, CATALOGUE, at=AT)


def permit(change: Callable[[Any], object]) -> Reading:
    told = json.loads((SAMPLES / PERMIT).read_bytes())
    change(told["data"])
    return reading_of(json.dumps(told).encode())


def record_of(reading: Reading) -> dict[str, Any]:
    (result,) = reading.results
    assert result.record is not None, result.errors
    return result.record


def written(record: dict[str, Any]) -> tuple[dict[str, Any], Written]:
    made = write([("AgencyLicence", record, "KG")], "kg.agency-permits", COUNTRIES)
    return json.loads(made.data)["data"], made


# kg.agency-permits


@pytest.mark.parametrize("layout", [None, "kg.agency-permits"])
def test_request_is_no_record(layout: str | None) -> None:
    error = reading_of(REQUEST, layout).error
    assert error is not None
    assert error.code == "source.not-a-record"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\r\n",
        b'{"status": true, "message": "", "data": null}',
        b'{"status": true, "data": []}',
    ],
)
def test_unknown_agency_is_an_empty_answer(data: bytes) -> None:
    reading = reading_of(data, "kg.agency-permits")
    assert (reading.status, reading.results) == ("ok", ())
    assert [warning.code for warning in reading.warnings] == ["EMPTY-ANSWER"]


@pytest.mark.parametrize(
    "data",
    [
        b"Column is null",
        b'"Column is null"',
        b'{"status": false, "message": "Column is null", "data": null}',
        b'{"type": "Server.ServerProxy.ServiceFailed", "message": "?", "detail": "?"}',
    ],
)
@pytest.mark.parametrize("layout", [None, "kg.agency-permits"])
def test_failure_of_the_service_is_a_fault_and_never_empty(data: bytes, layout: str | None) -> None:
    error = reading_of(data, layout).error
    assert error is not None
    assert error.code == "source.fault"


def test_single_element_stands_for_a_list() -> None:
    def unlist(agency: Any) -> None:
        agency["permit"]["countries"] = "KZ"
        agency["violations"] = agency["violations"][0]

    record = record_of(permit(unlist))
    assert record["countries"] == ["KAZ"]
    assert [one["date"] for one in record["violation"]] == ["2026-05-12"]


@pytest.mark.parametrize("nothing", ["", None, [], {}, [{}], [{"date": "", "note": ""}], [""]])
def test_empty_element_stands_for_an_absent_one(nothing: Any) -> None:
    assert "violation" not in record_of(permit(lambda agency: agency.update(violations=nothing)))


def test_country_outside_the_list_refuses_the_licence() -> None:
    (result,) = permit(lambda agency: agency["permit"]["countries"].append("XX")).results
    assert [(e.code, e.place) for e in result.errors] == [
        ("code.unknown", "row 1: /permit/countries")
    ]


def test_deposit_in_another_currency_is_not_written_as_som() -> None:
    record = record_of(permit(lambda agency: None))
    record["deposit"] = {"amount": "1000", "currency": "USD"}
    agency, made = written(record)
    assert "depositSom" not in agency["permit"]
    assert "/record/deposit" in made.residue


def test_foreign_holder_stands_in_no_kyrgyz_field() -> None:
    record = record_of(permit(lambda agency: None))
    record["holder"] = {
        "identifier": [
            {"scheme": "KZ-BIN", "value": "170440012348", "issuer": "KAZ", "state": "checked"}
        ],
        "name": [{"text": "«Altyn Kadr» JShS", "lang": "kaz"}],
    }
    agency, _ = written(record)
    assert (agency["inn"], agency["foreignRegNumber"]) == (None, "170440012348")
    assert agency["fullNameRu"] == "«Altyn Kadr» JShS"


# kg.work-periods


def periods(*changes: tuple[str, str]) -> Reading:
    text = (SAMPLES / PERIODS).read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return reading_of(text.encode())


def test_months_of_overlapping_rows_count_once_in_the_totals_of_both() -> None:
    records = [result.record or {} for result in periods().results]
    assert [record["duration"] for record in records] == [{"months": 7}, {"months": 57}]
    assert [record["totals"] for record in records] == [{"months": 63}, {"months": 63}]


def test_parts_of_months_are_days() -> None:
    record = record_of(reading_of((SAMPLES / SINGLE).read_bytes()))
    assert record["duration"] == {"months": 1, "days": 42, "daysPerWeek": 7}
    assert record["totals"] == record["duration"]


def test_surname_of_two_words_stays_whole_and_an_empty_patronymic_is_absent() -> None:
    (name,) = record_of(reading_of((SAMPLES / SINGLE).read_bytes()))["person"]["name"]
    assert (name["family"], "patronymic" in name) == ("Асанбек уулу", False)


@pytest.mark.parametrize("unreadable", ["0000-00-00T00:00:00", "", "31.03.2020"])
def test_row_without_a_readable_date_is_refused_and_then_no_totals_are_told(
    unreadable: str,
) -> None:
    bad, good = periods(("2020-03-31T00:00:00", unreadable)).results
    assert (bad.status, bad.errors[0].place) == (
        "refused",
        "row 1: /WorkPeriods/WorkPeriodWithSum/DateEnd",
    )
    assert good.record is not None
    assert ("totals" in good.record, good.record["duration"]) == (False, {"months": 57})


def test_row_that_ends_before_it_begins_is_refused() -> None:
    assert [r.status for r in periods(("2020-03-31T", "2019-03-31T")).results] == ["refused", "ok"]


@pytest.mark.parametrize(
    "response",
    [
        "<sf:State>false</sf:State><sf:WorkPeriods/>",
        "<sf:faultCode>Server.Busy</sf:faultCode><sf:faultString>?</sf:faultString>",
        "<soapenv:Fault><faultcode>Server.Busy</faultcode></soapenv:Fault>",
        "",
    ],
)
def test_failed_answer_is_a_fault_and_never_empty(response: str) -> None:
    text = (SAMPLES / SINGLE).read_text(encoding="utf-8")
    start, end = text.index("<sf:State>"), text.index("</sf:response>")
    error = reading_of((text[:start] + response + text[end:]).encode()).error
    assert error is not None
    assert error.code == "source.fault"


@pytest.mark.parametrize("nothing", ["<sf:WorkPeriods/>", "", "<sf:WorkPeriods> </sf:WorkPeriods>"])
def test_person_without_periods_is_an_empty_answer(nothing: str) -> None:
    text = (SAMPLES / SINGLE).read_text(encoding="utf-8")
    start, end = text.index("<sf:WorkPeriods>"), text.index("</sf:response>")
    reading = reading_of((text[:start] + nothing + text[end:]).encode())
    assert (reading.status, [w.code for w in reading.warnings]) == ("ok", ["EMPTY-ANSWER"])


KAZAKH_PERIOD = {
    "person": {
        "identifier": [
            {"scheme": "KZ-IIN", "value": "950415450036", "issuer": "KAZ", "state": "checked"},
            {"scheme": "KG-PIN", "value": "11504199500456", "issuer": "KGZ", "state": "structural"},
        ],
        "name": [
            {
                "form": "native",
                "script": "Cyrl",
                "lang": "rus",
                "family": "КАДЫРОВА",
                "given": "АЙЗАДА",
                "patronymic": "МЕДЕРОВНА",
                "full": "КАДЫРОВА АЙЗАДА МЕДЕРОВНА",
            }
        ],
        "citizenship": ["KGZ"],
    },
    "from": "2025-01-01",
    "to": "2025-02-28",
    "type": "employment",
    "payer": {
        "identifier": [
            {"scheme": "KZ-BIN", "value": "210640004562", "issuer": "KAZ", "state": "checked"}
        ]
    },
    "contribution": {"amount": "56000.00", "currency": "KZT"},
    "duration": {"months": 2},
    "totals": {"months": 3},
    "state": "provided",
}
LATER = KAZAKH_PERIOD | {
    "from": "2025-04-01",
    "to": "2025-04-30",
    "contribution": {"amount": "28000.00", "currency": "KZT"},
    "duration": {"months": 1},
}


def answer_of(*records: dict[str, Any]) -> Written:
    triples = [("InsurancePeriod", record, "KZ") for record in records]
    return write(triples, "kg.work-periods", COUNTRIES)


def test_periods_of_one_person_stand_in_one_answer_with_the_gap_between_them() -> None:
    records = [r.record or {} for r in reading_of(answer_of(KAZAKH_PERIOD, LATER).data).results]
    assert [(record["from"], record["to"]) for record in records] == [
        ("2025-01-01", "2025-02-28"),
        ("2025-04-01", "2025-04-30"),
    ]
    assert {record["totals"]["months"] for record in records} == {3}


def test_contributions_are_no_salary_and_are_listed_as_lost() -> None:
    made = answer_of(KAZAKH_PERIOD, LATER)
    assert b"Salary" not in made.data
    assert "/record/contribution" in made.residue


def test_home_number_goes_home_and_foreign_numbers_into_fields_of_their_own() -> None:
    text = answer_of(KAZAKH_PERIOD).data.decode()
    assert ":PIN>11504199500456<" in text
    assert ":foreignId>950415450036<" in text
    assert ":foreignRegNumber>210640004562<" in text
    assert "INN" not in text


def test_counts_that_the_reader_makes_again_are_not_lost() -> None:
    assert "/record/totals" not in answer_of(KAZAKH_PERIOD, LATER).residue
    assert "/record/totals" in answer_of(KAZAKH_PERIOD).residue
    assert "/record/duration" not in answer_of(KAZAKH_PERIOD).residue


def test_base_in_another_currency_is_not_written_as_som() -> None:
    made = answer_of(KAZAKH_PERIOD | {"base": {"amount": "560000.00", "currency": "KZT"}})
    assert b"Salary" not in made.data
    assert "/record/base" in made.residue


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"type": "voluntary"}, "/record/type"),
        ({"state": "requested"}, "/record/state"),
    ],
)
def test_period_of_another_kind_is_refused(changed: dict[str, str], place: str) -> None:
    with pytest.raises(Refusal) as caught:
        answer_of(KAZAKH_PERIOD | changed)
    assert (caught.value.code, caught.value.place) == ("layout.cannot-carry", place)


def test_periods_of_two_persons_do_not_stand_in_one_answer() -> None:
    other = record_of(reading_of((SAMPLES / SINGLE).read_bytes()))
    with pytest.raises(Refusal) as caught:
        answer_of(KAZAKH_PERIOD, other)
    assert caught.value.place == "/record/person"
