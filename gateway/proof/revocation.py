"""Is a certificate revoked as of an instant: CRL (RFC 5280 5, 6.3) and OCSP (RFC 6960) octets.

Pure: octets, certificate, issuer and instant in; what was proved out. Fail closed: evidence that
is stale, of another issuer, signed by another key, or narrowed by what is not processed here
(delta and indirect lists, lists by reason, relative names) is no evidence.
"""

import base64
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID

from gateway.model.refusal import Refusal
from gateway.proof.path import extension

LARGEST_EVIDENCE = 1024 * 1024
_Extension = TypeVar("_Extension", bound=x509.ExtensionType)
_ENTRY = frozenset({x509.CRLReason.oid, x509.InvalidityDate.oid})


@dataclass(frozen=True, slots=True)
class NotRevoked:
    """What the evidence proves: kind (`crl`, `ocsp`), SHA-256 in base64, and when it holds."""

    kind: str
    sha256: str
    begins: datetime
    ends: datetime


def check_list(
    octets: bytes, certificate: x509.Certificate, issuer: x509.Certificate, *, at: datetime
) -> NotRevoked:
    """Give the proof that the issuer's list does not revoke the certificate by `at`.

    Refuses `certificate.revoked`, and `revocation.unusable` for a list that cannot say.
    """
    try:
        found = x509.load_der_x509_crl(_sized(octets))
        extensions = found.extensions
        signed = found.is_signature_valid(issuer.public_key())  # type: ignore[arg-type]
    except (ValueError, TypeError, x509.DuplicateExtension, UnsupportedAlgorithm):
        raise _unusable("the list can be read and its issuer's key can verify it") from None
    usage = extension(issuer, x509.KeyUsage)
    if found.issuer != issuer.subject or certificate.issuer != issuer.subject:
        raise _unusable("the list is of the certificate's issuer")
    if not signed or (usage is not None and not usage.crl_sign):
        raise _unusable("the issuer signed the list, and may")
    _require_scope(extensions, certificate)
    ends = found.next_update_utc
    _require_time(found.last_update_utc, ends, at)
    for entry in found:
        try:
            unknown = [one for one in entry.extensions if one.critical and one.oid not in _ENTRY]
        except (ValueError, x509.DuplicateExtension):
            raise _unusable("each entry of the list can be read") from None
        if unknown or _find(entry.extensions, x509.CertificateIssuer) is not None:
            raise _unusable("the list has no entry with an extension that is not processed here")
    mine = found.get_revoked_certificate_by_serial_number(certificate.serial_number)
    if mine is not None:
        invalid = _find(mine.extensions, x509.InvalidityDate)
        since = mine.revocation_date_utc
        _require_before(since if invalid is None else min(since, invalid.invalidity_date_utc), at)
    return _proved("crl", octets, found.last_update_utc, ends)


def check_response(
    octets: bytes, certificate: x509.Certificate, issuer: x509.Certificate, *, at: datetime
) -> NotRevoked:
    """Give the proof that a responder of the issuer calls the certificate good as of `at`.

    Signed by the issuer, or by one whom the issuer certified for it (RFC 6960 4.2.2.2).
    Refuses `certificate.revoked`, and `revocation.unusable` for a response that cannot say.
    """
    try:
        found = ocsp.load_der_ocsp_response(_sized(octets))
        if found.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
            raise _unusable("the responder answered with a status")
        if any(one.critical for one in found.extensions):
            raise _unusable("the response has no critical extension")
        signers = [issuer, *(one for one in found.certificates if _delegate(one, issuer, at))]
        answers = list(found.responses)
        mine = [one for one in answers if _names(one, certificate, issuer)]
    except (ValueError, x509.DuplicateExtension, UnsupportedAlgorithm):
        raise _unusable("the response can be read") from None
    if not any(_signed(found, one) for one in signers):
        raise _unusable("the issuer or its responder signed the response")
    if len(mine) != 1:
        raise _unusable("the response is for this certificate")
    answer = mine[0]
    _require_time(answer.this_update_utc, answer.next_update_utc, at)
    if answer.certificate_status is ocsp.OCSPCertStatus.UNKNOWN:
        raise _unusable("the responder knows the certificate")
    if answer.revocation_time_utc is not None:
        _require_before(answer.revocation_time_utc, at)
    return _proved("ocsp", octets, answer.this_update_utc, answer.next_update_utc)


def list_pem(octets: bytes) -> bytes:
    """Give a list, PEM or DER, as PEM, with nothing of it proved. Refuses `revocation.unusable`."""
    pem = octets.startswith(b"-----BEGIN")
    try:
        found = (x509.load_pem_x509_crl if pem else x509.load_der_x509_crl)(_sized(octets))
    except ValueError:
        raise _unusable("the list can be read") from None
    return found.public_bytes(Encoding.PEM)


def issuer_of(
    certificate: x509.Certificate, above: Iterable[x509.Certificate]
) -> x509.Certificate | None:
    """Give the certificate among others that has the issuer's name, None when there is none."""
    return next((one for one in above if one.subject == certificate.issuer), None)


