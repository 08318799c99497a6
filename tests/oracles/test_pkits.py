"""Every case of NIST PKITS through the path core and the lists; each difference has its reason."""

import csv
import warnings
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import cryptography_vectors
import pytest
from cryptography import x509

from gateway.model.refusal import Refusal
from gateway.proof.path import Path as ProvedPath
from gateway.proof.path import PathRules, find_paths
from gateway.proof.revocation import check_list

HERE = Path(__file__).parent / "pkits"
DATA = Path(str(cryptography_vectors.__file__)).parent / "x509/PKITS_data"
AT = datetime(2020, 1, 1, tzinfo=UTC)
# The demands of our profiles (P-256, roles, names) are switched off: PKITS is RSA and DSA.
RULES = PathRules(lambda _: (), lambda _: (), 6, usage=False)


def rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((HERE / name).read_text("utf-8").splitlines()))


CASES = {f"{one['section']} {one['name']}": one for one in rows("cases.csv")}
EXCLUDED = {f"{one['section']} {one['name']}": one for one in rows("exclusions.csv")}


def load(name: str) -> x509.Certificate:
    return x509.load_der_x509_certificate((DATA / "certs" / name).read_bytes())


def unrevoked(path: ProvedPath, lists: list[bytes]) -> bool:
    chain = path.certificates
    for one, issuer in pairwise(chain):
        if not any(proves(octets, one, issuer) for octets in lists):
            return False
    return True


def proves(octets: bytes, one: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        check_list(octets, one, issuer, at=AT)
    except Refusal as refusal:
        if refusal.code == "certificate.revoked":
            raise
        return False
    return True


def verdict(case: dict[str, str]) -> str:
    try:
        chain = [load(case["certificate"]), *map(load, case["others"].split())]
        names = ["TrustAnchorRootCRL.crl", *case["lists"].split()]
        lists = [(DATA / "crls" / name).read_bytes() for name in names]
        paths = find_paths(chain, [load("TrustAnchorRootCertificate.crt")], RULES)
        found = any(one.holds_at(AT) and unrevoked(one, lists) for one in paths)
    except Refusal:
        return "refused"
    except ValueError:
        return "unreadable"
    return "accepted" if found else "refused"


@pytest.mark.parametrize("name", CASES)
def test_a_case_has_the_verdict_of_nist_or_its_reason(name: str) -> None:
    case = CASES[name]
    expected = "accepted" if case["valid"] == "yes" else "refused"
    with warnings.catch_warnings():
        # Negative serial numbers and the like are the vectors' own business.
        warnings.simplefilter("ignore")
        ours = verdict(case)
    if name in EXCLUDED:
        assert (ours, expected != ours) == (EXCLUDED[name]["ours"], True)
    else:
        assert ours == expected


def test_each_exclusion_is_of_a_case_and_has_a_reason() -> None:
    assert [one for one in EXCLUDED if one not in CASES or not EXCLUDED[one]["reason"]] == []


def test_what_is_accepted_against_nist_is_policy_or_delta_only() -> None:
    wrongly = {one.split(" ")[0] for one, row in EXCLUDED.items() if row["ours"] == "accepted"}
    assert {one.rpartition(".")[0] for one in wrongly} == {"4.8", "4.15"}
