"""Lists and responses prove a certificate as of an instant, or they are no evidence."""

import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from certs.authority_folder import Revoked, sign_list
from gateway.model.instants import write_instant
from gateway.model.refusal import Refusal
from gateway.proof.keys import CertifiedKey
from gateway.proof.responder import check_response
from gateway.proof.revocation import check_list
from tests.support.pki import AT, authority, key
from tests.support.programs import program

DAY = timedelta(days=1)
SEAL = key("KZ", "seal").certificate
ISSUING = authority("KZ").issuing
SINCE = AT + 2 * DAY
REVOKED = Revoked(str(SEAL.serial_number), write_instant(SINCE), "keyCompromise")


def listed(*revoked: Revoked, issuer: CertifiedKey = ISSUING) -> bytes:
    return sign_list(issuer, revoked, 1, at=AT, days=30)


def response(status: ocsp.OCSPCertStatus, signer: CertifiedKey = ISSUING) -> bytes:
    revoked = status is ocsp.OCSPCertStatus.REVOKED
    builder = ocsp.OCSPResponseBuilder().add_response(
        SEAL,
        ISSUING.certificate,
        hashes.SHA256(),
        status,
        AT,
        AT + 7 * DAY,
        SINCE if revoked else None,
        x509.ReasonFlags.key_compromise if revoked else None,
    )
    builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, signer.certificate)
    made = builder.certificates([signer.certificate]).sign(signer.private, hashes.SHA256())
    return made.public_bytes(Encoding.DER)


def test_a_list_without_the_certificate_proves_it() -> None:
    assert check_list(listed(), SEAL, ISSUING.certificate, at=AT + DAY).kind == "crl"


def test_a_listed_certificate_is_revoked_from_its_instant_on() -> None:
    octets = listed(REVOKED)
    check_list(octets, SEAL, ISSUING.certificate, at=SINCE - DAY)
    with pytest.raises(Refusal, match=r"certificate\.revoked"):
        check_list(octets, SEAL, ISSUING.certificate, at=SINCE)


@pytest.mark.parametrize("days", [-1, 30])
def test_a_list_outside_its_time_is_no_evidence(days: int) -> None:
    with pytest.raises(Refusal, match=r"revocation\.unusable"):
        check_list(listed(), SEAL, ISSUING.certificate, at=AT + DAY * days)


def test_a_list_of_another_authority_is_no_evidence() -> None:
    with pytest.raises(Refusal, match=r"revocation\.unusable"):
        check_list(listed(issuer=authority("UZ").issuing), SEAL, ISSUING.certificate, at=AT + DAY)


def test_a_changed_list_is_no_evidence() -> None:
    octets = listed()
    with pytest.raises(Refusal, match=r"revocation\.unusable"):
        check_list(octets[:-1] + bytes([octets[-1] ^ 1]), SEAL, ISSUING.certificate, at=AT + DAY)


def test_a_good_response_of_the_issuer_proves_it() -> None:
    octets = response(ocsp.OCSPCertStatus.GOOD)
    assert check_response(octets, SEAL, ISSUING.certificate, at=AT + DAY).kind == "ocsp"


def test_a_response_tells_a_revocation_from_its_instant_on() -> None:
    octets = response(ocsp.OCSPCertStatus.REVOKED)
    with pytest.raises(Refusal, match=r"certificate\.revoked"):
        check_response(octets, SEAL, ISSUING.certificate, at=SINCE)


@pytest.mark.parametrize(
    ("octets", "days"),
    [
        (response(ocsp.OCSPCertStatus.UNKNOWN), 1),
        (response(ocsp.OCSPCertStatus.GOOD), 7),
        (response(ocsp.OCSPCertStatus.GOOD, key("KZ", "evidence")), 1),
        (b"nothing", 1),
    ],
    ids=["unknown", "stale", "wrong responder", "unreadable"],
)
def test_a_response_that_cannot_say_is_no_evidence(octets: bytes, days: int) -> None:
    with pytest.raises(Refusal, match=r"revocation\.unusable"):
        check_response(octets, SEAL, ISSUING.certificate, at=AT + DAY * days)


def test_openssl_verifies_our_list_and_chain(tmp_path: Path) -> None:
    (tmp_path / "list.crl").write_bytes(listed(REVOKED))
    for name, chain in (("ca", ISSUING.chain), ("leaf", [SEAL])):
        data = b"".join(one.public_bytes(Encoding.PEM) for one in chain)
        (tmp_path / f"{name}.pem").write_bytes(data)
    openssl = program("openssl")
    told = subprocess.run(
        [openssl, "crl", "-inform", "DER", "-in", "list.crl", "-CAfile", "ca.pem", "-noout"],
        cwd=tmp_path, capture_output=True, check=True,
    )  # fmt: skip
    assert b"verify OK" in told.stderr
    moment = str(int((AT + DAY).timestamp()))
    subprocess.run(
        [openssl, "verify", "-x509_strict", "-attime", moment, "-CAfile", "ca.pem", "leaf.pem"],
        cwd=tmp_path, capture_output=True, check=True,
    )  # fmt: skip
