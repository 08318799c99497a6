"""What an OCSP responder says of one certificate (RFC 6960), and how it is asked.

Pure, and fail closed as `gateway.proof.revocation`. A question carries no nonce: what is
answered is kept and shown years later, so its time is `thisUpdate` to `nextUpdate` (RFC 5019 4).
"""

import hashlib
from collections.abc import Iterator
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID

from gateway.proof.path import extension
from gateway.proof.revocation import NotRevoked, Said, digest_of, is_http, sized, unusable

QUESTION_TYPE = "application/ocsp-request"


def responder_addresses(certificate: x509.Certificate) -> Iterator[str]:
    """Give where the certificate says that its issuer's responder is asked, over HTTP only."""
    for one in extension(certificate, x509.AuthorityInformationAccess) or ():
        named = one.access_location
        if (
            one.access_method == AuthorityInformationAccessOID.OCSP
            and isinstance(named, x509.UniformResourceIdentifier)
            and is_http(named.value)
        ):
            yield named.value


def question(certificate: x509.Certificate, issuer: x509.Certificate) -> bytes:
    """Write the question about one certificate in DER; it holds a serial and two hashes."""
    # SHA-1 only names the issuer here, and is what every responder knows (RFC 5019 2.1.1).
    names = ocsp.OCSPRequestBuilder().add_certificate(
        certificate,
        issuer,
        hashes.SHA1(),  # noqa: S303
    )
    return names.build().public_bytes(Encoding.DER)


def check_response(
    octets: bytes, certificate: x509.Certificate, issuer: x509.Certificate, *, at: datetime
) -> NotRevoked:
    """Give the proof that a responder of the issuer calls the certificate good as of `at`.

    Signed by the issuer, or by one whom the issuer certified for it (RFC 6960 4.2.2.2).
    Refuses `certificate.revoked`, and `revocation.unusable` for a response that cannot say.
    """
    return response_says(octets, certificate, issuer).proves(at=at)


def response_says(octets: bytes, certificate: x509.Certificate, issuer: x509.Certificate) -> Said:
    """Read and verify a response of the issuer or its responder. Refuses `revocation.unusable`."""
    try:
        found = ocsp.load_der_ocsp_response(sized(octets))
        if found.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
            status = found.response_status.name.lower().replace("_", " ")
            raise unusable(f"the responder answers the question; it said: {status}")
        if any(one.critical for one in found.extensions):
            raise unusable("the response has no critical extension")
        signers = [issuer, *(one for one in found.certificates if _delegate(one, issuer))]
        answers = list(found.responses)
        mine = [one for one in answers if _names(one, certificate, issuer)]
    except (ValueError, x509.DuplicateExtension, UnsupportedAlgorithm):
        raise unusable("the response can be read") from None
    signer = next((one for one in signers if _signed(found, one)), None)
    if signer is None:
        raise unusable("the issuer, or a responder that it certified for it, signed the response")
    if len(mine) != 1:
        raise unusable("the response is for this certificate")
    answer = mine[0]
    if answer.certificate_status is ocsp.OCSPCertStatus.UNKNOWN:
        raise unusable("the responder knows the certificate")
    begins, ends = answer.this_update_utc, answer.next_update_utc
    if signer is not issuer and ends is not None:
        # A responder's certificate that has ended answers for nothing.
        begins = max(begins, signer.not_valid_before_utc)
        ends = min(ends, signer.not_valid_after_utc)
    return Said("ocsp", digest_of(octets), begins, ends, answer.revocation_time_utc)


def _delegate(one: x509.Certificate, issuer: x509.Certificate) -> bool:
    extended, usage = extension(one, x509.ExtendedKeyUsage), extension(one, x509.KeyUsage)
    try:
        one.verify_directly_issued_by(issuer)
    except (InvalidSignature, ValueError, TypeError):
        return False
    allowed = extended is not None and ExtendedKeyUsageOID.OCSP_SIGNING in extended
    return allowed and (usage is None or usage.digital_signature)


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
