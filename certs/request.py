"""Certificate requests (PKCS #10, RFC 2986): what a key asks of a CA, its own or a national one."""

from collections.abc import Sequence
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from certs.authority import host_name, key_usage, subject_name
from gateway.proof.certificate_profiles import LEAVES, PROFILES, key_kind


class RequestError(Exception):
    """A request that is not certified; says why."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks for: role, state, the name, the public key, and hosts for tls."""

    role: str
    state: str
    name: str
    key: ec.EllipticCurvePublicKey
    hosts: tuple[str, ...]


def write_request(
    key: ec.EllipticCurvePrivateKey, role: str, state: str, name: str, hosts: Sequence[str] = ()
) -> bytes:
    """Ask for a certificate of one role; gives PEM, signed with the key itself."""
    profile = PROFILES[role]
    builder = (
        x509.CertificateSigningRequestBuilder()
        .subject_name(subject_name(state, name))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(key_usage(profile.usage), critical=True)
        .add_extension(x509.ExtendedKeyUsage(profile.extended), critical=profile.critical)
    )
    if hosts:
        names = x509.SubjectAlternativeName([host_name(one) for one in hosts])
        builder = builder.add_extension(names, critical=False)
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)


def read_request(data: bytes) -> Asked:
    """Read a PEM request once its own key signed it. RequestError says what is wrong."""
    try:
        found = x509.load_pem_x509_csr(data)
        signed, extensions = found.is_signature_valid, found.extensions
    except (ValueError, x509.DuplicateExtension):
        raise RequestError("this is no PEM certificate request (PKCS #10)") from None
    if not signed:
        raise RequestError("the request is not signed with its own key; make it again")
    key = found.public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey) or key_kind(key) != "P-256":
        raise RequestError(f"its key is {key_kind(key)}; keys are on curve P-256")
    return Asked(
        _role(extensions),
        _one(found.subject, NameOID.COUNTRY_NAME),
        _one(found.subject, NameOID.COMMON_NAME),
        key,
        _hosts(extensions),
    )


def _role(extensions: x509.Extensions) -> str:
    try:
        asked = set(extensions.get_extension_for_class(x509.ExtendedKeyUsage).value)
    except x509.ExtensionNotFound:
        asked = set()
    found = [one.role for one in LEAVES if set(one.extended) == asked]
    if len(found) != 1:
        raise RequestError("its extended key usage is that of no role; see lmx keys request --help")
    return found[0]


def _one(subject: x509.Name, oid: x509.ObjectIdentifier) -> str:
    found = subject.get_attributes_for_oid(oid)
    if len(found) != 1:
        raise RequestError("its subject must have exactly one country and one common name")
    return str(found[0].value)


def _hosts(extensions: x509.Extensions) -> tuple[str, ...]:
    try:
        names = extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()
    return tuple(str(one.value) for one in names if isinstance(one, x509.DNSName | x509.IPAddress))
