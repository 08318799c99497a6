"""Members are compared one by one: carried, degraded or lost."""

from typing import Any

from gateway.translation.fidelity import CARRIED, DEGRADED, LOST, compared, members, unmarked

RECORD: dict[str, Any] = {
    "state": "signed",
    "person": {
        "name": [
            {"form": "native", "script": "Cyrl", "family": "НАЗАРОВА", "full": "НАЗАРОВА"},
            {"form": "icao", "script": "Latn", "family": "NAZAROVA", "full": "NAZAROVA"},
        ],
        "identifier": [{"scheme": "TJ-TIN", "value": "1", "issuer": "TJK", "state": "structural"}],
    },
    "fee": [{"kind": "medical", "amount": "5"}],
}


def outcomes(back: dict[str, Any], doubted: dict[str, str] | None = None) -> dict[str, str]:
    return {path: outcome for path, outcome, _ in compared(RECORD, [back], doubted or {})}


def test_members_are_named_with_what_tells_list_elements_apart() -> None:
    assert list(members(RECORD)) == [
        "state",
        "person/name[native]/family",
        "person/name[icao]/family",
        "person/identifier[TJ-TIN]/value",
        "fee[medical]/amount",
    ]


def test_a_name_without_parts_is_measured_whole() -> None:
    record = {"person": {"name": [{"form": "native", "full": "МАДОНА", "noFamilyName": True}]}}
    assert list(members(record)) == ["person/name[native]/full"]


def test_the_same_record_is_carried() -> None:
    assert set(outcomes(RECORD).values()) == {CARRIED}


def test_what_does_not_come_back_is_lost() -> None:
    assert outcomes({"state": "signed"})["fee[medical]/amount"] == LOST


def test_another_value_is_degraded() -> None:
    assert outcomes(RECORD | {"state": "registered"})["state"] == DEGRADED


def test_a_value_under_another_mark_is_degraded() -> None:
    back = RECORD | {"fee": [{"kind": "administrative", "amount": "5"}]}
    assert outcomes(back)["fee[medical]/amount"] == DEGRADED


def test_a_value_with_a_warning_is_degraded() -> None:
    found = outcomes(RECORD, {"/person/name/0": "SCRIPT-SUBSTITUTED"})
    assert found["person/name[native]/family"] == DEGRADED
    assert found["person/name[icao]/family"] == CARRIED


def test_marks_can_be_taken_off() -> None:
    assert unmarked("person/name[native]/family") == "person/name/family"
