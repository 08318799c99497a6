"""The one XAdES baseline-B profile: an enveloped signature over a whole document.

ECDSA P-256 with SHA-256, Exclusive C14N 1.0, SigningCertificateV2, one Reference with URI="" and
one to SignedProperties (EN 319 132-1; XML Signature 1.1). KeyInfo holds the seal and issuing
certificates as a courtesy to other verifiers; ours takes keys from the directory only. The
container's detached signature is the same profile with one Reference for each file.
"""

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from lxml import etree

from gateway.model.refusal import Refusal
from gateway.proof.json_signature import verify_es256
from gateway.proof.keys import CertifiedKey, thumbprint
from gateway.proof.strict_xml import exclusive_c14n, parse_signed

DS = "http://www.w3.org/2000/09/xmldsig#"
XADES = "http://uri.etsi.org/01903/v1.3.2#"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
ENVELOPED = DS + "enveloped-signature"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
ECDSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"
PROPERTIES_TYPE = "http://uri.etsi.org/01903#SignedProperties"
PROPERTIES_ID = "xades-properties"
_SIGNATURE = f"{{{DS}}}Signature"


@dataclass(frozen=True, slots=True)
class VerifiedXml:
    """What a verified signature proves: these bytes (or file digests), and by whom."""

    octets: bytes
    digests: Mapping[str, bytes]
    certificate: x509.Certificate


def sign_document(octets: bytes, key: CertifiedKey, *, at: datetime) -> bytes:
    """Add the signature as last child of the root; `octets` is canonical XML without one."""
    root = parse_signed(octets)
    if exclusive_c14n(root) != octets:
        raise ValueError("only canonical XML is signed")
    signature = _signature([("", octets)], key, at=at)
    end = octets.rindex(b"</")
    return octets[:end] + signature + octets[end:]


def sign_files(files: Mapping[str, bytes], key: CertifiedKey, *, at: datetime) -> bytes:
    """Give a detached signature element over each file by its name, sorted."""
    return _signature(sorted(files.items()), key, at=at)


def verify_document(octets: bytes, certificates: Mapping[str, x509.Certificate]) -> VerifiedXml:
    """Give the signed document without its signature.

    certificates: by thumbprint, of role seal. Refuses `seal.malformed`, `signature.key-unknown`,
    `signature.wrong`, `digest.wrong`, and as `parse_signed`.
    """
    own = _verify_own(octets, certificates)
    if own is not None:
        return own
    root = parse_signed(octets)
    found = list(root.iter(_SIGNATURE))
    if len(found) != 1 or root[-1] is not found[0]:
        raise _malformed("there is exactly one signature, the last child of the root")
    digests, certificate = _verify(exclusive_c14n(found[0]), certificates)
    root.remove(found[0])
    signed = exclusive_c14n(root)
    if digests != {"": hashlib.sha256(signed).digest()}:
        raise _digest("the document must have the digest that was signed", "Reference")
    return VerifiedXml(signed, digests, certificate)


def verify_files(
    signature: bytes, files: Mapping[str, bytes], certificates: Mapping[str, x509.Certificate]
) -> VerifiedXml:
    """Verify a detached signature and that it covers each of `files`, and nothing else.

    Refuses as `verify_document`; the place names the file.
    """
    digests, certificate = _verify(exclusive_c14n(parse_signed(signature)), certificates)
    for name in sorted(digests.keys() ^ files.keys()):
        rule = "a file is there that was not signed" if name in files else "a signed file is gone"
        raise _digest(rule, name)
    for name, data in sorted(files.items()):
        if hashlib.sha256(data).digest() != digests[name]:
            raise _digest("the file must have the digest that was signed", name)
    return VerifiedXml(signature, digests, certificate)


def _signature(
    references: Sequence[tuple[str, bytes]], key: CertifiedKey, *, at: datetime
) -> bytes:
    # Built as text in its canonical form: what is signed is what is written.
    time = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    # A thumbprint is the same digest, in the other alphabet and without padding.
    properties = _properties(time, _b64(base64.urlsafe_b64decode(key.thumbprint + "=")))
    parts = [_reference(name, _hashed(data)) for name, data in references]
    inner = _inner(parts, _hashed(_owned(properties)))
    value = _b64(key.sign(_signed(inner)))
    chain = "".join(f"<ds:X509Certificate>{one}</ds:X509Certificate>" for one in key.encoded)
    return _written(inner, value, chain, properties).encode()


