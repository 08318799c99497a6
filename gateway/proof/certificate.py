"""Certificates: one profile for each key of DESIGN section 5, and their path at a given time.

The role stands in the certificate as one extended key usage of ours, so a key is refused outside
its role by the certificate itself. Paths are short by design: state root, issuing CA, leaf
(RFC 5280 sections 4.2 and 6.1, the part our profiles use); no network, no name constraints.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from gateway.model.refusal import Refusal

# Arc under 2.25 (UUID-derived, ITU-T X.667): no registration is needed.
_ARC = "2.25.213867142091347385461178321467822115"
ROLES: dict[str, ObjectIdentifier] = {
    name: ObjectIdentifier(f"{_ARC}.{number}")
    for number, name in enumerate(("seal", "evidence", "peer", "submitter", "directory"), start=1)
} | {"tls": ExtendedKeyUsageOID.SERVER_AUTH}
_Extension = TypeVar("_Extension", bound=x509.ExtensionType)


def verify_path(
    chain: Sequence[x509.Certificate],
    roots: Sequence[x509.Certificate],
    *,
    role: str,
    state: str,
    at: datetime,
) -> x509.Certificate:
    """Give the leaf once its path to one of the roots holds at `at` for this role and state.

    chain: leaf first; a root at its end is passed over. roots: those of the one state.
    Refuses `certificate.invalid` (path, time, state) and `signature.key-role` (use).
    """
    if not chain:
        raise _invalid("there is no certificate")
    above = [*chain[1:]]
    _require_role(chain[0], role)
    _require_state(chain[0], state)
    _require_time(chain[0], at)
    current = chain[0]
    for depth in range(4):
        root = _issuer_of(current, roots)
        if root is not None:
            _require_authority(root, depth)
            _require_time(root, at)
            return chain[0]
        issuer = _issuer_of(current, above)
        if issuer is None or issuer == current:
            break
        _require_authority(issuer, depth)
        _require_time(issuer, at)
        current = issuer
    raise _invalid("the path must end in a root of the state")


def pem(certificates: Sequence[x509.Certificate]) -> bytes:
    """Write certificates as PEM, one behind the other."""
    return b"".join(one.public_bytes(Encoding.PEM) for one in certificates)


def role_of(certificate: x509.Certificate) -> str | None:
    """Give the role a certificate is made for, None when it has none of ours."""
    usages = _usages(certificate)
    return next((role for role, oid in ROLES.items() if oid in usages), None)


def state_of(certificate: x509.Certificate) -> str:
    """Give the alpha-2 country of the subject, empty when it is absent."""
    names = certificate.subject.get_attributes_for_oid(NameOID.COUNTRY_NAME)
    return str(names[0].value) if len(names) == 1 else ""


def common_name(certificate: x509.Certificate) -> str:
    """Give the subject's common name, empty when it is absent."""
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if len(names) == 1 else ""


def _require_role(leaf: x509.Certificate, role: str) -> None:
    if ROLES[role] not in _usages(leaf) or not _may_sign(leaf):
        raise Refusal(
            "signature.key-role",
            step="verify",
            rule=f"the certificate must be one for the role {role}",
            place="extendedKeyUsage",
        )


def _require_state(leaf: x509.Certificate, state: str) -> None:
    if state_of(leaf) != state:
        raise _invalid("the certificate must be of the state it speaks for")


def _require_time(certificate: x509.Certificate, at: datetime) -> None:
    if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
        raise _invalid("every certificate of the path must be valid at that time")


def _require_authority(issuer: x509.Certificate, depth: int) -> None:
    constraints = _extension(issuer, x509.BasicConstraints)
    usage = _extension(issuer, x509.KeyUsage)
    if constraints is None or not constraints.ca or usage is None or not usage.key_cert_sign:
        raise _invalid("an issuer must be a certificate authority")
    if constraints.path_length is not None and constraints.path_length < depth:
        raise _invalid("the path is longer than an issuer allows")


def _issuer_of(
    certificate: x509.Certificate, candidates: Sequence[x509.Certificate]
) -> x509.Certificate | None:
    for one in candidates:
        key = one.public_key()
        if not isinstance(key, EllipticCurvePublicKey) or not isinstance(key.curve, SECP256R1):
            continue
        try:
            certificate.verify_directly_issued_by(one)
        except (InvalidSignature, ValueError, TypeError):
            continue
        return one
    return None


def _may_sign(leaf: x509.Certificate) -> bool:
    usage = _extension(leaf, x509.KeyUsage)
    return usage is not None and usage.digital_signature and not usage.key_cert_sign


def _usages(certificate: x509.Certificate) -> list[ObjectIdentifier]:
    found = _extension(certificate, x509.ExtendedKeyUsage)
    return list(found) if found is not None else []


def _extension(certificate: x509.Certificate, kind: type[_Extension]) -> _Extension | None:
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except (x509.ExtensionNotFound, x509.DuplicateExtension, ValueError):
        return None


def _invalid(rule: str) -> Refusal:
    return Refusal("certificate.invalid", step="verify", rule=rule, place="certificate")