def list_addresses(certificate: x509.Certificate) -> Iterator[str]:
    """Give where the certificate says that its issuer's list stands, over HTTP only."""
    for point in extension(certificate, x509.CRLDistributionPoints) or ():
        for name in point.full_name or ():
            # No file, no directory service: what a partner's certificate names is asked by us.
            if isinstance(name, x509.UniformResourceIdentifier) and _is_http(name.value):
                yield name.value


def _is_http(address: str) -> bool:
    return urlsplit(address).scheme in ("http", "https")


def _require_scope(extensions: x509.Extensions, certificate: x509.Certificate) -> None:
    known = {ExtensionOID.ISSUING_DISTRIBUTION_POINT}
    if any(one.critical and one.oid not in known for one in extensions):
        raise _unusable("the list has no critical extension that is not processed here")
    scope = _find(extensions, x509.IssuingDistributionPoint)
    if scope is None:
        return
    basic = extension(certificate, x509.BasicConstraints)
    authority = basic is not None and basic.ca
    if scope.only_some_reasons or scope.indirect_crl or scope.relative_name is not None:
        raise _unusable("the list is for all reasons and of its issuer alone")
    if (
        (scope.only_contains_user_certs and authority)
        or (scope.only_contains_ca_certs and not authority)
        or scope.only_contains_attribute_certs
    ):
        raise _unusable("the list covers this kind of certificate")
    if scope.full_name is not None and not set(scope.full_name) & _points(certificate):
        raise _unusable("the list is of a distribution point that the certificate names")


def _points(certificate: x509.Certificate) -> set[x509.GeneralName]:
    found = extension(certificate, x509.CRLDistributionPoints)
    points = [] if found is None else list(found)
    return {
        name
        for one in points
        if one.crl_issuer is None and one.reasons is None
        for name in one.full_name or ()
    }


def _require_time(begins: datetime, ends: datetime | None, at: datetime) -> None:
    if ends is None or not begins <= at < ends:
        raise _unusable("the evidence holds at that time, and says until when")


def _require_before(since: datetime, at: datetime) -> None:
    if since <= at:
        raise Refusal(
            "certificate.revoked",
            step="verify",
            rule="its issuer revoked the certificate before that time",
            place="certificate",
        )


def _delegate(one: x509.Certificate, issuer: x509.Certificate, at: datetime) -> bool:
    extended = extension(one, x509.ExtendedKeyUsage)
    try:
        one.verify_directly_issued_by(issuer)
    except (InvalidSignature, ValueError, TypeError):
        return False
    allowed = extended is not None and ExtendedKeyUsageOID.OCSP_SIGNING in extended
    return allowed and one.not_valid_before_utc <= at <= one.not_valid_after_utc


def _names(
    answer: ocsp.OCSPSingleResponse, certificate: x509.Certificate, issuer: x509.Certificate
) -> bool:
    key = issuer.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    bits = x509.SubjectKeyIdentifier.from_public_key(issuer.public_key()).digest
    name, own = hashes.Hash(answer.hash_algorithm), hashes.Hash(answer.hash_algorithm)
    name.update(issuer.subject.public_bytes())
    own.update(_key_bits(key, bits))
    return (
        answer.serial_number == certificate.serial_number
        and answer.issuer_name_hash == name.finalize()
        and answer.issuer_key_hash == own.finalize()
    )


def _key_bits(info: bytes, sha1: bytes) -> bytes:
    # RFC 6960 4.1.1 hashes the BIT STRING's content: the tail whose SHA-1 is the key identifier.
    for start in range(len(info)):
        if hashlib.sha1(info[start:], usedforsecurity=False).digest() == sha1:
            return info[start:]
    raise ValueError("the key has no bit string")


def _signed(found: ocsp.OCSPResponse, signer: x509.Certificate) -> bool:
    key, digest = signer.public_key(), found.signature_hash_algorithm
    if digest is None or digest.name not in {"sha256", "sha384", "sha512"}:
        return False
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(found.signature, found.tbs_response_bytes, ec.ECDSA(digest))
        elif isinstance(key, rsa.RSAPublicKey):
            key.verify(found.signature, found.tbs_response_bytes, padding.PKCS1v15(), digest)
        else:
            return False
    except InvalidSignature:
        return False
    return True


def _find(extensions: x509.Extensions, kind: type[_Extension]) -> _Extension | None:
    try:
        return extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None


def _sized(octets: bytes) -> bytes:
    if len(octets) > LARGEST_EVIDENCE:
        raise _unusable("evidence has at most 1 MiB")
    return octets


def _proved(kind: str, octets: bytes, begins: datetime, ends: datetime | None) -> NotRevoked:
    digest = base64.b64encode(hashlib.sha256(octets).digest()).decode("ascii")
    return NotRevoked(kind, digest, begins, ends or begins)


def _unusable(rule: str) -> Refusal:
    return Refusal("revocation.unusable", step="verify", rule=rule, place="revocation")