def _written(inner: str, value: str, chain: str, properties: str) -> str:
    return (
        f'<ds:Signature xmlns:ds="{DS}" Id="xades-signature"><ds:SignedInfo>{inner}'
        f"</ds:SignedInfo><ds:SignatureValue>{value}</ds:SignatureValue>"
        f"<ds:KeyInfo><ds:X509Data>{chain}</ds:X509Data></ds:KeyInfo><ds:Object>"
        f'<xades:QualifyingProperties xmlns:xades="{XADES}" Target="#xades-signature">'
        f'<xades:SignedProperties Id="{PROPERTIES_ID}">{properties}</xades:SignedProperties>'
        "</xades:QualifyingProperties></ds:Object></ds:Signature>"
    )


def _inner(parts: Sequence[str], owned: str) -> str:
    return (
        f'<ds:CanonicalizationMethod Algorithm="{EXCLUSIVE}"></ds:CanonicalizationMethod>'
        f'<ds:SignatureMethod Algorithm="{ECDSA_SHA256}"></ds:SignatureMethod>'
        + "".join(parts)
        + f'<ds:Reference Type="{PROPERTIES_TYPE}" URI="#{PROPERTIES_ID}"><ds:Transforms>'
        f'<ds:Transform Algorithm="{EXCLUSIVE}"></ds:Transform></ds:Transforms>'
        f"{_digest_elements(owned)}</ds:Reference>"
    )


def _signed(inner: str) -> bytes:
    return f'<ds:SignedInfo xmlns:ds="{DS}">{inner}</ds:SignedInfo>'.encode()


def _owned(properties: str) -> bytes:
    return (
        f'<xades:SignedProperties xmlns:xades="{XADES}" Id="{PROPERTIES_ID}">{properties}'
        "</xades:SignedProperties>"
    ).encode()


def _reference(name: str, value: str) -> str:
    if name:
        return f'<ds:Reference URI="{name}">{_digest_elements(value)}</ds:Reference>'
    return (
        f'<ds:Reference URI=""><ds:Transforms><ds:Transform Algorithm="{ENVELOPED}">'
        f'</ds:Transform><ds:Transform Algorithm="{EXCLUSIVE}"></ds:Transform></ds:Transforms>'
        f"{_digest_elements(value)}</ds:Reference>"
    )


def _digest_elements(value: str) -> str:
    return (
        f'<ds:DigestMethod Algorithm="{SHA256}"></ds:DigestMethod>'
        f"<ds:DigestValue>{value}</ds:DigestValue>"
    )


def _properties(time: str, named: str) -> str:
    # Canonical form: each ds element declares its prefix, since none above it does.
    declared = f' xmlns:ds="{DS}"'
    return (
        f"<xades:SignedSignatureProperties><xades:SigningTime>{time}</xades:SigningTime>"
        "<xades:SigningCertificateV2><xades:Cert><xades:CertDigest>"
        f'<ds:DigestMethod{declared} Algorithm="{SHA256}"></ds:DigestMethod>'
        f"<ds:DigestValue{declared}>{named}</ds:DigestValue>"
        "</xades:CertDigest></xades:Cert></xades:SigningCertificateV2>"
        "</xades:SignedSignatureProperties>"
    )


def _own_pattern() -> re.Pattern[bytes]:
    """Make the pattern of what `sign_document` writes."""
    inner = _inner([_reference("", "DOCUMENT")], "OWNED")
    text = re.escape(_written(inner, "VALUE", "CHAIN", _properties("TIME", "NAMED")))
    for name in ("DOCUMENT", "OWNED", "VALUE", "NAMED"):
        text = text.replace(f">{name}<", f">(?P<{name.lower()}>[A-Za-z0-9+/]+={{0,2}})<")
    certificate = "<ds:X509Certificate>[A-Za-z0-9+/]+={0,2}</ds:X509Certificate>"
    text = text.replace(">CHAIN<", f">(?:{certificate})*<")
    return re.compile(text.replace(">TIME<", ">(?P<time>[0-9TZ:-]{20})<").encode("ascii"))


_OWN = _own_pattern()


def _hashed(data: bytes) -> str:
    return _b64(hashlib.sha256(data).digest())


