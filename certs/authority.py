"""A state's certificate authority: a root, an issuing CA below it, and leaves by role.

Profiles: RFC 5280; P-256 everywhere; the role is an extended key usage (gateway.proof.certificate).
"""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from gateway.proof.certificate import ROLES
from gateway.proof.keys import CertifiedKey

ROOT_DAYS = 3650
ISSUING_DAYS = 1825
LEAF_DAYS = 397
_BACKDATED = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class StateAuthority:
    """The CA of one state: alpha-2 code, its root and its issuing key."""

    state: str
    root: CertifiedKey
    issuing: CertifiedKey


def make_authority(state: str, *, at: datetime) -> StateAuthority:
    """Make a root (10 years) and an issuing CA below it (5 years), valid from `at`."""
    root_key = ec.generate_private_key(ec.SECP256R1())
    root_name = _name(state, f"LMX demonstration root {state}")
    root = _sign(_ca(root_name, root_key.public_key(), depth=1), root_name, root_key, at, ROOT_DAYS)
    issuing_key = ec.generate_private_key(ec.SECP256R1())
    issuing_name = _name(state, f"LMX demonstration issuing {state}")
    issuing = _sign(
        _ca(issuing_name, issuing_key.public_key(), depth=0), root_name, root_key, at, ISSUING_DAYS
    )
    return StateAuthority(
        state, CertifiedKey(root_key, (root,)), CertifiedKey(issuing_key, (issuing, root))
    )


def issue(
    authority: StateAuthority, role: str, name: str, *, at: datetime, hosts: Sequence[str] = ()
) -> CertifiedKey:
    """Make a key and its certificate for one role; `hosts` (names, addresses) for tls only."""
    key = ec.generate_private_key(ec.SECP256R1())
    usages = [ROLES[role]]
    if role == "tls":
        usages.append(ExtendedKeyUsageOID.CLIENT_AUTH)
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(authority.state, name))
        .public_key(key.public_key())
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage(usages), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(
                authority.issuing.private.public_key()
            ),
            critical=False,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if hosts:
        alternative = x509.SubjectAlternativeName([_host(one) for one in hosts])
        builder = builder.add_extension(alternative, critical=False)
    issuer = authority.issuing
    leaf = _sign(builder, issuer.certificate.subject, issuer.private, at, LEAF_DAYS)
    return CertifiedKey(key, (leaf, issuer.certificate))


def _ca(name: x509.Name, key: ec.EllipticCurvePublicKey, *, depth: int) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .public_key(key)
        .add_extension(x509.BasicConstraints(ca=True, path_length=depth), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _sign(
    builder: x509.CertificateBuilder,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    at: datetime,
    days: int,
) -> x509.Certificate:
    return (
        builder.issuer_name(issuer)
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - _BACKDATED)
        .not_valid_after(at + timedelta(days=days))
        .sign(key, hashes.SHA256())
    )


def _name(state: str, name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, state),
            x509.NameAttribute(NameOID.COMMON_NAME, name),
        ]
    )


def _host(text: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        return x509.DNSName(text)


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )
