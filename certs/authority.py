"""A state's certificate authority: a root, an issuing CA below it, and leaves by role.

Profiles: `gateway.proof.certificate_profiles` (RFC 5280); the built-in CA is P-256 everywhere.
"""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from gateway.proof.certificate_profiles import PROFILES, Profile
from gateway.proof.keys import CertifiedKey

_BACKDATED = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class StateAuthority:
    """The CA of one state: alpha-2 code, its root and its issuing key."""

    state: str
    root: CertifiedKey
    issuing: CertifiedKey


def make_authority(state: str, *, at: datetime, name: str = "LMX demonstration") -> StateAuthority:
    """Make a root (10 years) and an issuing CA below it (5 years), valid from `at`."""
    root_key = ec.generate_private_key(ec.SECP256R1())
    root_name = subject_name(state, f"{name} root {state}")
    builder = _builder(PROFILES["root"], root_name, root_key.public_key())
    root = _sign(builder, PROFILES["root"], CertifiedKey(root_key, ()), root_name, at)
    above = CertifiedKey(root_key, (root,))
    key = ec.generate_private_key(ec.SECP256R1())
    subject = subject_name(state, f"{name} issuing {state}")
    issuing = certify(above, "issuing", subject, key.public_key(), at=at)
    return StateAuthority(state, above, CertifiedKey(key, (issuing, root)))


def issue(
    authority: StateAuthority, role: str, name: str, *, at: datetime, hosts: Sequence[str] = ()
) -> CertifiedKey:
    """Make a key and its certificate for one role; `hosts` (names, addresses) for tls only."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = subject_name(authority.state, name)
    if PROFILES[role].hosts and not hosts:
        hosts = ("localhost",)
    leaf = certify(authority.issuing, role, subject, key.public_key(), at=at, hosts=hosts)
    return CertifiedKey(key, (leaf, authority.issuing.certificate))


def certify(
    issuer: CertifiedKey,
    role: str,
    subject: x509.Name,
    key: ec.EllipticCurvePublicKey,
    *,
    at: datetime,
    hosts: Sequence[str] = (),
    list_url: str = "",
) -> x509.Certificate:
    """Certify a public key in one role of the table for as long as the table says.

    list_url: where the issuer's revocation list stands, nothing when it is not published.
    """
    profile = PROFILES[role]
    above = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.private.public_key())
    builder = _builder(profile, subject, key).add_extension(above, critical=False)
    if hosts:
        names = x509.SubjectAlternativeName([host_name(one) for one in hosts])
        builder = builder.add_extension(names, critical=False)
    if list_url:
        point = x509.DistributionPoint([x509.UniformResourceIdentifier(list_url)], None, None, None)
        builder = builder.add_extension(x509.CRLDistributionPoints([point]), critical=False)
    return _sign(builder, profile, issuer, issuer.certificate.subject, at)


def subject_name(state: str, name: str) -> x509.Name:
    """Write the subject of a certificate: country and common name."""
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, state),
            x509.NameAttribute(NameOID.COMMON_NAME, name),
        ]
    )


def key_usage(names: frozenset[str]) -> x509.KeyUsage:
    """Write the key usage of a profile."""
    return x509.KeyUsage(
        digital_signature="digital_signature" in names,
        content_commitment="content_commitment" in names,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement="key_agreement" in names,
        key_cert_sign="key_cert_sign" in names,
        crl_sign="crl_sign" in names,
        encipher_only=False,
        decipher_only=False,
    )


def _builder(
    profile: Profile, subject: x509.Name, key: ec.EllipticCurvePublicKey
) -> x509.CertificateBuilder:
    basic = x509.BasicConstraints(ca=profile.depth is not None, path_length=profile.depth)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .public_key(key)
        .add_extension(basic, critical=True)
        .add_extension(key_usage(profile.usage), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )
    if profile.extended:
        extended = x509.ExtendedKeyUsage(profile.extended)
        builder = builder.add_extension(extended, critical=profile.critical)
    return builder


def _sign(
    builder: x509.CertificateBuilder,
    profile: Profile,
    issuer: CertifiedKey,
    name: x509.Name,
    at: datetime,
) -> x509.Certificate:
    # No leaf outlives the CA that stands behind it.
    ends = at + timedelta(days=profile.days)
    above = [one.not_valid_after_utc for one in issuer.chain]
    return (
        builder.issuer_name(name)
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - _BACKDATED)
        .not_valid_after(min([ends, *above]))
        .sign(issuer.private, hashes.SHA256())
    )


def host_name(text: str) -> x509.GeneralName:
    """Write a host as a subject alternative name: an address, or a DNS name."""
    try:
        return x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        return x509.DNSName(text)
