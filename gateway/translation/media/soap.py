"""SOAP 1.1 envelopes: the body, faults, and the national signatures in them."""

import base64
import binascii

from cryptography import x509
from lxml import etree

from gateway.model.refusal import Refusal
from gateway.translation.media.xml_tree import DSIG, local
from gateway.translation.reading import NativeSignature

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
_FAULT_NAMES = frozenset({"faultcode", "errorCode"})
_CODE_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._:-")
_LONGEST_CODE = 64


def is_envelope(root: etree._Element) -> bool:
    """Whether an element is a SOAP 1.1 envelope."""
    return root.tag == f"{{{SOAP}}}Envelope"


def body_of(root: etree._Element) -> etree._Element | None:
    """The one element in the SOAP body; None when there is none or more than one."""
    body = root.find(f"{{{SOAP}}}Body")
    children = [] if body is None else list(body)
    return children[0] if len(children) == 1 else None


def refuse_fault(root: etree._Element) -> None:
    """Refuse `source.fault` with the native code: a SOAP, X-Road or SHEP fault (R25)."""
    body = body_of(root) if is_envelope(root) else root
    if body is None:
        return
    candidates = [body] if local(body).endswith("Fault") else []
    candidates += [e for e in body.iter() if local(e) in ("Fault", "fault")]
    for fault in candidates:
        codes = [e.text or "" for e in fault.iter() if local(e) in _FAULT_NAMES]
        raise fault_refusal(codes[0] if codes else "")


def fault_refusal(code: str) -> Refusal:
    """The refusal of a source's fault; the native code is told only if it looks like one."""
    told = code.strip()
    sane = 0 < len(told) <= _LONGEST_CODE and set(told) <= _CODE_LETTERS
    rule = f"the source answered with the fault {told}" if sane else "the source answered a fault"
    return Refusal("source.fault", step="translate", rule=rule)


def signatures(root: etree._Element, within: str = "") -> tuple[NativeSignature, ...]:
    """Every XML signature below an element: place, algorithm, certificate subject if readable."""
    found = []
    for signature in root.iter(f"{{{DSIG}}}Signature"):
        method = signature.find(f"{{{DSIG}}}SignedInfo/{{{DSIG}}}SignatureMethod")
        algorithm = "" if method is None else method.get("Algorithm", "")
        parents = [local(e) for e in reversed(list(signature.iterancestors()))]
        place = "/".join([within, *parents, "Signature"])
        found.append(NativeSignature(place, algorithm, _subject(signature)))
    return tuple(found)


def _subject(signature: etree._Element) -> str | None:
    held = signature.find(f".//{{{DSIG}}}X509Certificate")
    if held is None or not held.text:
        return None
    try:
        certificate = x509.load_der_x509_certificate(base64.b64decode("".join(held.text.split())))
    except (ValueError, binascii.Error):
        return None
    return certificate.subject.rfc4514_string()
