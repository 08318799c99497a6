"""Certificates: who a key speaks for, in which role, under which state's root, at which time.

The role stands in the certificate as one extended key usage of ours, so a key is refused outside
its role by the certificate itself. Profiles are `gateway.proof.certificate_profiles`, paths are
`gateway.proof.path`; here both meet, with a name binding of our own.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache, partial

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID, ObjectIdentifier

from gateway.model.refusal import Refusal
from gateway.proof.certificate_profiles import DIGESTS, PROFILES, ROLES, faults, key_kind
from gateway.proof.path import Path, PathRules, extension, find_paths, require_readable

LONGEST_PATH = 2
_REMEMBERED = 4096


def verify_path(
    chain: Sequence[x509.Certificate],
    roots: Sequence[x509.Certificate],
    *,
    role: str,
    state: str,
    at: datetime,
    name: str = "",
) -> x509.Certificate:
    """Give the leaf once its path to one of the roots holds at `at` for this role and state.

    chain: leaf first; a root at its end is passed over. roots: those of the one state.
    name: whose key the directory says it is; the certificate must name the same.
    Refuses `certificate.invalid` (path, profile, time, state, name) and `signature.key-role` (use).
    """
    paths = prove_paths(chain, roots, role=role, state=state)
    if name:
        require_name(chain[0], name)
    if not any(one.holds_at(at) for one in paths):
        raise _invalid("every certificate of the path must be valid at that time")
    return chain[0]


def prove_paths(
    chain: Sequence[x509.Certificate], roots: Sequence[x509.Certificate], *, role: str, state: str
) -> tuple[Path, ...]:
    """Give every path of the leaf to a root, with the time in which each holds.

    Refuses as `verify_path`, but for time and name. What was proved is remembered.
    """
    return _proved(tuple(chain), tuple(roots), role, state)


def pem(certificates: Sequence[x509.Certificate]) -> bytes:
    """Write certificates as PEM, one behind the other."""
    return b"".join(one.public_bytes(Encoding.PEM) for one in certificates)


def role_of(certificate: x509.Certificate) -> str | None:
    """Give the role a certificate is made for, None when it has none of ours."""
    found = _extended(certificate)
    return next((role for role, oid in ROLES.items() if oid in found), None)


def state_of(certificate: x509.Certificate) -> str:
    """Give the alpha-2 country of the subject, empty when it is absent."""
    return _one(certificate, NameOID.COUNTRY_NAME)


def common_name(certificate: x509.Certificate) -> str:
    """Give the subject's common name, empty when it is absent."""
    return _one(certificate, NameOID.COMMON_NAME)


def require_name(certificate: x509.Certificate, name: str) -> None:
    """Return when the certificate is that of `name` (`gw.kz.example/seal`).

    Its common name is that name; or, as a national CA writes it, its one organisation name or
    organisation identifier (EN 319 412-1) is the holder before the stroke, `gw.kz.example`.
    Refuses `certificate.invalid`.
    """
    holder = name.partition("/")[0]
    oids = (NameOID.ORGANIZATION_NAME, NameOID.ORGANIZATION_IDENTIFIER)
    if common_name(certificate) != name and holder not in {_one(certificate, one) for one in oids}:
        raise _invalid("the certificate must name whom the directory lists it for")


@lru_cache(_REMEMBERED)
def _proved(
    chain: tuple[x509.Certificate, ...],
    roots: tuple[x509.Certificate, ...],
    role: str,
    state: str,
) -> tuple[Path, ...]:
    # What does not depend on the time is proved once; a refusal is never remembered.
    if not chain:
        raise _invalid("there is no certificate")
    require_readable(chain[0])
    _require_role(chain[0], role)
    if state_of(chain[0]) != state:
        raise _invalid("the certificate must be of the state it speaks for")
    rules = PathRules(partial(faults, profile=PROFILES[role]), _above, LONGEST_PATH, usage=True)
    return find_paths(chain, roots, rules)


def _above(issuer: x509.Certificate) -> list[str]:
    # A national CA has profiles of its own: what is asked is what the path rests on.
    kind, digest = key_kind(issuer.public_key()), issuer.signature_hash_algorithm
    wrong = []
    if kind not in PROFILES["issuing"].keys:
        wrong.append(f"its key is {kind}")
    if digest is None or digest.name not in DIGESTS:
        wrong.append("it is not signed over SHA-256, SHA-384 or SHA-512")
    return wrong


def _require_role(leaf: x509.Certificate, role: str) -> None:
    usage = extension(leaf, x509.KeyUsage)
    signs = usage is not None and all(getattr(usage, one) for one in PROFILES[role].usage)
    if ROLES[role] not in _extended(leaf) or (usage is not None and not signs):
        raise Refusal(
            "signature.key-role",
            step="verify",
            rule=f"the certificate must be one for the role {role}",
            place="extendedKeyUsage",
        )


def _extended(certificate: x509.Certificate) -> list[ObjectIdentifier]:
    found = extension(certificate, x509.ExtendedKeyUsage)
    return list(found) if found is not None else []


def _one(certificate: x509.Certificate, oid: ObjectIdentifier) -> str:
    found = certificate.subject.get_attributes_for_oid(oid)
    return str(found[0].value) if len(found) == 1 else ""


def _invalid(rule: str) -> Refusal:
    return Refusal("certificate.invalid", step="verify", rule=rule, place="certificate")
