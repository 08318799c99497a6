"""The decision: each rule of an agreement refuses by its own code, and nothing else passes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gateway.model.agreement import Asked, decide, read_agreement
from gateway.model.refusal import Refusal

AT = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
TEXT: dict[str, Any] = {
    "corridor": "KZ-UZ",
    "version": 1,
    "validFrom": "2026-01-01T00:00:00.000Z",
    "validTo": "2028-01-01T00:00:00.000Z",
    "recordTypes": {
        "EmploymentContract": {
            "versions": [1],
            "directions": ["KZ>UZ", "UZ>KZ"],
            "purposes": {"contract-registration": ["KZ-UZ-2019"]},
            "withheld": ["/documentsRetained", "/fee"],
            "sensitivityCap": 2,
            "needsConsent": False,
            "retentionDays": 30,
            "relayHours": 168,
            "handoverHours": 720,
            "dailyQuota": 1000,
        }
    },
}
AGREEMENT = read_agreement(TEXT)
ASKED = Asked(
    "KZ>UZ", "EmploymentContract", 1, "contract-registration", 2, None, frozenset({"/fee", "/from"})
)


def test_what_is_covered_is_allowed_with_its_legal_basis() -> None:
    assert decide(AGREEMENT, ASKED, 0, AT).legal_basis == ("KZ-UZ-2019",)


def test_only_withheld_members_that_are_there_are_listed() -> None:
    assert decide(AGREEMENT, ASKED, 0, AT).withheld == ("/fee",)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"record_type": "InsurancePeriod"}, "agreement.type"),
        ({"schema_version": 2}, "agreement.version"),
        ({"direction": "KZ>KG"}, "agreement.direction"),
        ({"purpose": "statistics"}, "agreement.purpose"),
        ({"sensitivity": 3}, "agreement.sensitivity"),
    ],
)
def test_what_is_not_covered_is_refused(change: dict[str, Any], code: str) -> None:
    with pytest.raises(Refusal) as refused:
        decide(AGREEMENT, replace(ASKED, **change), 0, AT)
    assert refused.value.code == code


@pytest.mark.parametrize("days", [-400, 500])
def test_outside_its_validity_nothing_is_allowed(days: int) -> None:
    with pytest.raises(Refusal, match=r"agreement\.not-in-force"):
        decide(AGREEMENT, ASKED, 0, AT + timedelta(days=days))


def test_a_used_up_quota_refuses() -> None:
    with pytest.raises(Refusal, match=r"agreement\.quota"):
        decide(AGREEMENT, ASKED, 1000, AT)


def test_without_consent_a_record_that_needs_it_is_refused() -> None:
    grant = {**TEXT["recordTypes"]["EmploymentContract"], "needsConsent": True}
    agreement = read_agreement({**TEXT, "recordTypes": {"EmploymentContract": grant}})
    with pytest.raises(Refusal, match=r"consent\.missing"):
        decide(agreement, ASKED, 0, AT)


@pytest.mark.parametrize("name", sorted(TEXT))
def test_a_text_without_one_of_its_members_is_refused(name: str) -> None:
    with pytest.raises(Refusal, match=r"agreement\.malformed"):
        read_agreement({one: value for one, value in TEXT.items() if one != name})
