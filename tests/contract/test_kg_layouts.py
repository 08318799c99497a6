"""The troubles of Kyrgyz services (country-formats 3), each on a changed sample."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gateway.catalogue import load_catalogue
from gateway.translation import Reading, Written, load_countries, read, write

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "adapters/kg/samples"
COUNTRIES = load_countries(ROOT / "adapters")
CATALOGUE = load_catalogue(ROOT / "schemas")
AT = datetime(2026, 11, 24, tzinfo=UTC)
PERMIT = "03-agency-permit-rest-response.json"
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
