"""SOAP 1.1 envelopes: the body, a batch of messages in it, faults, and national signatures."""

import base64
import binascii
import copy
from collections.abc import Iterator

from cryptography import x509
from lxml import etree

from gateway.model.refusal import Refusal
from gateway.proof import strict_xml
from gateway.translation.media.xml_tree import DSIG, local
from gateway.translation.reading import NativeSignature

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
_BODY = f"{{{SOAP}}}Body"
_HEADER = f"{{{SOAP}}}Header"
# SHEP tells what went well by one family of status codes; all others are failures.
_WENT_WELL = "SCSS"
_UNDELIVERED = frozenset({"NOT_DELIVERED", "DELIVERY_STOPPED"})
_DEEPEST_FAULT = 4
_WSS = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity"
_WSSE = f"{{{_WSS}-secext-1.0.xsd}}"
_TOKEN_ID = f"{{{_WSS}-utility-1.0.xsd}}Id"
_CODE_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._:-")
_LONGEST_CODE = 64


def is_envelope(root: etree._Element) -> bool:
    """Whether an element is a SOAP 1.1 envelope."""
    return root.tag == f"{{{SOAP}}}Envelope"


def body_of(root: etree._Element) -> etree._Element | None:
    """The one element in the SOAP body; None when there is none or more than one."""
    body = root.find(_BODY)
    children = [] if body is None else list(body)
    return children[0] if len(children) == 1 else None


def first_of_large_batch(data: bytes, *, most: int) -> etree._Element | None:
    """The envelope around the first of several messages in a large file, else None.

    A batch is one envelope whose body holds several messages. most: bytes within which the first
    message must end.
    """
    body = strict_xml.native_head(data, _BODY, most=most)
    root = None if body is None else body.getparent()
    return None if root is None else first_of_batch(root)


def first_of_batch(root: etree._Element) -> etree._Element | None:
    """The envelope around the first of several messages, else None."""
    body = root.find(_BODY) if is_envelope(root) else None
    if body is None or len(body) < 2:
        return None
    return _around(copy.deepcopy(body[0]), root, root.find(_HEADER))


def each_message(root: etree._Element) -> Iterator[etree._Element]:
    """An envelope for each message of a parsed batch; the header stays with the first."""
    header = root.find(_HEADER)
    for message in list(root.iterfind(f"{_BODY}/*")):
        yield _around(copy.deepcopy(message), root, header)
        header = None


def each_large_message(data: bytes, first: etree._Element) -> Iterator[etree._Element]:
    """As `each_message`, over bytes, with flat memory; all messages must be of the first's kind.

    first: the envelope that `first_of_large_batch` gave.
    """
    header = first.find(_HEADER)
    kind = first.find(f"{_BODY}/*")
    body: etree._Element | None = None
    for message in strict_xml.native_siblings(data, "" if kind is None else str(kind.tag)):
        parent = message.getparent()
        if parent is None or parent.tag != _BODY:
            continue
        body = parent
        yield _around(message, first, header)
        header = None
    if body is not None and len(body):
        raise Refusal("layout.unknown", step="translate", rule="a batch holds messages of one kind")


def _around(
    message: etree._Element, root: etree._Element, header: etree._Element | None
) -> etree._Element:
    envelope = etree.Element(root.tag, nsmap=dict(root.nsmap))  # type: ignore[arg-type]  # stubs forget None, the default namespace
    if header is not None:
        envelope.append(copy.deepcopy(header))
    etree.SubElement(envelope, _BODY).append(message)
    return envelope


def refuse_fault(root: etree._Element) -> None:
    """Refuse `source.fault` with the native code (R25).

    A SOAP, X-Road or SHEP fault, a SHEP answer whose status is a failure, and a SHEP message that
    was not delivered.
    """
    body = body_of(root) if is_envelope(root) else root
    if body is None:
        return
    candidates = [body] if local(body).endswith("Fault") else []
    for fault in (*candidates, *body.iter("{*}Fault", "{*}fault")):
        raise fault_refusal(*_fault_codes(fault))
    refuse_failed_status(body)


def refuse_failed_status(message: etree._Element) -> None:
    """Refuse `source.fault` for a SHEP answer that says it failed, and for an undelivered one."""
    code = message.findtext("response/responseInfo/status/code", "").strip()
    if code and not code.startswith(_WENT_WELL):
        raise fault_refusal(code)
    state = message.findtext("response/messageState", "").strip()
    if state in _UNDELIVERED:
        raise fault_refusal(message.findtext("response/status/code", "").strip() or state)


def _fault_codes(fault: etree._Element) -> list[str]:
    """SHEP codes from the outermost cause to the innermost, else the codes of SOAP itself."""
    codes = [e.text or "" for e in fault.iter() if local(e) == "errorCode"]
    return codes or [e.text or "" for e in fault.iter() if local(e) == "faultcode"] or [""]


def fault_refusal(*codes: str) -> Refusal:
    """The refusal of a source's fault; a native code is told only if it looks like one.

    codes: the source's own, the outermost first when one fault holds another.
    """
    told = [code.strip() for code in codes[:_DEEPEST_FAULT]]
    sane = [code for code in told if 0 < len(code) <= _LONGEST_CODE and set(code) <= _CODE_LETTERS]
    named = f"the source answered with the fault {' in '.join(reversed(sane))}"
    rule = named if sane else "the source answered a fault"
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
    held = _certificate(signature)
    if held is None or not held.text:
        return None
    try:
        certificate = x509.load_der_x509_certificate(base64.b64decode("".join(held.text.split())))
    except (ValueError, binascii.Error):
        return None
    return certificate.subject.rfc4514_string()


def _certificate(signature: etree._Element) -> etree._Element | None:
    """The certificate in a signature, or the WS-Security token beside it that it refers to."""
    within = signature.find(f".//{{{DSIG}}}X509Certificate")
    beside = signature.getparent()
    reference = signature.find(f"{{{DSIG}}}KeyInfo/{_WSSE}SecurityTokenReference/{_WSSE}Reference")
    if within is not None or beside is None or reference is None:
        return within
    wanted = reference.get("URI", "").removeprefix("#")
    tokens = beside.findall(f"{_WSSE}BinarySecurityToken")
    return next((t for t in tokens if wanted and t.get(_TOKEN_ID) == wanted), None)
