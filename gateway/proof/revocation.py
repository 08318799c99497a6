"""Is a certificate revoked as of an instant, and how its issuer's list says so (RFC 5280 5, 6.3).

Pure: octets, certificate, issuer and instant in; what was proved out. Fail closed: evidence that
is stale, of another issuer, signed by another key, or narrowed by what is not processed here
(delta and indirect lists, lists by reason, relative names) is no evidence. Responses of a responder
are `gateway.proof.responder`.
"""

import base64
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtensionOID

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


@dataclass(frozen=True, slots=True)
class Said:
    """What verified evidence says of one certificate, whatever the time that is asked for.

    begins, ends: when it holds, of a response no longer than its responder's certificate; ends is
    None where it does not say; since: from when the certificate is revoked, None when it is not.
    """

    kind: str
    sha256: str
    begins: datetime
    ends: datetime | None
    since: datetime | None

    def proves(self, *, at: datetime) -> NotRevoked:
        """Give the proof that the certificate was not revoked by `at`, when this holds.

        Refuses `certificate.revoked`, `revocation.unusable`.
        """
        return self._proves(at, at)

    def proves_as_of(self, certificate: x509.Certificate, *, at: datetime) -> NotRevoked:
        """Give the same of evidence that holds at `at`, or that was given after it.

        What is said later says more of that time, as long as the certificate has not ended: an
        issuer may leave those that have out of its list (RFC 5280 3.3).
        """
        held = max(at, self.begins)
        if held > max(at, certificate.not_valid_after_utc):
            raise unusable("the evidence was given before the certificate ended")
        return self._proves(held, at)

    def _proves(self, held: datetime, at: datetime) -> NotRevoked:
        if self.ends is None or not self.begins <= held < self.ends:
            raise unusable("the evidence holds at that time, and says until when")
        if self.since is not None and self.since <= at:
            raise Refusal(
                "certificate.revoked",
                step="verify",
                rule="its issuer revoked the certificate before that time",
                place="certificate",
            )
        return NotRevoked(self.kind, self.sha256, self.begins, self.ends)


def check_list(
    octets: bytes, certificate: x509.Certificate, issuer: x509.Certificate, *, at: datetime
) -> NotRevoked:
    """Give the proof that the issuer's list does not revoke the certificate by `at`.

    Refuses `certificate.revoked`, and `revocation.unusable` for a list that cannot say.
    """
    return list_says(octets, certificate, issuer).proves(at=at)


def list_says(octets: bytes, certificate: x509.Certificate, issuer: x509.Certificate) -> Said:
    """Read and verify the issuer's list. Refuses `revocation.unusable`."""
    try:
        found = x509.load_der_x509_crl(sized(octets))
        extensions = found.extensions
        signed = found.is_signature_valid(issuer.public_key())  # type: ignore[arg-type]
    except (ValueError, TypeError, x509.DuplicateExtension, UnsupportedAlgorithm):
        raise unusable("the list can be read and its issuer's key can verify it") from None
    usage = extension(issuer, x509.KeyUsage)
    if found.issuer != issuer.subject or certificate.issuer != issuer.subject:
        raise unusable("the list is of the certificate's issuer")
    if not signed or (usage is not None and not usage.crl_sign):
        raise unusable("the issuer signed the list, and may")
    _require_scope(extensions, certificate)
    for entry in found:
        try:
            unknown = [one for one in entry.extensions if one.critical and one.oid not in _ENTRY]
        except (ValueError, x509.DuplicateExtension):
            raise unusable("each entry of the list can be read") from None
        if unknown or _find(entry.extensions, x509.CertificateIssuer) is not None:
            raise unusable("the list has no entry with an extension that is not processed here")
    mine = found.get_revoked_certificate_by_serial_number(certificate.serial_number)
    since = None if mine is None else mine.revocation_date_utc
    if mine is not None and since is not None:
        invalid = _find(mine.extensions, x509.InvalidityDate)
        since = since if invalid is None else min(since, invalid.invalidity_date_utc)
    return Said("crl", digest_of(octets), found.last_update_utc, found.next_update_utc, since)


def list_pem(octets: bytes) -> bytes:
    """Give a list, PEM or DER, as PEM, with nothing of it proved. Refuses `revocation.unusable`."""
    pem = octets.startswith(b"-----BEGIN")
    try:
        found = (x509.load_pem_x509_crl if pem else x509.load_der_x509_crl)(sized(octets))
    except ValueError:
        raise unusable("the list can be read") from None
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
            if isinstance(name, x509.UniformResourceIdentifier) and is_http(name.value):
                yield name.value


def is_http(address: str) -> bool:
    """Tell whether an address is one that is asked: no file, no directory service."""
    return urlsplit(address).scheme in ("http", "https")


def _require_scope(extensions: x509.Extensions, certificate: x509.Certificate) -> None:
    known = {ExtensionOID.ISSUING_DISTRIBUTION_POINT}
    if any(one.critical and one.oid not in known for one in extensions):
        raise unusable("the list has no critical extension that is not processed here")
    scope = _find(extensions, x509.IssuingDistributionPoint)
    if scope is None:
        return
    basic = extension(certificate, x509.BasicConstraints)
    authority = basic is not None and basic.ca
    if scope.only_some_reasons or scope.indirect_crl or scope.relative_name is not None:
        raise unusable("the list is for all reasons and of its issuer alone")
    if (
        (scope.only_contains_user_certs and authority)
        or (scope.only_contains_ca_certs and not authority)
        or scope.only_contains_attribute_certs
    ):
        raise unusable("the list covers this kind of certificate")
    if scope.full_name is not None and not set(scope.full_name) & _points(certificate):
        raise unusable("the list is of a distribution point that the certificate names")


def _points(certificate: x509.Certificate) -> set[x509.GeneralName]:
    found = extension(certificate, x509.CRLDistributionPoints)
    points = [] if found is None else list(found)
    return {
        name
        for one in points
        if one.crl_issuer is None and one.reasons is None
        for name in one.full_name or ()
    }


def _find(extensions: x509.Extensions, kind: type[_Extension]) -> _Extension | None:
    try:
        return extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None


def sized(octets: bytes) -> bytes:
    """Give evidence that is small enough to be read. Refuses `revocation.unusable`."""
    if len(octets) > LARGEST_EVIDENCE:
        raise unusable("evidence has at most 1 MiB")
    return octets


def digest_of(octets: bytes) -> str:
    """Give SHA-256 in base64, by which evidence is named."""
    return base64.b64encode(hashlib.sha256(octets).digest()).decode("ascii")


def unusable(rule: str) -> Refusal:
    """Give the refusal of evidence that cannot say."""
    return Refusal("revocation.unusable", step="verify", rule=rule, place="revocation")
