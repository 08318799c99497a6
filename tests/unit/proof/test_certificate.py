"""A certificate speaks for one state in one role, at a time, under that state's root."""

from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID, ObjectIdentifier

from certs.authority import certify, issue, subject_name
from gateway.model.refusal import Refusal
from gateway.proof.certificate import ROLES, require_name, role_of, state_of, verify_path
from gateway.proof.keys import CertifiedKey
from tests.support.pki import AT, authority, key, leaf_builder

LATER = AT + timedelta(days=1)
UNKNOWN = x509.UnrecognizedExtension(ObjectIdentifier("2.25.1.2.3"), b"\x05\x00")


def refused(chain: tuple[x509.Certificate, ...], *, role: str = "seal", days: int = 1) -> Refusal:
    with pytest.raises(Refusal) as told:
        verify_path(
            chain, authority("KZ").root.chain, role=role, state="KZ", at=AT + timedelta(days=days)
        )
    return told.value


def below(builder: x509.CertificateBuilder) -> tuple[x509.Certificate, ...]:
    """Sign a leaf with the issuing CA of Kazakhstan; gives its chain."""
    issuing = authority("KZ").issuing
    return builder.sign(issuing.private, hashes.SHA256()), issuing.certificate


@pytest.mark.parametrize("role", sorted(ROLES))
def test_each_role_verifies_for_itself(role: str) -> None:
    made = key("KZ", role)
    roots = authority("KZ").root.chain
    assert verify_path(made.chain, roots, role=role, state="KZ", at=LATER) == made.certificate


@pytest.mark.parametrize("role", sorted(ROLES))
@pytest.mark.parametrize("other", sorted(ROLES))
def test_a_key_is_refused_outside_its_role(role: str, other: str) -> None:
    if role == other:
        assert role_of(key("KZ", role).certificate) == role
        return
    assert refused(key("KZ", role).chain, role=other).code == "signature.key-role"


def test_another_states_root_is_refused() -> None:
    with pytest.raises(Refusal, match=r"certificate\.invalid"):
        verify_path(
            key("KZ", "seal").chain, authority("UZ").root.chain, role="seal", state="KZ", at=LATER
        )


def test_another_states_certificate_is_refused() -> None:
    with pytest.raises(Refusal, match=r"certificate\.invalid .*of the state"):
        verify_path(
            key("KZ", "seal").chain, authority("KZ").root.chain, role="seal", state="UZ", at=LATER
        )


@pytest.mark.parametrize("days", [-1, 398])
def test_a_certificate_not_yet_valid_or_expired_is_refused(days: int) -> None:
    told = refused(key("KZ", "seal").chain, days=days)
    assert (told.code, "valid at that time" in told.rule) == ("certificate.invalid", True)


def test_a_path_proved_before_is_refused_after_its_end() -> None:
    chain, roots = key("KZ", "seal").chain, authority("KZ").root.chain
    verify_path(chain, roots, role="seal", state="KZ", at=LATER)
    assert refused(chain, days=398).code == "certificate.invalid"


def test_without_the_issuing_certificate_the_path_is_refused() -> None:
    told = refused(key("KZ", "seal").chain[:1])
    assert (told.code, told.rule) == (
        "certificate.invalid",
        "the path must end in a root of the state",
    )


def test_a_leaf_never_issues() -> None:
    leaf = key("KZ", "seal")
    with pytest.raises(Refusal, match=r"certificate\.invalid"):
        verify_path(leaf.chain, [leaf.certificate], role="seal", state="KZ", at=LATER)


def test_a_certificate_below_a_leaf_is_refused() -> None:
    false_ca = key("KZ", "seal")
    forged = issue_below(false_ca, "seal")
    told = refused((forged, *false_ca.chain))
    assert (told.code, told.rule) == (
        "certificate.invalid",
        "an issuer must be a certificate authority",
    )


def issue_below(issuer: CertifiedKey, role: str) -> x509.Certificate:
    public = ec.generate_private_key(ec.SECP256R1()).public_key()
    return certify(issuer, role, subject_name("KZ", "gw.kz.example/seal"), public, at=AT)


def test_a_ca_used_as_leaf_is_refused() -> None:
    assert refused(authority("KZ").issuing.chain).code == "signature.key-role"
    builder = leaf_builder("KZ", "seal", basic=x509.BasicConstraints(ca=True, path_length=0))
    told = refused(below(builder))
    assert (told.code, told.rule) == (
        "certificate.invalid",
        "it is a certificate authority's and must be a leaf",
    )


