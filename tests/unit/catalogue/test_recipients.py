"""Whom a record concerns, as its table tells (R29)."""

import json
from pathlib import Path
from typing import Any

import pytest

from gateway.catalogue.recipients import load_recipients
from tests.support.schemas import SCHEMAS, catalogue

ORDER: dict[str, Any] = {
    "employer": {"identifier": [{"issuer": "KAZ"}], "address": {"country": "KAZ"}},
    "workplace": {"country": "KAZ"},
}


def to(record_type: str, record: dict[str, Any], origin: str) -> frozenset[str]:
    return catalogue().recipients(record_type, record, origin)


@pytest.mark.parametrize("state", ["KG", "TJ", "UZ"])
def test_demand_for_work_at_home_concerns_every_state(state: str) -> None:
    assert state in to("JobOrder", ORDER, "KZ")


def test_order_for_work_abroad_concerns_the_state_of_the_workplace_only() -> None:
    assert to("JobOrder", ORDER, "UZ") == {"KZ"}


def test_employer_at_home_says_nothing_beside_a_workplace_abroad() -> None:
    abroad = ORDER | {"workplace": {"country": "RUS"}}
    assert to("JobOrder", abroad, "KZ") == {"RU"}


def test_employer_stands_for_a_workplace_that_is_not_told() -> None:
    silent = {"employer": ORDER["employer"]}
    assert "UZ" in to("JobOrder", silent, "KZ")
    assert to("JobOrder", silent, "UZ") == {"KZ"}


def test_order_that_names_no_state_concerns_none() -> None:
    assert to("JobOrder", {"employer": {"name": [{"text": "A"}]}}, "KZ") == frozenset()


def test_licence_concerns_the_states_that_it_is_for() -> None:
    assert to("AgencyLicence", {"countries": ["TUR", "KAZ"]}, "KG") == {"TR", "KZ"}


def test_licence_to_bring_workers_home_concerns_every_state() -> None:
    assert {"KG", "TJ", "UZ"} <= to("AgencyLicence", {"countries": ["KAZ"]}, "KZ")


def test_person_s_own_state_makes_no_record_go_everywhere() -> None:
    contract = {"person": {"citizenship": ["UZB"]}, "workplace": {"country": "KAZ"}}
    assert to("EmploymentContract", contract, "UZ") == {"UZ", "KZ"}


def test_candidate_goes_to_the_state_of_the_order_s_workplace() -> None:
    profile = {"person": {"citizenship": ["UZB"]}, "destination": "KAZ"}
    assert to("CandidateProfile", profile, "UZ") == {"UZ", "KZ"}


def test_candidate_without_a_destination_stays_at_home() -> None:
    worked = {"person": {"citizenship": ["UZB"]}, "experience": [{"country": "KAZ"}]}
    assert to("CandidateProfile", worked, "UZ") == {"UZ"}


@pytest.mark.parametrize(
    ("record_type", "example", "origin", "destination"),
    [
        ("CandidateProfile", "welder", "UZ", "KZ"),
        ("QualificationRecognition", "request", "UZ", "KZ"),
        ("QualificationRecognition", "study", "TJ", "KZ"),
        ("QualificationRecognition", "partial", "KZ", "UZ"),
        ("IncidentNotification", "injury", "KZ", "UZ"),
        ("IncidentNotification", "death", "KZ", "TJ"),
        ("ReturnRecord", "contract-end", "KZ", "TJ"),
    ],
)
def test_example_may_leave_in_the_direction_of_its_type(
    record_type: str, example: str, origin: str, destination: str
) -> None:
    file = SCHEMAS / f"records/{record_type}/1/examples/{example}.json"
    record = json.loads(file.read_text(encoding="utf-8"))["record"]
    assert destination in to(record_type, record, origin)


def test_code_that_is_no_country_names_none() -> None:
    assert to("AgencyLicence", {"countries": ["XXX"]}, "KZ") == frozenset()


def test_unknown_scope_is_told_at_start(tmp_path: Path) -> None:
    file = tmp_path / "recipients.csv"
    file.write_text("path,scope,unless\n/countries,everybody,\n", encoding="utf-8")
    with pytest.raises(ValueError, match="scope is one of named, every-if-own"):
        load_recipients(file)


def test_every_table_can_be_read() -> None:
    tables = sorted(SCHEMAS.glob("records/*/1/recipients.csv"))
    assert all(load_recipients(table) for table in tables)
    assert len(tables) == 12
