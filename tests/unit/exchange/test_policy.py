"""Both gateways decide by the agreement in force: the origin before it seals, then the other."""

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from gateway.exchange.office import Office
from gateway.exchange.policy import Permission, admit, permit, require_recipient
from gateway.exchange.quotas import Journey
from gateway.model.instants import write_instant
from gateway.model.refusal import Refusal
from gateway.proof.canonical import canonical_json
from gateway.proof.header import Header, read_header
from gateway.translation.reading import Result, Source
from tests.support.agreements import agreement_text, members, relisted
from tests.support.evidence import RECORD, exchange, trust_in
from tests.support.office import office_of
from tests.support.pki import AT
from tests.support.stores import Stores

V1 = "agreements/KZ-UZ/v1.json"
AGREED = "agreement:KZ-UZ/v1"
DAY = timedelta(days=1)
WAY = Journey("origin", "UZ>KZ", "KZ", "EmploymentContract", "uz.migration-agency", AT)
RESULT = Result("ok", (1,), "EmploymentContract", RECORD, Source("lmx.common-json", "1"))
LAST = {"rule": "keep-last", "keep": 2}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, each_store: Stores) -> Office:
    folder = tmp_path_factory.mktemp("office")
    return office_of("UZ", folder, trust_in(folder / "trust"), each_store)


def under(made: Office, text: Any, other: Any = None, **more: Any) -> Office:
    """Uzbekistan's gateway when it lists this text, and Kazakhstan the same or another."""
    own, theirs = (canonical_json(one) for one in (text, other or text))
    known = {
        "UZ": relisted(made.trust.directory("UZ"), {V1: own}),
        "KZ": relisted(made.trust.directory("KZ"), {V1: theirs}, **more),
    }
    return replace(made, trust=replace(made.trust, directories=known))


def leave(office: Office, purpose: str = "contract-registration", **change: Any) -> Permission:
    result = replace(RESULT, **change)
    submitter = "uz.migration-agency/system"
    return permit(office, result, purpose=purpose, submitter=submitter, pending=0, way=WAY)


def header(text: Any, **change: Any) -> Header:
    digest = base64.b64encode(hashlib.sha256(canonical_json(text)).digest()).decode()
    told = {
        "agreement": {"id": "KZ-UZ", "version": 1, "sha256": digest},
        "legalBasis": ["KZ-UZ-2019"],
    }
    return read_header(exchange(header_change={**told, **change}).header())


def refused(ask: Callable[[], object]) -> tuple[str, str]:
    with pytest.raises(Refusal) as raised:
        ask()
    return raised.value.code, raised.value.place


TEXT = agreement_text()


def arrive(office: Office, text: Any = None, at: Any = AT, **change: Any) -> None:
    admit(office, header(text or TEXT, **change), RECORD, at=at)


def test_what_the_agreement_covers_may_leave_and_arrive(made: Office) -> None:
    office = under(made, TEXT)
    assert leave(office).allowed.legal_basis == ("KZ-UZ-2019",)
    arrive(office)


@pytest.mark.parametrize("recipient", ["kz.nobody", "uz.migration-agency"])
def test_a_recipient_is_one_that_a_partner_lists(made: Office, recipient: str) -> None:
    ask = lambda: require_recipient(made, recipient, recipient[:2].upper())  # noqa: E731
    assert refused(ask) == ("authority.unknown", "to")


def test_while_both_list_other_bytes_nothing_leaves_and_nothing_arrives(made: Office) -> None:
    office = under(made, TEXT, agreement_text(validTo="2027-01-01T00:00:00.000Z"))
    assert refused(lambda: leave(office))[0] == "agreement.not-in-force"
    assert refused(lambda: arrive(office))[0] == "agreement.not-in-force"


def test_one_state_s_revocation_counts_from_its_instant_on(made: Office) -> None:
    later = under(made, TEXT, revoked={AGREED: AT + DAY})
    assert leave(later)
    arrive(later)
    ended = under(made, TEXT, revoked={AGREED: AT})
    assert refused(lambda: leave(ended))[0] == "agreement.not-in-force"
    assert refused(lambda: arrive(ended))[0] == "agreement.not-in-force"


def test_a_header_that_names_other_bytes_is_refused(made: Office) -> None:
    named = {"id": "KZ-UZ", "version": 1, "sha256": "A" * 43 + "="}
    found = refused(lambda: arrive(under(made, TEXT), agreement=named))
    assert found == ("agreement.not-in-force", "agreement")


def test_a_record_that_concerns_another_state_does_not_leave(made: Office) -> None:
    office = under(made, TEXT)
    text = json.dumps(RECORD).replace("UZB", "TJK").replace("KAZ", "TJK")
    assert refused(lambda: leave(office, record=json.loads(text))) == ("to.mismatch", "to")


@pytest.mark.parametrize(
    ("grant", "code"),
    [
        ({"directions": ["KZ>UZ"]}, "agreement.direction"),
        ({"versions": [2]}, "agreement.version"),
        ({"sensitivityCap": 1}, "agreement.sensitivity"),
        ({"consentRequired": True}, "consent.missing"),
        ({"authorities": ["uz.other"]}, "agreement.submitter"),
        ({"purposes": {"statistics": ["KZ-UZ-2019"]}}, "agreement.purpose"),
        ({"quotas": [{"window": "day", "limit": 0}]}, "agreement.quota"),
    ],
)
def test_what_the_agreement_does_not_cover_does_not_leave(
    made: Office, grant: dict[str, Any], code: str
) -> None:
    assert refused(lambda: leave(under(made, agreement_text(grant))))[0] == code


def test_a_type_the_agreement_does_not_name_does_not_leave(made: Office) -> None:
    text = agreement_text()
    text["recordTypes"]["JobOrder"] = text["recordTypes"].pop("EmploymentContract")
    assert refused(lambda: leave(under(made, text)))[0] == "agreement.type"


def test_a_member_that_is_withheld_must_not_arrive(made: Office) -> None:
    text = agreement_text(members(withheld=["/pay"]))
    office = under(made, text)
    assert leave(office).allowed.withheld == ("/pay",)
    assert refused(lambda: arrive(office, text)) == ("agreement.member", "/pay")


def test_a_member_that_is_masked_must_not_arrive_whole(made: Office) -> None:
    path = "/person/document/number"
    text = agreement_text(members(masked={path: LAST}))
    assert refused(lambda: arrive(under(made, text), text)) == ("agreement.member", path)


@pytest.mark.parametrize(
    ("change", "place"),
    [({"retentionDays": 31}, "retentionDays"), ({"legalBasis": ["ANOTHER"]}, "legalBasis")],
)
def test_a_header_gives_no_more_than_the_agreement(
    made: Office, change: dict[str, Any], place: str
) -> None:
    office = under(made, TEXT)
    assert refused(lambda: arrive(office, **change)) == ("agreement.header", place)


def test_each_gateway_decides_at_its_own_time(made: Office) -> None:
    text = agreement_text(validTo=write_instant(AT + DAY))
    office = under(made, text)
    arrive(office, text)
    found = refused(lambda: arrive(office, text, AT + DAY))
    assert found[0] == "agreement.not-in-force"
