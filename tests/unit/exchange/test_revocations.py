"""Evidence is asked for where certificates say, verified, and stored once a window."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import AuthorityInformationAccessOID

from certs.authority import certify, subject_name
from certs.authority_folder import Revoked, sign_list
from gateway.exchange.revocations import Gathered, gather
from gateway.model.instants import write_instant
from gateway.proof.keys import thumbprint
from gateway.proof.trust import Directory, ListedKey
from gateway.store.connection import Store
from gateway.store.revocation_rows import newest_evidence
from tests.support.agreements import relisted
from tests.support.pki import AT, authority, key, leaf_builder
from tests.support.responder import answer, leaf_of_responder

URL, ISSUING = "http://lists.kz.example/issuing.crl", authority("KZ").issuing
NAME = "gw.kz.example/seal"
SEAL = certify(
    ISSUING,
    "seal",
    subject_name("KZ", NAME),
    ec.generate_private_key(ec.SECP256R1()).public_key(),
    at=AT,
    list_url=URL,
)
PAST = certify(
    ISSUING, "seal", subject_name("KZ", NAME), key("KZ", "seal").private.public_key(),
    at=AT - timedelta(days=3000), list_url=URL,
)  # fmt: skip
LISTED = ListedKey("seal", NAME, (SEAL, *ISSUING.chain))
GOOD = sign_list(ISSUING, (), 1, at=AT, days=30)
DIRECTORY = Directory(
    state="KZ",
    version=1,
    sha256="",
    files={},
    gateway={},
    authorities={},
    submitters={},
    keys={thumbprint(SEAL): LISTED},
    logs=(),
    roots=tuple(authority("KZ").root.chain),
    revoked={},
)


def asked(store: Store, answer: bytes | str, directory: Directory = DIRECTORY) -> list[Gathered]:
    return gather(store, {"KZ": directory}, lambda _: answer, nobody, at=AT)


def nobody(_url: str, _question: bytes) -> str:
    return "no responder"


def test_a_good_list_is_stored_and_named_by_its_digest(store: Store) -> None:
    (one,) = asked(store, GOOD)
    assert (one.name, one.code, len(one.sha256)) == (NAME, "", 44)
    with store.read() as turn:
        assert newest_evidence(turn, thumbprint(SEAL), AT + timedelta(days=1)) == ("crl", GOOD)


def test_the_same_list_again_is_stored_once(store: Store) -> None:
    assert asked(store, GOOD) == asked(store, GOOD)


def test_an_address_is_asked_once_a_round(store: Store) -> None:
    urls: list[str] = []

    def fetch(url: str) -> bytes:
        urls.append(url)
        return GOOD

    twice = replace(DIRECTORY, keys={**DIRECTORY.keys, "another": LISTED})
    assert len(gather(store, {"KZ": twice}, fetch, nobody, at=AT)) == 2
    assert urls == [URL]


def test_a_certificate_on_the_list_is_told_and_the_list_is_stored(store: Store) -> None:
    line = Revoked(str(SEAL.serial_number), write_instant(AT), "keyCompromise")
    found = sign_list(ISSUING, (line,), 2, at=AT, days=30)
    (one,) = asked(store, found)
    assert (one.code, len(one.sha256)) == ("certificate.revoked", 44)
    with store.read() as turn:
        assert newest_evidence(turn, thumbprint(SEAL), AT) == ("crl", found)


@pytest.mark.parametrize(
    "answer",
    [
        "no answer",
        b"no list",
        sign_list(authority("UZ").issuing, (), 1, at=AT, days=30),
        sign_list(ISSUING, (), 1, at=AT - timedelta(days=60), days=30),
    ],
    ids=["none came", "no list", "another authority's", "an old one"],
)
def test_what_cannot_say_is_told_and_not_stored(store: Store, answer: bytes | str) -> None:
    (one,) = asked(store, answer)
    assert (one.code, one.sha256) == ("revocation.unusable", "")


@pytest.mark.parametrize(
    "change",
    [
        lambda one: relisted(one, {}, {thumbprint(SEAL): AT}),
        lambda one: replace(one, keys={"x": replace(LISTED, ends=AT)}),
        lambda one: replace(one, keys={"x": replace(LISTED, chain=(PAST, *ISSUING.chain))}),
    ],
    ids=["revoked", "ended", "its certificate has ended"],
)
def test_keys_that_count_no_more_are_not_asked_for(
    store: Store, change: Callable[[Directory], Directory]
) -> None:
    assert asked(store, GOOD, change(DIRECTORY)) == []


@pytest.mark.parametrize("url", ["", "ldap://kz.example/cn=x", "file:///etc/passwd"])
def test_no_other_address_than_one_of_http_is_asked(store: Store, url: str) -> None:
    public = key("KZ", "seal").private.public_key()
    one = certify(ISSUING, "seal", subject_name("KZ", NAME), public, at=AT, list_url=url)
    listed = replace(LISTED, chain=(one, *ISSUING.chain))
    (found,) = asked(store, GOOD, replace(DIRECTORY, keys={thumbprint(one): listed}))
    assert (found.code, found.why) == ("", "the certificate names neither a list nor a responder")


RESPONDING = leaf_of_responder("KZ", "http://ocsp.kz.example")
BY_RESPONDER = replace(
    DIRECTORY,
    keys={thumbprint(RESPONDING): replace(LISTED, chain=(RESPONDING, *ISSUING.chain))},
)


def of_responder(store: Store, since: datetime | None, at: datetime = AT) -> Gathered:
    def ask(_: str, body: bytes) -> bytes:
        return answer(body, ISSUING, ISSUING, since, at=at)

    (one,) = gather(store, {"KZ": BY_RESPONDER}, lambda _: "no list", ask, at=AT)
    return one


def test_a_good_response_is_stored_and_named_by_its_digest(store: Store) -> None:
    one = of_responder(store, None)
    assert (one.kind, one.code, len(one.sha256)) == ("ocsp", "", 44)
    with store.read() as turn:
        assert newest_evidence(turn, thumbprint(RESPONDING), AT + timedelta(days=1)) is not None


def test_a_response_that_tells_a_revocation_is_told(store: Store) -> None:
    assert of_responder(store, AT).code == "certificate.revoked"


def test_an_old_response_is_told_and_not_stored(store: Store) -> None:
    one = of_responder(store, None, AT - timedelta(days=30))
    assert (one.code, one.sha256) == ("revocation.unusable", "")


def test_the_list_is_asked_when_the_responder_cannot_say(store: Store) -> None:
    place = x509.DistributionPoint([x509.UniformResourceIdentifier(URL)], None, None, None)
    responder = x509.AccessDescription(
        AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier("http://ocsp.kz.example")
    )
    both = (
        leaf_builder("KZ", "seal")
        .add_extension(x509.CRLDistributionPoints([place]), critical=False)
        .add_extension(x509.AuthorityInformationAccess([responder]), critical=False)
        .sign(ISSUING.private, hashes.SHA256())
    )
    listed = replace(LISTED, chain=(both, *ISSUING.chain))
    (one,) = asked(store, GOOD, replace(DIRECTORY, keys={thumbprint(both): listed}))
    assert (one.kind, one.code) == ("crl", "")