def _verify_own(octets: bytes, certificates: Mapping[str, x509.Certificate]) -> VerifiedXml | None:
    """Verify a canonical document that ends with a signature as `sign_document` writes it.

    It is read without a tree and cut off as text. None for any other, judged by its elements.
    """
    start, end = octets.rfind(b"<ds:Signature "), octets.rfind(b"</")
    found = _OWN.fullmatch(octets, start, end) if 0 <= start < end else None
    if found is None:
        return None
    document = octets[:start] + octets[end:]
    # Its last mark closes its root, so the signature was the root's last child. Ids are ours alone.
    alone = b"xades-" not in document and DS.encode() not in document
    if not alone or exclusive_c14n(parse_signed(document)) != document:
        return None
    told = {name: one.decode("ascii") for name, one in found.groupdict().items()}
    certificate = _known(_decoded(told["named"]), certificates)
    inner = _inner([_reference("", told["document"])], told["owned"])
    verify_es256(certificate, _decoded(told["value"]), _signed(inner))
    if told["owned"] != _hashed(_owned(_properties(told["time"], told["named"]))):
        raise _digest("the signed properties must have the digest that was signed", "Properties")
    if told["document"] != _hashed(document):
        raise _digest("the document must have the digest that was signed", "Reference")
    return VerifiedXml(document, {"": _decoded(told["document"])}, certificate)


def _verify(
    signature: bytes, certificates: Mapping[str, x509.Certificate]
) -> tuple[dict[str, bytes], x509.Certificate]:
    # `signature` is the canonical element standing alone, so no context can change what it says.
    root = parse_signed(signature)
    named = _value(root, f".//{{{XADES}}}CertDigest/{{{DS}}}DigestValue")
    certificate = _known(named, certificates)
    value = _value(root, f"{{{DS}}}SignatureValue")
    info = root.find(f"{{{DS}}}SignedInfo")
    owned = root.findall(f".//{{{XADES}}}SignedProperties")
    if info is None or len(owned) != 1 or len(root.findall(f".//{{{DS}}}SignedInfo")) != 1:
        raise _malformed("there is one SignedInfo and one SignedProperties")
    _require_profile(root, info)
    verify_es256(certificate, value, exclusive_c14n(info))
    digests = {
        str(one.get("URI")): _value(one, f"{{{DS}}}DigestValue")
        for one in info.findall(f"{{{DS}}}Reference")
    }
    own = digests.pop(f"#{PROPERTIES_ID}", b"")
    if own != hashlib.sha256(exclusive_c14n(owned[0])).digest():
        raise _digest("the signed properties must have the digest that was signed", "Properties")
    return digests, certificate


def _known(raw: bytes, certificates: Mapping[str, x509.Certificate]) -> x509.Certificate:
    name = base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
    certificate = certificates.get(name)
    if certificate is None or thumbprint(certificate) != name:
        raise Refusal(
            "signature.key-unknown",
            step="verify",
            rule="the signing certificate must be one the directory lists for this role",
            place="SigningCertificateV2",
        )
    return certificate


def _require_profile(root: etree._Element, info: etree._Element) -> None:
    algorithms = {
        str(one.get("Algorithm")) for one in root.iter() if one.get("Algorithm") is not None
    }
    if not algorithms <= {EXCLUSIVE, ENVELOPED, SHA256, ECDSA_SHA256}:
        raise Refusal(
            "signature.algorithm",
            step="verify",
            rule="ECDSA-SHA256, SHA-256, Exclusive C14N and the enveloped transform are allowed",
            place="SignedInfo",
        )
    names = [str(one.get("URI")) for one in info.findall(f"{{{DS}}}Reference")]
    shape = [str(one.tag) for one in list(info)[:2]]
    wanted = [f"{{{DS}}}CanonicalizationMethod", f"{{{DS}}}SignatureMethod"]
    if len(set(names)) != len(names) or len(names) != len(info) - 2 or shape != wanted:
        raise _malformed("SignedInfo holds its two methods and one Reference for each part")
    for one in info.findall(f"{{{DS}}}Reference"):
        steps = [str(step.get("Algorithm")) for step in one.iter(f"{{{DS}}}Transform")]
        allowed = {"": [ENVELOPED, EXCLUSIVE], f"#{PROPERTIES_ID}": [EXCLUSIVE]}
        if steps != allowed.get(str(one.get("URI")), []):
            raise _malformed("a Reference has exactly the transforms of the profile")


def _value(root: etree._Element, path: str) -> bytes:
    found = root.findall(path)
    if len(found) != 1 or len(found[0]):
        raise _malformed("each value of a signature stands once, as text")
    return _decoded(found[0].text or "")


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise _malformed("values of a signature are base64") from None


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _digest(rule: str, place: str) -> Refusal:
    return Refusal("digest.wrong", step="verify", rule=rule, place=place)


def _malformed(rule: str) -> Refusal:
    return Refusal("seal.malformed", step="verify", rule=rule, place="Signature")
