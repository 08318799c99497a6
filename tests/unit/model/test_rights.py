"""A submitter may do what its directory lists, unless suspended or without a running licence."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from gateway.model.refusal import Refusal
from gateway.model.rights import (
    LicenceState,
    read_submitter,
    record_types,
    require_active,
    require_right,
)

AT = datetime(2026, 11, 25, 12, tzinfo=UTC)
BANK = {
    "authority": "kz.national-bank",
    "rights": [
        {"recordTypes": ["RemittanceStatistic"], "purposes": ["statistics"]},
        {"recordTypes": ["AgencyLicence"], "purposes": ["*"]},
    ],
}
AGENCY: dict[str, Any] = {
    "authority": "kz.agency",
    "rights": [{"recordTypes": ["*"], "purposes": ["*"]}],
    "licence": {"recordType": "AgencyLicence", "number": "A-1"},
}
YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def code(listed: dict[str, Any], record_type: str, purpose: str) -> str:
    try:
        require_right(read_submitter("n", listed, state="KZ"), record_type, purpose)
    except Refusal as refusal:
        return refusal.code
    return ""


@pytest.mark.parametrize(
    ("listed", "record_type", "purpose", "wanted"),
    [
        (BANK, "RemittanceStatistic", "statistics", ""),
        (BANK, "AgencyLicence", "licence-notice", ""),
        (BANK, "RemittanceStatistic", "licence-notice", "submitter.right"),
        (BANK, "EmploymentContract", "statistics", "submitter.right"),
        ({"authority": "kz.x"}, "EmploymentContract", "statistics", "submitter.right"),
        (AGENCY, "EmploymentContract", "contract-registration", ""),
        (AGENCY, "AgencyLicence", "licence-notice", "submitter.right"),
    ],
    ids=[
        "type and purpose",
        "every purpose",
        "another purpose",
        "another type",
        "nothing listed",
        "an agency's contract",
        "an agency's word on its licence",
    ],
)
def test_a_right_is_for_a_type_and_a_purpose_together(
    listed: dict[str, Any], record_type: str, purpose: str, wanted: str
) -> None:
    assert code(listed, record_type, purpose) == wanted


def active(listed: dict[str, Any], licence: LicenceState | None, at: datetime = AT) -> str:
    try:
        require_active(read_submitter("n", listed, state="KZ"), licence, at)
    except Refusal as refusal:
        return refusal.code
    return ""


@pytest.mark.parametrize(
    ("since", "wanted"),
    [
        ("2026-11-25T12:00:00.000Z", "submitter.suspended"),
        ("2026-11-25T12:00:00.001Z", ""),
        ("2020-01-01T00:00:00.000Z", "submitter.suspended"),
    ],
)
def test_suspension_begins_at_its_instant(since: str, wanted: str) -> None:
    assert active({**BANK, "suspended": since}, None) == wanted


@pytest.mark.parametrize(
    ("state", "wanted"),
    [
        ("issued", ""),
        ("renewed", ""),
        ("reinstated", ""),
        ("suspended", "submitter.licence"),
        ("revoked", "submitter.licence"),
        ("expired", "submitter.licence"),
    ],
)
def test_an_agency_acts_while_its_licence_runs(state: str, wanted: str) -> None:
    assert active(AGENCY, LicenceState(state, *YEAR)) == wanted


def test_an_agency_of_whose_licence_nothing_is_known_does_not_act() -> None:
    assert active(AGENCY, None) == "submitter.licence"


@pytest.mark.parametrize(
    ("at", "wanted"),
    [
        (datetime(2025, 12, 31, 23, 59, tzinfo=UTC), "submitter.licence"),
        (datetime(2026, 12, 31, 23, 59, tzinfo=UTC), ""),
        (datetime(2027, 1, 1, tzinfo=UTC), "submitter.licence"),
    ],
)
def test_the_last_day_of_a_licence_counts_whole(at: datetime, wanted: str) -> None:
    assert active(AGENCY, LicenceState("issued", *YEAR), at) == wanted


def test_a_licence_is_of_the_own_state_unless_another_is_named() -> None:
    own = read_submitter("n", AGENCY, state="KZ").licence
    foreign = {**AGENCY, "licence": {**AGENCY["licence"], "state": "KG"}}
    other = read_submitter("n", foreign, state="KZ").licence
    assert own is not None
    assert other is not None
    assert (own.state, other.state) == ("KZ", "KG")


def test_what_may_be_read_is_each_type_of_a_right() -> None:
    assert record_types(read_submitter("n", BANK, state="KZ")) == {
        "RemittanceStatistic",
        "AgencyLicence",
    }
    assert record_types(read_submitter("n", AGENCY, state="KZ")) is None
    assert record_types(read_submitter("n", {"authority": "kz.x"}, state="KZ")) == frozenset()


@pytest.mark.parametrize(
    "change",
    [
        {"authority": None, "rights": "all"},
        {"rights": [{"recordTypes": ["*"]}]},
        {"rights": [{"recordTypes": [], "purposes": ["*"]}]},
        {"rights": [{"recordTypes": "*", "purposes": ["*"]}]},
        {"suspended": "yesterday"},
        {"licence": {"recordType": "JobOrder", "number": "A-1"}},
        {"licence": {"recordType": "AgencyLicence", "number": 1}},
    ],
)
def test_an_entry_of_another_kind_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(Refusal, match=r"directory\.signature"):
        read_submitter("n", {**BANK, **change}, state="KZ")
