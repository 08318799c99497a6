"""What a bundle carries of its certificates' issuers: not revoked, revoked, or not checked."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from certs.authority_folder import Revoked, sign_list
from gateway.model.instants import write_instant
from gateway.proof.bundle import LIST, RESPONSE, CarriedEvidence, bundle_files, evidence_name
from gateway.proof.claims import Claim, exit_code
from gateway.proof.evidence_file import check_bundle
from gateway.proof.responder import question
from gateway.proof.strict_json import parse
from tests.support.evidence import exchange, packed, trust_in
from tests.support.pki import AT, authority, key
from tests.support.responder import answer, delegate
from tests.support.schemas import catalogue

DAY = timedelta(days=1)
SEAL, EVIDENCE = key("KZ", "seal"), key("KZ", "evidence")


def listed(
    *, since: datetime | None = None, begins: datetime = AT, state: str = "KZ"
) -> CarriedEvidence:
    """Give a list of a state's CA for KZ's seal key, that revokes it from an instant on."""
    revoked = () if since is None else (_revoked(since),)
    octets = sign_list(authority(state).issuing, revoked, 1, at=begins, days=7)
    return CarriedEvidence(SEAL.thumbprint, LIST, octets)


def _revoked(since: datetime) -> Revoked:
    return Revoked(str(SEAL.certificate.serial_number), write_instant(since), "keyCompromise")


def responded(since: datetime | None = None) -> CarriedEvidence:
    issuing = authority("KZ").issuing
    asked = question(SEAL.certificate, issuing.certificate)
    octets = answer(asked, issuing, delegate("KZ"), since, at=AT)
    return CarriedEvidence(SEAL.thumbprint, RESPONSE, octets)


def files(*carried: CarriedEvidence) -> dict[str, bytes]:
    return bundle_files(replace(exchange().parts(), revocation=carried))


def judged(found: dict[str, bytes], folder: Path) -> tuple[int, list[Claim]]:
    claims, _ = check_bundle(packed(found), trust_in(folder), catalogue().mapping)
    return exit_code(claims), [one for one in claims if one.id == "revocation"]


def told(found: dict[str, bytes], folder: Path) -> tuple[int, set[tuple[str, str]]]:
    code, claims = judged(found, folder)
    return code, {(one.verdict.value, one.code) for one in claims}


def test_without_any_the_claim_says_so_and_the_bundle_is_proved(tmp_path: Path) -> None:
    code, (claim,) = judged(files(), tmp_path)
    names = "gw.kz.example/evidence, gw.kz.example/seal, gw.uz.example/evidence"
    assert (code, claim.verdict.value) == (0, "not-checked")
    assert claim.why.endswith(f"says of {names}")


def test_lists_of_both_states_prove_every_certificate(tmp_path: Path) -> None:
    code, claims = judged(files(listed(), listed(state="UZ")), tmp_path)
    assert (code, {one.verdict.value for one in claims}, len(claims)) == (0, {"passed"}, 3)


@pytest.mark.parametrize(
    "carried",
    [
        responded(),
        listed(since=AT + DAY),
        responded(AT + DAY),
        listed(begins=AT + 3 * DAY),
        listed(begins=AT + 3 * DAY, since=AT + DAY),
    ],
    ids=["response", "revoked later", "response of it", "given later", "given later, of it"],
)
def test_what_had_not_revoked_it_by_then_proves_it(
    carried: CarriedEvidence, tmp_path: Path
) -> None:
    code, found = told(files(carried), tmp_path)
    assert (code, found) == (0, {("passed", ""), ("not-checked", "")})


@pytest.mark.parametrize(
    "carried",
    [
        (listed(since=AT),),
        (responded(AT),),
        (listed(begins=AT + 3 * DAY, since=AT),),
        (responded(), listed(begins=AT + 3 * DAY, since=AT)),
    ],
    ids=["list", "response", "given later", "a later one against an earlier"],
)
def test_what_had_revoked_it_by_then_makes_the_bundle_false(
    carried: tuple[CarriedEvidence, ...], tmp_path: Path
) -> None:
    code, found = told(files(*carried), tmp_path)
    assert (code, ("failed", "certificate.revoked") in found) == (1, True)


@pytest.mark.parametrize(
    "carried",
    [
        listed(begins=AT - 30 * DAY),
        CarriedEvidence("x", LIST, b"no list"),
        CarriedEvidence("x", RESPONSE, listed().octets),
        listed(begins=AT + 3650 * DAY),
    ],
    ids=["ended before", "no list", "another kind", "given after the certificate's end"],
)
def test_evidence_that_cannot_say_leaves_it_open(carried: CarriedEvidence, tmp_path: Path) -> None:
    code, found = told(files(carried), tmp_path)
    assert (code, ("indeterminate", "revocation.unusable") in found) == (2, True)


def test_a_file_that_is_not_named_by_its_digest_leaves_it_open(tmp_path: Path) -> None:
    found = files(listed())
    name = evidence_name(listed().octets, LIST)
    found["revocation/other.crl"] = found.pop(next(one for one in found if one.endswith(".crl")))
    assert name not in found
    assert told(found, tmp_path)[0] == 2


def test_the_index_names_what_belongs_to_each_certificate_by_its_digest() -> None:
    one = listed()
    index = parse(files(one)["bundle.json"])
    name = evidence_name(one.octets, LIST).removeprefix("revocation/")
    assert index["revocation"] == {SEAL.thumbprint: name}


def test_what_stands_for_two_certificates_stands_there_once() -> None:
    one = listed()
    found = files(one, replace(one, thumbprint=EVIDENCE.thumbprint))
    assert len([name for name in found if name.startswith("revocation/")]) == 1