def test_a_path_longer_than_an_issuer_allows_is_refused() -> None:
    issuing = authority("KZ").issuing
    under = ec.generate_private_key(ec.SECP256R1())
    lower = certify(issuing, "issuing", subject_name("KZ", "below"), under.public_key(), at=AT)
    chain = (issue_below(CertifiedKey(under, (lower,)), "seal"), lower, *issuing.chain)
    told = refused(chain)
    assert (told.code, told.rule) == (
        "certificate.invalid",
        "the path is longer than an issuer allows",
    )


def test_another_curve_is_refused() -> None:
    public = ec.generate_private_key(ec.SECP384R1()).public_key()
    told = refused(below(leaf_builder("KZ", "seal", public=public)))
    assert (told.code, told.rule) == (
        "certificate.invalid",
        "its key is P-384 and must be P-256",
    )


def test_a_validity_longer_than_the_profile_allows_is_refused() -> None:
    told = refused(below(leaf_builder("KZ", "tls", days=800, hosts=("a.example",))), role="tls")
    assert (told.code, "800 days" in told.rule) == ("certificate.invalid", True)


def test_an_unknown_critical_extension_is_refused() -> None:
    builder = leaf_builder("KZ", "seal").add_extension(UNKNOWN, critical=True)
    told = refused(below(builder))
    assert (told.code, "critical extension" in told.rule) == ("certificate.invalid", True)


def test_an_unknown_extension_that_is_not_critical_is_passed_over() -> None:
    chain = below(leaf_builder("KZ", "seal").add_extension(UNKNOWN, critical=False))
    roots = authority("KZ").root.chain
    assert verify_path(chain, roots, role="seal", state="KZ", at=LATER) == chain[0]


def test_an_extension_that_stands_twice_is_refused() -> None:
    chain = below(twice(leaf_builder("KZ", "seal").add_extension(UNKNOWN, critical=False)))
    told = refused(chain)
    assert (told.code, "twice" in told.rule) == ("certificate.invalid", True)


def twice(builder: x509.CertificateBuilder) -> x509.CertificateBuilder:
    # The builder refuses to do it, so its list is lengthened behind its back.
    builder._extensions = [*builder._extensions, builder._extensions[-1]]
    return builder


def test_a_leaf_with_two_roles_is_refused() -> None:
    extended = x509.ExtendedKeyUsage([ROLES["seal"], ROLES["evidence"]])
    told = refused(below(leaf_builder("KZ", "seal", extended=extended)))
    assert (told.code, "exactly" in told.rule) == ("certificate.invalid", True)


def test_a_time_stamping_key_without_critical_use_is_refused() -> None:
    extended = x509.ExtendedKeyUsage([ROLES["timestamp"]])
    told = refused(below(leaf_builder("KZ", "timestamp", extended=extended)), role="timestamp")
    assert (told.code, told.rule) == (
        "certificate.invalid",
        "extended key usage must be critical",
    )


def test_a_certificate_of_another_holder_is_refused() -> None:
    with pytest.raises(Refusal, match=r"certificate\.invalid .*name whom"):
        verify_path(
            key("KZ", "seal").chain,
            authority("KZ").root.chain,
            role="seal",
            state="KZ",
            at=LATER,
            name="gw.kz.other/seal",
        )


def test_an_organisation_name_binds_as_national_authorities_write_it() -> None:
    names = [(NameOID.COUNTRY_NAME, "KZ"), (NameOID.COMMON_NAME, "Seal of a ministry")]
    names.append((NameOID.ORGANIZATION_NAME, "gw.kz.example"))
    subject = x509.Name([x509.NameAttribute(oid, text) for oid, text in names])
    leaf, _ = below(leaf_builder("KZ", "seal", subject=subject))
    require_name(leaf, "gw.kz.example/seal")
    with pytest.raises(Refusal):
        require_name(leaf, "gw.uz.example/seal")


def test_the_state_is_read_from_the_subject() -> None:
    assert state_of(key("UZ", "tls").certificate) == "UZ"


def test_a_new_root_beside_the_old_proves_what_it_issued() -> None:
    other = authority("UZ")
    roots = (*authority("KZ").root.chain, *other.root.chain)
    made = issue(other, "seal", "gw.uz.example/seal", at=AT)
    assert verify_path(made.chain, roots, role="seal", state="UZ", at=LATER) == made.certificate
