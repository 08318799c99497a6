"""Two invented states' authorities with keys for each role, made once a run."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from certs.authority import StateAuthority, issue, key_usage, make_authority, subject_name
from gateway.proof.certificate_profiles import PROFILES
from gateway.proof.keys import CertifiedKey

AT = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)


@cache
def authority(state: str) -> StateAuthority:
    return make_authority(state, at=AT)


@cache
def key(state: str, role: str) -> CertifiedKey:
    return issue(authority(state), role, f"gw.{state.lower()}.example/{role}", at=AT)


def leaf_builder(
    state: str,
    role: str,
    *,
    public: ec.EllipticCurvePublicKey | None = None,
    basic: x509.BasicConstraints | None = None,
    extended: x509.ExtendedKeyUsage | None = None,
    subject: x509.Name | None = None,
    days: int = 397,
    hosts: Sequence[str] = (),
) -> x509.CertificateBuilder:
    """Build a leaf of a role as its profile says, but for what the caller changes."""
    profile = PROFILES[role]
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject or subject_name(state, f"gw.{state.lower()}.example/{role}"))
        .issuer_name(authority(state).issuing.certificate.subject)
        .public_key(public or ec.generate_private_key(ec.SECP256R1()).public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(AT)
        .not_valid_after(AT + timedelta(days=days))
        .add_extension(basic or x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(key_usage(profile.usage), critical=True)
        .add_extension(extended or x509.ExtendedKeyUsage(profile.extended), critical=False)
    )
    if hosts:
        names = x509.SubjectAlternativeName([x509.DNSName(one) for one in hosts])
        builder = builder.add_extension(names, critical=False)
    return builder
