"""The XAdES profile: xmlsec1 accepts what we sign, and we refuse every wrapped or altered form."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from gateway.model.refusal import Refusal
from gateway.proof.xml_signature import (
    VerifiedXml,
    sign_document,
    sign_files,
    verify_document,
    verify_files,
)
from tests.support.pki import AT, authority, key
from tests.support.programs import program

SEAL = key("KZ", "seal")
DOCUMENT = '<Message xmlns="urn:lmx:1"><Header><a>Ә &amp; Ӣ</a></Header></Message>'.encode()
SIGNED = sign_document(DOCUMENT, SEAL, at=AT)
FILES = {"exchange/header.json": b"{}", "payload/record.xml": b"<a/>"}


def check(octets: bytes) -> VerifiedXml:
    return verify_document(octets, {SEAL.thumbprint: SEAL.certificate})


def test_the_document_comes_back_without_its_signature() -> None:
    assert check(SIGNED).octets == DOCUMENT


def test_xmlsec1_accepts_the_document(tmp_path: Path) -> None:
    root = tmp_path / "root.pem"
    root.write_bytes(authority("KZ").root.certificate.public_bytes(Encoding.PEM))
    message = tmp_path / "message.xml"
    message.write_bytes(SIGNED)
    options = ["--verify", "--id-attr:Id", "SignedProperties", "--trusted-pem", str(root)]
    ran = subprocess.run(
        [program("xmlsec1"), *options, str(message)], capture_output=True, check=False
    )
    assert ran.returncode == 0


def test_xmlsec1_refuses_the_document_under_another_states_root(tmp_path: Path) -> None:
    root = tmp_path / "root.pem"
    root.write_bytes(authority("UZ").root.certificate.public_bytes(Encoding.PEM))
    message = tmp_path / "message.xml"
    message.write_bytes(SIGNED)
    options = ["--verify", "--id-attr:Id", "SignedProperties", "--trusted-pem", str(root)]
    ran = subprocess.run(
        [program("xmlsec1"), *options, str(message)], capture_output=True, check=False
    )
    assert ran.returncode != 0


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda x: x.replace("Ә".encode(), "А".encode()), "digest.wrong"),
        (lambda x: x.replace(b"<Header>", b"<Header><!-- -->"), "xml.profile"),
        (lambda x: x.replace(b"2026-11-24T06", b"2026-11-24T07"), "digest.wrong"),
        (lambda x: x.replace(b"ecdsa-sha256", b"hmac-sha256"), "signature.algorithm"),
        (lambda x: x.replace(b"<Message ", b"<!DOCTYPE a><Message ", 1), "xml.doctype"),
        (lambda x: x.replace(b"</Message>", b"<x></x></Message>"), "seal.malformed"),
        (lambda x: b"<Message>" + x + b"</Message>", "seal.malformed"),
        (lambda _: DOCUMENT, "seal.malformed"),
    ],
    ids=[
        "other value",
        "comment",
        "other signing time",
        "other algorithm",
        "doctype",
        "element behind the signature",
        "wrapped",
        "stripped",
    ],
)
def test_an_altered_document_is_refused(change: Callable[[bytes], bytes], code: str) -> None:
    with pytest.raises(Refusal) as refused:
        check(change(SIGNED))
    assert refused.value.code == code


@pytest.mark.parametrize(
    "inner",
    [
        b'<d:Signature xmlns:d="http://www.w3.org/2000/09/xmldsig#"></d:Signature>',
        b'<b Id="xades-signature"></b>',
    ],
)
def test_a_document_that_holds_something_of_a_signature_is_refused(inner: bytes) -> None:
    document = DOCUMENT.replace(b"<Header>", inner + b"<Header>")
    with pytest.raises(Refusal) as caught:
        check(sign_document(document, SEAL, at=AT))
    assert caught.value.code in {"seal.malformed", "xml.profile"}


def _without_key_info(octets: bytes) -> bytes:
    start, end = octets.index(b"<ds:KeyInfo>"), octets.index(b"<ds:Object>")
    return octets[:start] + octets[end:]


def test_a_signature_written_otherwise_verifies_too() -> None:
    assert check(_without_key_info(SIGNED)).octets == DOCUMENT


@pytest.mark.parametrize("tag", ["DigestValue", "SignatureValue"])
def test_a_value_altered_in_a_signature_written_otherwise_is_refused(tag: str) -> None:
    octets = _without_key_info(SIGNED)
    at = octets.index(f"<ds:{tag}>".encode()) + len(f"<ds:{tag}>")
    other = b"A" if octets[at : at + 1] != b"A" else b"B"
    with pytest.raises(Refusal) as caught:
        check(octets[:at] + other + octets[at + 1 :])
    assert caught.value.code == "signature.wrong"


@pytest.mark.parametrize("tag", ["DigestValue", "SignatureValue"])
def test_a_value_altered_in_a_signature_of_ours_is_refused(tag: str) -> None:
    at = SIGNED.index(f"<ds:{tag}>".encode()) + len(f"<ds:{tag}>")
    other = b"A" if SIGNED[at : at + 1] != b"A" else b"B"
    with pytest.raises(Refusal) as caught:
        check(SIGNED[:at] + other + SIGNED[at + 1 :])
    assert caught.value.code == "signature.wrong"


def test_a_key_the_directory_does_not_list_is_refused() -> None:
    with pytest.raises(Refusal, match=r"signature\.key-unknown"):
        check(sign_document(DOCUMENT, key("UZ", "seal"), at=AT))


def test_only_canonical_xml_is_signed() -> None:
    with pytest.raises(ValueError, match="canonical"):
        sign_document(b"<Message xmlns='urn:lmx:1'/>", SEAL, at=AT)


def test_files_verify_with_their_signature() -> None:
    signature = sign_files(FILES, SEAL, at=AT)
    proved = verify_files(signature, FILES, {SEAL.thumbprint: SEAL.certificate})
    assert proved.digests.keys() == FILES.keys()


@pytest.mark.parametrize(
    "files",
    [
        {**FILES, "more": b""},
        {"payload/record.xml": b"<a/>"},
        {**FILES, "payload/record.xml": b"<b/>"},
    ],
    ids=["further file", "missing file", "other content"],
)
def test_other_files_are_refused(files: dict[str, bytes]) -> None:
    signature = sign_files(FILES, SEAL, at=AT)
    with pytest.raises(Refusal, match=r"digest\.wrong"):
        verify_files(signature, files, {SEAL.thumbprint: SEAL.certificate})
