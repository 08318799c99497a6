"""Faults and national signatures in SOAP envelopes."""

import base64
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from gateway.model.refusal import Refusal
from gateway.proof.strict_xml import parse_native
from gateway.translation.media.soap import fault_refusal, refuse_fault, signatures

DS = "http://www.w3.org/2000/09/xmldsig#"


def signature(certificate: bytes) -> bytes:
    held = base64.b64encode(certificate).decode()
    return (
        f'<r><s:Signature xmlns:s="{DS}"><s:SignedInfo><s:SignatureMethod Algorithm="urn:gost"/>'
        f"</s:SignedInfo><s:KeyInfo><s:X509Data><s:X509Certificate>{held}</s:X509Certificate>"
        "</s:X509Data></s:KeyInfo></s:Signature></r>"
    ).encode()


def test_signature_is_found_with_its_algorithm_and_not_checked() -> None:
    (found,) = signatures(parse_native(signature(b"PLACEHOLDER")))
    assert (found.place, found.algorithm, found.subject) == ("/r/Signature", "urn:gost", None)
    assert found.verdict == "not-checked"


def test_shep_fault_is_refused_with_its_code() -> None:
    fault = b"<SendMessageFault><errorCode>SCSE002</errorCode></SendMessageFault>"
    with pytest.raises(Refusal) as caught:
        refuse_fault(parse_native(fault))
    assert caught.value.rule == "the source answered with the fault SCSE002"


@pytest.mark.parametrize("code", ["", "ИВАНОВ ИВАН", "x" * 65])
def test_fault_code_that_does_not_look_like_one_is_not_repeated(code: str) -> None:
    assert fault_refusal(code).rule == "the source answered a fault"


def test_message_without_fault_passes() -> None:
    refuse_fault(parse_native(b"<a><b>1</b></a>"))


def shep_answer(told: str) -> bytes:
    return (
        '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><SendMessageResponse>'
        f"<response>{told}</response></SendMessageResponse></e:Body></e:Envelope>"
    ).encode()


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ("<responseInfo><status><code>SCSE009</code></status></responseInfo>", "SCSE009"),
        ("<messageState>NOT_DELIVERED</messageState>", "NOT_DELIVERED"),
        (
            "<messageState>DELIVERY_STOPPED</messageState><status><code>A-1</code></status>",
            "A-1",
        ),
    ],
)
def test_shep_answer_that_failed_is_refused_with_its_code(told: str, code: str) -> None:
    with pytest.raises(Refusal) as caught:
        refuse_fault(parse_native(shep_answer(told)))
    assert caught.value.rule == f"the source answered with the fault {code}"


@pytest.mark.parametrize(
    "told",
    [
        "<responseInfo><status><code>SCSS001</code></status></responseInfo>",
        "<responseInfo/>",
        "<messageState>ON_DELIVERY</messageState>",
    ],
)
def test_shep_answer_that_went_well_passes(told: str) -> None:
    refuse_fault(parse_native(shep_answer(told)))


def test_inner_cause_is_told_before_the_fault_that_holds_it() -> None:
    fault = (
        b"<sendMessageFault><errorCode>SCSE002</errorCode><subError><errorCode>X-1</errorCode>"
        b"<subError><errorCode>Y-2</errorCode></subError></subError></sendMessageFault>"
    )
    with pytest.raises(Refusal) as caught:
        refuse_fault(parse_native(fault))
    assert caught.value.rule == "the source answered with the fault Y-2 in X-1 in SCSE002"


def certificate_of(name: str) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    begins = datetime(2026, 1, 1, tzinfo=UTC)
    built = x509.CertificateBuilder(subject, subject, key.public_key(), 1, begins, begins)
    return built.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


def test_subject_of_the_certificate_in_a_signature_is_told() -> None:
    (found,) = signatures(parse_native(signature(certificate_of("Fictional ministry"))))
    assert found.subject == "CN=Fictional ministry"


@pytest.mark.parametrize(
    ("refers_to", "subject"), [("#t1", "CN=Fictional gateway"), ("#t2", None), ("", None)]
)
def test_subject_of_a_token_beside_the_signature_is_told(
    refers_to: str, subject: str | None
) -> None:
    wss = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity"
    token = base64.b64encode(certificate_of("Fictional gateway")).decode()
    header = (
        f'<w:Security xmlns:w="{wss}-secext-1.0.xsd" xmlns:u="{wss}-utility-1.0.xsd">'
        f'<w:BinarySecurityToken u:Id="t1">{token}</w:BinarySecurityToken>'
        f'<s:Signature xmlns:s="{DS}"><s:KeyInfo><w:SecurityTokenReference>'
        f'<w:Reference URI="{refers_to}"/></w:SecurityTokenReference></s:KeyInfo></s:Signature>'
        "</w:Security>"
    )
    (found,) = signatures(parse_native(header.encode()))
    assert found.subject == subject
