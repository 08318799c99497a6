"""An agency acts while the newest record of its licence says so; its number is kept as an HMAC."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from gateway.exchange.licence import KEPT, licence_row, require_active_now
from gateway.exchange.office import Office
from gateway.model.refusal import Refusal
from gateway.model.rights import LICENCE_TYPE, LicenceNamed, Submitter
from gateway.store.licence_rows import put_licence
from tests.support.evidence import trust_in
from tests.support.office import office_of
from tests.support.pki import AT
from tests.support.stores import Stores

NUMBER = "AG-0000017"
RECORD = {
    "licenceNumber": NUMBER,
    "state": "issued",
    "issued": "2026-01-01",
    "validTo": "2026-12-31",
}
AGENCY = Submitter("uz.agency/system", "uz.agency", (), None, LicenceNamed("UZ", NUMBER))


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, each_store: Stores) -> Office:
    folder = tmp_path_factory.mktemp("office")
    return office_of("UZ", folder, trust_in(folder / "trust"), each_store)


def told(office: Office, hours: int = 0, **change: Any) -> None:
    row = licence_row(office, LICENCE_TYPE, RECORD | change, "UZ", AT + timedelta(hours=hours))
    assert row is not None
    with office.store.write() as turn:
        put_licence(turn, row)


def agency(number: str) -> Submitter:
    return replace(AGENCY, licence=LicenceNamed("UZ", number))


def refused(office: Office, submitter: Submitter, days: int = 0) -> str:
    with pytest.raises(Refusal) as raised:
        require_active_now(office, submitter, AT + timedelta(days=days))
    return raised.value.code


def test_a_licence_nobody_told_of_lets_nothing_through(office: Office) -> None:
    assert refused(office, agency("AG-none")) == "submitter.licence"


def test_an_issued_licence_lets_its_agency_act_until_its_last_day(office: Office) -> None:
    told(office, licenceNumber="AG-1")
    require_active_now(office, agency("AG-1"), AT)
    assert refused(office, agency("AG-1"), days=60) == "submitter.licence"


@pytest.mark.parametrize("state", ["suspended", "revoked", "expired"])
def test_a_later_record_ends_it_and_an_earlier_one_does_not(office: Office, state: str) -> None:
    number = f"AG-{state}"
    told(office, hours=2, licenceNumber=number)
    told(office, hours=1, licenceNumber=number, state=state)
    require_active_now(office, agency(number), AT)
    told(office, hours=3, licenceNumber=number, state=state)
    with pytest.raises(Refusal, match=r"submitter\.licence"):
        require_active_now(office, agency(number), AT + KEPT)


def test_a_licence_is_read_once_a_second_and_again_when_the_clock_goes_back(
    office: Office,
) -> None:
    number = "AG-kept"
    told(office, licenceNumber=number)
    require_active_now(office, agency(number), AT)
    told(office, hours=1, licenceNumber=number, state="revoked")
    require_active_now(office, agency(number), AT + KEPT - timedelta(milliseconds=1))
    for at in (AT - timedelta(milliseconds=1), AT + KEPT):
        with pytest.raises(Refusal, match=r"submitter\.licence"):
            require_active_now(office, agency(number), at)


def test_a_licence_is_that_of_its_own_state(office: Office) -> None:
    told(office, licenceNumber="AG-2")
    other = replace(AGENCY, licence=LicenceNamed("KZ", "AG-2"))
    assert refused(office, other) == "submitter.licence"


def test_who_needs_no_licence_acts_without(office: Office) -> None:
    require_active_now(office, replace(AGENCY, licence=None), AT)


def test_who_is_suspended_acts_no_more_from_then_on(office: Office) -> None:
    suspended = replace(AGENCY, licence=None, suspended=AT)
    require_active_now(office, suspended, AT - timedelta(seconds=1))
    assert refused(office, suspended) == "submitter.suspended"


@pytest.mark.parametrize(
    ("record_type", "record"),
    [("EmploymentContract", RECORD), (LICENCE_TYPE, {"state": "issued"})],
    ids=["another type", "no number"],
)
def test_other_records_tell_of_no_licence(
    office: Office, record_type: str, record: dict[str, Any]
) -> None:
    assert licence_row(office, record_type, record, "UZ", AT) is None


def test_the_row_holds_no_number(office: Office) -> None:
    row = licence_row(office, LICENCE_TYPE, RECORD, "UZ", AT)
    assert row is not None
    assert NUMBER.encode() not in row.hmac
    assert len(row.hmac) == 32
