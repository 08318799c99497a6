"""A record leaves to the state it concerns, and a protection case with consent only."""

from typing import Any

import pytest

from gateway.catalogue.concerned import (
    require_concerned,
    require_consent,
    require_unrestricted,
)
from gateway.model.refusal import Refusal
from tests.support.schemas import catalogue

CONTRACT: dict[str, Any] = {"person": {"citizenship": ["UZB"]}, "workplace": {"country": "KAZ"}}


@pytest.mark.parametrize("state", ["KZ", "UZ"])
def test_a_contract_concerns_the_states_of_its_workplace_and_worker(state: str) -> None:
    require_concerned(catalogue(), "EmploymentContract", CONTRACT, state, origin="KZ")


def test_a_state_that_the_record_does_not_name_is_refused_it() -> None:
    with pytest.raises(Refusal) as refused:
        require_concerned(catalogue(), "EmploymentContract", CONTRACT, "TJ", origin="KZ")
    assert refused.value.code == "to.mismatch"


@pytest.mark.parametrize("record", [{}, {"consentToShare": False}])
def test_a_protection_case_without_consent_stays(record: dict[str, Any]) -> None:
    with pytest.raises(Refusal) as refused:
        require_consent("ProtectionCase", record)
    assert refused.value.code == "consent.missing"


def test_a_protection_case_with_consent_may_leave() -> None:
    require_consent("ProtectionCase", {"consentToShare": True})


@pytest.mark.parametrize("record_type", ["IncidentNotification", "ProtectionCase"])
def test_record_of_sensitivity_3_is_for_the_sdk(record_type: str) -> None:
    with pytest.raises(Refusal) as caught:
        require_unrestricted(catalogue(), record_type)
    assert caught.value.code == "restricted.use-sdk"


def test_record_about_a_person_alone_is_not_restricted() -> None:
    require_unrestricted(catalogue(), "EmploymentContract")
