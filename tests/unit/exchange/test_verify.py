"""A partner's seal and its A.1 receipt are believed for their role, time and state alone."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from gateway.exchange.office import Office
from gateway.exchange.verify import Item, SealedMessage, verify_seal
from gateway.model.instants import write_instant
from gateway.model.refusal import Refusal
from gateway.proof.trust import Directory, ListedKey
from tests.support.agreements import relisted
from tests.support.evidence import NAMES, X, exchange, trust_in
from tests.support.office import office_of
from tests.support.pki import AT, key
from tests.support.stores import Stores

DAY = timedelta(days=1)
SEAL = key("KZ", "seal")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, each_store: Stores) -> Office:
    folder = tmp_path_factory.mktemp("office")
    return office_of("UZ", folder, trust_in(folder / "trust"), each_store)


def knowing(office: Office, directory: Directory) -> Office:
    known = {**office.trust.directories, directory.state: directory}
    return replace(office, trust=replace(office.trust, directories=known))


def listing(office: Office, thumbprint: str, listed: ListedKey) -> Office:
    """KZ's directory lists this key under that thumbprint."""
    kz = office.trust.directory("KZ")
    return knowing(office, replace(kz, keys={**kz.keys, thumbprint: listed}))


def arrive(office: Office, receipt: int = 0, **change: Any) -> SealedMessage:
    committed = json.loads(exchange().header())["commitments"]
    told = {"c": committed, **change.pop("receipt_change", {})}
    parts = exchange(**change, receipt_change=told).parts()
    return verify_seal(office, Item(parts.seal, "", parts.receipts[receipt][1]), "KZ")


def refused(office: Office, receipt: int = 0, **change: Any) -> tuple[str, str]:
    with pytest.raises(Refusal) as raised:
        arrive(office, receipt, **change)
    return raised.value.code, raised.value.place


def made(days: int) -> dict[str, Any]:
    return {"header_change": {"createdAt": write_instant(AT + days * DAY)}}


def test_a_sealed_message_with_its_receipt_is_believed(office: Office) -> None:
    assert arrive(office).header.exchange_id == X


@pytest.mark.parametrize("role", ["evidence", "peer", "tls"])
def test_a_key_of_another_role_seals_nothing(office: Office, role: str) -> None:
    assert refused(office, seal_key=key("KZ", role)) == ("signature.key-role", "key")


@pytest.mark.parametrize("role", ["seal", "peer", "tls"])
def test_a_key_of_another_role_signs_no_receipt(office: Office, role: str) -> None:
    keys = {"KZ": key("KZ", role), "UZ": key("UZ", "evidence")}
    assert refused(office, receipt_keys=keys) == ("signature.key-role", "key")


@pytest.mark.parametrize("role", ["submitter", "witness"])
def test_a_key_that_is_not_listed_seals_nothing(office: Office, role: str) -> None:
    stranger = key("KZ", "submitter") if role == "submitter" else key("UZ", "seal")
    assert refused(office, seal_key=stranger)[0] == "signature.key-unknown"


@pytest.mark.parametrize("days", [-30, 500], ids=["not yet valid", "expired"])
def test_a_seal_outside_the_days_of_its_certificate_is_refused(office: Office, days: int) -> None:
    assert refused(office, **made(days)) == ("certificate.invalid", "certificate")


def test_a_certificate_of_the_wrong_profile_seals_nothing(office: Office) -> None:
    other = key("KZ", "evidence")
    listed = ListedKey("seal", f"{NAMES['KZ']}/evidence", other.chain)
    found = listing(office, other.thumbprint, listed)
    assert refused(found, seal_key=other) == ("signature.key-role", "extendedKeyUsage")


def test_a_certificate_of_another_state_seals_nothing(office: Office) -> None:
    other = key("UZ", "seal")
    found = listing(office, other.thumbprint, ListedKey("seal", f"{NAMES['UZ']}/seal", other.chain))
    assert refused(found, seal_key=other) == ("certificate.invalid", "certificate")


def test_a_certificate_of_another_holder_seals_nothing(office: Office) -> None:
    found = listing(office, SEAL.thumbprint, ListedKey("seal", "gw.other.example", SEAL.chain))
    assert refused(found) == ("certificate.invalid", "certificate")


def test_a_seal_after_its_announced_period_is_refused(office: Office) -> None:
    ended = replace(office.trust.directory("KZ").keys[SEAL.thumbprint], ends=AT)
    assert refused(listing(office, SEAL.thumbprint, ended)) == ("certificate.invalid", "key")


@pytest.mark.parametrize("role", ["seal", "evidence"])
def test_what_a_revoked_key_signed_from_then_on_is_refused(office: Office, role: str) -> None:
    kz = office.trust.directory("KZ")
    found = knowing(office, relisted(kz, {}, {key("KZ", role).thumbprint: AT}))
    assert refused(found)[0] == "certificate.revoked"


def test_what_a_revoked_key_signed_before_still_stands(office: Office) -> None:
    kz = office.trust.directory("KZ")
    assert arrive(knowing(office, relisted(kz, {}, {SEAL.thumbprint: AT + DAY})))


def test_a_message_for_another_state_is_refused(office: Office) -> None:
    other = {"corridor": "KZ-TJ", "direction": "KZ>TJ", "to": "tj.migration-service"}
    assert refused(office, header_change=other) == ("to.not-here", "direction")


def test_a_message_of_another_state_s_gateway_is_refused(office: Office) -> None:
    other = {"corridor": "TJ-UZ", "direction": "TJ>UZ", "from": "tj.migration-service"}
    assert refused(office, header_change=other) == ("to.not-here", "direction")


def test_a_test_record_is_refused_without_an_entry_among_real_ones(office: Office) -> None:
    assert refused(office, header_change={"test": True}) == ("agreement.not-in-force", "test")


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"x": "01970000-0000-7000-8000-00000000bbbb"}, "hdr"),
        ({"hdr": "A" * 43 + "="}, "hdr"),
        ({"issuer": "gw.uz.example"}, "issuer"),
    ],
    ids=["of another exchange", "of another header", "of another gateway"],
)
def test_a_receipt_that_is_not_this_message_s_is_refused(
    office: Office, change: dict[str, str], place: str
) -> None:
    assert refused(office, receipt_change=change) == ("receipt.wrong", place)


def test_a_message_comes_with_its_own_a1_and_no_other_receipt(office: Office) -> None:
    assert refused(office, receipt=1)[0] == "signature.key-unknown"


def test_a_changed_seal_does_not_verify(office: Office) -> None:
    parts = exchange().parts()
    other = exchange(header_change={"purpose": "worker-protection"}).parts()
    head, _, mark = parts.seal.rpartition(".")
    forged = ".".join([head.split(".")[0], other.seal.split(".")[1], mark])
    with pytest.raises(Refusal) as raised:
        verify_seal(office, Item(forged, "", parts.receipts[0][1]), "KZ")
    assert raised.value.code == "signature.wrong"
