"""Who signed a request: a key counts for its role, its state and its time, and no nonce twice."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from gateway.exchange.authenticate import Caller, authenticate_peer, authenticate_submitter
from gateway.exchange.office import Office
from gateway.model.refusal import Refusal
from gateway.proof.http_signature import PEER_TAG, SUBMITTER_TAG, Request, sign_request
from gateway.proof.keys import CertifiedKey, thumbprint
from gateway.proof.trust import Directory, ListedKey
from tests.support.agreements import relisted
from tests.support.evidence import NAMES, trust_in
from tests.support.office import at, office_of
from tests.support.pki import AT, key
from tests.support.stores import Stores

NAME = f"{NAMES['UZ']}/submitter"
DAY = timedelta(days=1)
READ = Request("GET", "127.0.0.1:8001", "/v1/inbox", "", {}, None)
WRITE = replace(
    READ,
    method="POST",
    headers={"content-type": "application/json", "idempotency-key": "k-1"},
    body=b"{}",
)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, each_store: Stores) -> Office:
    folder = tmp_path_factory.mktemp("office")
    made = office_of("UZ", folder, trust_in(folder / "trust"), each_store)
    return listing(made, "UZ", ListedKey("submitter", NAME, key("UZ", "submitter").chain))


def knowing(office: Office, directory: Directory) -> Office:
    known = {**office.trust.directories, directory.state: directory}
    return replace(office, trust=replace(office.trust, directories=known))


def listing(office: Office, state: str, listed: ListedKey) -> Office:
    """That state's directory lists the key too; a submitter with the right to everything."""
    found = relisted(office.trust.directory(state), {})
    keys = {**found.keys, thumbprint(listed.certificate): listed}
    right = {"recordTypes": ["*"], "purposes": ["*"]}
    told = {"authority": "uz.migration-agency", "rights": [right]}
    submitters = {**found.submitters, listed.name: told}
    # What was proved of a directory is kept under its digest.
    sha256 = os.urandom(8).hex()
    return knowing(office, replace(found, sha256=sha256, keys=keys, submitters=submitters))


def signed(by: CertifiedKey, request: Request, tag: str, days: int = 0) -> Request:
    created = int((AT + days * DAY).timestamp())
    added = sign_request(request, by, created=created, nonce="n" * 22, tag=tag)
    return replace(request, headers={**request.headers, **added})


def submitter(office: Office, by: CertifiedKey, request: Request = READ, days: int = 0) -> Caller:
    now = at(office, AT + days * DAY)
    return authenticate_submitter(now, signed(by, request, SUBMITTER_TAG, days))


def peer(office: Office, by: CertifiedKey, days: int = 0) -> Caller:
    now = at(office, AT + days * DAY)
    return authenticate_peer(now, signed(by, READ, PEER_TAG, days))


def refused(ask: Callable[[], object]) -> tuple[str, str]:
    with pytest.raises(Refusal) as raised:
        ask()
    return raised.value.code, raised.value.place


def test_a_submitter_and_a_peer_are_known_by_their_keys(office: Office) -> None:
    assert submitter(office, key("UZ", "submitter")).authority == "uz.migration-agency"
    assert peer(office, key("KZ", "peer")).state == "KZ"


@pytest.mark.parametrize("role", ["seal", "evidence", "peer", "tls"])
def test_a_key_of_another_role_submits_nothing(office: Office, role: str) -> None:
    found = refused(lambda: submitter(office, key("UZ", role)))
    assert found == ("signature.key-role", "key")


@pytest.mark.parametrize("role", ["seal", "evidence", "tls"])
def test_a_key_of_another_role_is_no_peer(office: Office, role: str) -> None:
    assert refused(lambda: peer(office, key("KZ", role))) == ("signature.key-role", "key")


def test_a_partner_s_submitter_is_no_peer(office: Office) -> None:
    listed = ListedKey("submitter", "kz.labour-ministry/system", key("KZ", "submitter").chain)
    found = listing(office, "KZ", listed)
    assert refused(lambda: peer(found, key("KZ", "submitter")))[0] == "signature.key-role"


@pytest.mark.parametrize("role", ["submitter", "peer"])
def test_a_key_of_another_state_submits_nothing(office: Office, role: str) -> None:
    assert refused(lambda: submitter(office, key("KZ", role)))[0] == "signature.key-unknown"


def test_our_own_peer_key_is_no_partner_s(office: Office) -> None:
    assert refused(lambda: peer(office, key("UZ", "peer")))[0] == "signature.key-unknown"


@pytest.mark.parametrize("days", [-30, 500], ids=["not yet valid", "expired"])
def test_outside_the_days_of_its_certificate_a_key_is_refused(office: Office, days: int) -> None:
    for ask in (
        lambda: submitter(office, key("UZ", "submitter"), days=days),
        lambda: peer(office, key("KZ", "peer"), days),
    ):
        assert refused(ask) == ("certificate.invalid", "certificate")


@pytest.mark.parametrize(
    ("state", "role", "code"),
    [
        ("UZ", "evidence", "signature.key-role"),
        ("KZ", "submitter", "certificate.invalid"),
    ],
    ids=["profile", "state"],
)
def test_a_certificate_of_another_profile_or_state_submits_nothing(
    office: Office, state: str, role: str, code: str
) -> None:
    other = key(state, role)
    found = listing(office, "UZ", ListedKey("submitter", f"{NAMES[state]}/{role}", other.chain))
    assert refused(lambda: submitter(found, other))[0] == code


def test_a_revoked_key_is_refused(office: Office) -> None:
    for state, role in (("UZ", "submitter"), ("KZ", "peer")):
        directory = office.trust.directory(state)
        found = knowing(office, relisted(directory, {}, {key(state, role).thumbprint: AT}))
        ask = submitter if role == "submitter" else peer
        assert refused(partial(ask, found, key(state, role)))[0] == "certificate.revoked"


def test_a_nonce_is_spent_once(office: Office) -> None:
    by = key("UZ", "submitter")
    assert submitter(office, by, WRITE)
    assert refused(lambda: submitter(office, by, WRITE)) == ("nonce.replayed", "nonce")


def test_a_read_may_come_again(office: Office) -> None:
    by = key("UZ", "submitter")
    assert submitter(office, by).name == submitter(office, by).name == NAME


def test_a_signature_for_the_other_port_is_refused(office: Office) -> None:
    by = key("UZ", "submitter")
    request = signed(by, READ, PEER_TAG)
    assert refused(lambda: authenticate_submitter(office, request))[0] == "signature.coverage"
