"""A responder is asked over HTTP; what it says proves a certificate, or is no evidence."""

import subprocess
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509 import ocsp

from gateway.directory.fetch import BoundedFetcher, posted
from gateway.model.refusal import Refusal
from gateway.proof.keys import CertifiedKey
from gateway.proof.responder import (
    QUESTION_TYPE,
    check_response,
    question,
    responder_addresses,
    response_says,
)
from gateway.wiring import now
from tests.support.pki import AT, authority, key
from tests.support.programs import program
from tests.support.responder import Responder, answer, delegate, leaf_of_responder, responding

DAY = timedelta(days=1)
ISSUING = authority("KZ").issuing
ISSUER = ISSUING.certificate
LEAF = leaf_of_responder("KZ", "http://ocsp.kz.example/")


def asked(url: str, body: bytes, most: int = 65536) -> bytes | str:
    return posted(BoundedFetcher(time.monotonic), url, body, QUESTION_TYPE, most)


def key_of(signer: CertifiedKey) -> ec.EllipticCurvePrivateKey:
    assert isinstance(signer.private, ec.EllipticCurvePrivateKey)
    return signer.private


def said(signer: CertifiedKey) -> bytes:
    return answer(question(LEAF, ISSUER), ISSUING, signer, None, at=AT)


@pytest.fixture
def responder() -> Iterator[Responder]:
    with responding(Responder(ISSUING, ISSUING, AT)) as found:
        yield found


def test_a_certificate_says_where_its_responder_is_asked() -> None:
    assert list(responder_addresses(LEAF)) == ["http://ocsp.kz.example/"]


def test_a_responder_is_never_asked_at_a_file() -> None:
    assert list(responder_addresses(leaf_of_responder("KZ", "file:///etc/passwd"))) == []


def test_a_posted_question_without_nonce_is_answered(responder: Responder) -> None:
    found = asked(responder.url, question(LEAF, ISSUER))
    assert isinstance(found, bytes)
    assert check_response(found, LEAF, ISSUER, at=AT + DAY).ends == AT + 7 * DAY
    ((kind, body),) = responder.asked
    assert (kind, list(ocsp.load_der_ocsp_request(body).extensions)) == (QUESTION_TYPE, [])


def test_an_answer_that_is_longer_than_it_may_be_is_left(responder: Responder) -> None:
    responder.instead = lambda _: b"x" * 2000
    assert asked(responder.url, b"?", most=1999) == f"{responder.url}: more than 1999 bytes"


def test_a_responder_that_its_issuer_certified_may_answer() -> None:
    assert check_response(said(delegate("KZ")), LEAF, ISSUER, at=AT + DAY).kind == "ocsp"


@pytest.mark.parametrize(
    "signer",
    [delegate("KZ", signing=False), delegate("UZ"), key("KZ", "seal")],
    ids=["another usage", "another state's", "a gateway's key"],
)
def test_nobody_else_may(signer: CertifiedKey) -> None:
    with pytest.raises(Refusal, match="a responder that it certified for it"):
        check_response(said(signer), LEAF, ISSUER, at=AT + DAY)


def test_an_answer_counts_no_longer_than_its_responders_certificate() -> None:
    octets = said(delegate("KZ", days=2))
    check_response(octets, LEAF, ISSUER, at=AT + DAY)
    with pytest.raises(Refusal, match="holds at that time"):
        check_response(octets, LEAF, ISSUER, at=AT + 3 * DAY)


@pytest.mark.parametrize(
    "status", [one for one in ocsp.OCSPResponseStatus if one.value], ids=lambda one: one.name
)
def test_a_responder_that_does_not_answer_is_told_by_its_status(
    status: ocsp.OCSPResponseStatus,
) -> None:
    octets = ocsp.OCSPResponseBuilder.build_unsuccessful(status).public_bytes(Encoding.DER)
    with pytest.raises(Refusal, match=f"it said: {status.name.lower().replace('_', ' ')}"):
        check_response(octets, LEAF, ISSUER, at=AT)


def test_an_answer_for_another_certificate_is_no_evidence() -> None:
    other = leaf_of_responder("KZ", "http://ocsp.kz.example/")
    with pytest.raises(Refusal, match="for this certificate"):
        check_response(said(ISSUING), other, ISSUER, at=AT + DAY)


def test_what_is_said_later_says_more_of_an_earlier_time() -> None:
    later = answer(question(LEAF, ISSUER), ISSUING, ISSUING, AT + 3 * DAY, at=AT + 5 * DAY)
    found = response_says(later, LEAF, ISSUER)
    assert found.proves_as_of(LEAF, at=AT + 2 * DAY).kind == "ocsp"
    with pytest.raises(Refusal, match=r"certificate\.revoked"):
        found.proves_as_of(LEAF, at=AT + 3 * DAY)


def test_what_is_said_once_the_certificate_has_ended_says_nothing() -> None:
    late = answer(question(LEAF, ISSUER), ISSUING, ISSUING, None, at=AT + 400 * DAY)
    with pytest.raises(Refusal, match="before the certificate ended"):
        response_says(late, LEAF, ISSUER).proves_as_of(LEAF, at=AT)


@pytest.mark.parametrize("state", ["V", "R"], ids=["valid", "revoked"])
def test_openssl_answers_our_question_and_its_answer_is_read(
    state: str, responder: Responder, tmp_path: Path
) -> None:
    command, signer, moment = program("openssl"), delegate("KZ", days=3650), now()
    pem, plain = Encoding.PEM, NoEncryption()
    (tmp_path / "signer.pem").write_bytes(signer.certificate.public_bytes(pem))
    (tmp_path / "signer.key").write_bytes(
        key_of(signer).private_bytes(pem, PrivateFormat.PKCS8, plain)
    )
    (tmp_path / "ca.pem").write_bytes(ISSUER.public_bytes(pem))
    since = "251124060000Z" if state == "R" else ""
    line = f"{state}\t361124060000Z\t{since}\t{LEAF.serial_number:040X}\tunknown\t/CN=x\n"
    (tmp_path / "index.txt").write_text(line, "ascii")

    def by_openssl(request: bytes) -> bytes:
        (tmp_path / "request.der").write_bytes(request)
        words = [
            command, "ocsp", "-index", "index.txt", "-CA", "ca.pem", "-rsigner", "signer.pem",
            "-rkey", "signer.key", "-ndays", "7", "-reqin", "request.der", "-respout", "said.der",
        ]  # fmt: skip
        subprocess.run(words, cwd=tmp_path, check=True, capture_output=True)
        return (tmp_path / "said.der").read_bytes()

    responder.instead = by_openssl
    found = asked(responder.url, question(LEAF, ISSUER))
    assert isinstance(found, bytes), found
    told = response_says(found, LEAF, ISSUER)
    assert (told.since is None) == (state == "V")
    assert told.begins <= moment + timedelta(seconds=60)
