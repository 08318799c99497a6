"""The certificate profiles: one table that issuing, importing and checking all read.

RFC 5280 sections 4.1 and 4.2, narrowed: a leaf is P-256, names its state and its holder, and has
exactly the key usage and the extended key usage of its role. Log, witness and mirror keys are
bare Ed25519 keys (vkeys, c2sp.org/signed-note) and have no certificate.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

# Arc under 2.25 (UUID-derived, ITU-T X.667): no registration is needed.
_ARC = "2.25.213867142091347385461178321467822115"
DIGESTS = ("sha256", "sha384", "sha512")
MOST_NAMES = 64
_Extension = TypeVar("_Extension", bound=x509.ExtensionType)
_USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
)


@dataclass(frozen=True, slots=True)
class Profile:
    """What a certificate of one role is.

    keys: allowed key kinds. usage: key usages it must have; also: those it may have besides.
    extended: its extended key usages, exactly; critical: whether they must be marked so.
    days: what the built-in CA gives; longest: what any CA may give. depth: CAs that may stand
    below, None for a leaf. hosts: whether it names hosts (subject alternative name).
    """

    role: str
    does: str
    days: int
    longest: int
    usage: frozenset[str] = frozenset({"digital_signature"})
    also: frozenset[str] = frozenset()
    extended: tuple[ObjectIdentifier, ...] = ()
    critical: bool = False
    keys: tuple[str, ...] = ("P-256",)
    depth: int | None = None
    hosts: bool = False


def _own(number: int) -> tuple[ObjectIdentifier, ...]:
    return (ObjectIdentifier(f"{_ARC}.{number}"),)


_COMMITS = frozenset({"content_commitment"})
_CA_USAGE = frozenset({"key_cert_sign", "crl_sign"})
# National CAs stand on what they stand on; the leaves that sign for LMX are P-256 everywhere.
_CA_KEYS = ("P-256", "P-384", "P-521", "RSA-3072")
_SIGNS = frozenset({"digital_signature"})

LEAVES = (
    Profile("seal", "signs headers and XML messages", 397, 1190, also=_COMMITS, extended=_own(1)),
    Profile("evidence", "signs receipts and bundles", 397, 1190, also=_COMMITS, extended=_own(2)),
    Profile("peer", "signs requests between gateways", 397, 1190, extended=_own(3)),
    Profile(
        "tls",
        "opens TLS between gateways, as server and as client",
        397,
        397,
        extended=(ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH),
        hosts=True,
    ),
    Profile(
        "submitter",
        "signs requests of a ministry system and handover confirmations",
        397,
        1190,
        extended=_own(4),
    ),
    Profile(
        "encryption",
        "lets the SDK encrypt a record to an authority",
        397,
        1190,
        usage=frozenset({"key_agreement"}),
        extended=_own(6),
    ),
    Profile("auditor", "signs requests and findings of an auditor", 397, 1190, extended=_own(7)),
    Profile(
        "timestamp",
        "signs time stamps (RFC 3161 2.3)",
        1825,
        5479,
        also=_COMMITS,
        extended=(ExtendedKeyUsageOID.TIME_STAMPING,),
        critical=True,
    ),
)
AUTHORITIES = (
    Profile(
        "root",
        "signs issuing CAs; its key is offline",
        3650,
        10958,
        usage=_CA_USAGE,
        also=_SIGNS,
        keys=_CA_KEYS,
        depth=1,
    ),
    Profile(
        "issuing",
        "signs the certificates of keys, and revocation lists",
        1825,
        5479,
        usage=_CA_USAGE,
        also=_SIGNS,
        keys=_CA_KEYS,
        depth=0,
    ),
)
PROFILES = {one.role: one for one in (*LEAVES, *AUTHORITIES)}
ROLES: dict[str, ObjectIdentifier] = {one.role: one.extended[0] for one in LEAVES}


def faults(certificate: x509.Certificate, profile: Profile) -> list[str]:
    """Say in words what of the certificate is not as its profile says; empty: all is."""
    try:
        extensions = certificate.extensions
    except (x509.DuplicateExtension, ValueError):
        return ["its extensions cannot be read, or one stands twice"]
    return [
        text
        for text in (
            *_key_faults(certificate, profile),
            *_time_faults(certificate, profile),
            *_name_faults(certificate.subject),
            *_authority_faults(extensions, profile),
            *_usage_faults(extensions, profile),
            *_extended_faults(extensions, profile),
            *_host_faults(extensions, profile),
        )
        if text
    ]


def key_kind(key: object) -> str:
    """Name a public key's kind as the table does: P-256, RSA-3072 (or longer), Ed25519, other."""
    if isinstance(key, EllipticCurvePublicKey):
        names = {"secp256r1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521"}
        return names.get(key.curve.name, key.curve.name)
    if isinstance(key, RSAPublicKey):
        return "RSA-3072" if key.key_size >= 3072 else f"RSA-{key.key_size}"
    return "Ed25519" if isinstance(key, Ed25519PublicKey) else type(key).__name__


def usages(usage: x509.KeyUsage) -> set[str]:
    """Give the names of the key usages that are set."""
    return {name for name in _USAGES if getattr(usage, name)}


def _key_faults(certificate: x509.Certificate, profile: Profile) -> Iterable[str]:
    kind = key_kind(certificate.public_key())
    if kind not in profile.keys:
        yield f"its key is {kind} and must be {' or '.join(profile.keys)}"
    digest = certificate.signature_hash_algorithm
    if digest is None or digest.name not in DIGESTS:
        yield "it must be signed over SHA-256, SHA-384 or SHA-512"
    if certificate.version is not x509.Version.v3:
        yield "it must be an X.509 version 3 certificate"


def _time_faults(certificate: x509.Certificate, profile: Profile) -> Iterable[str]:
    lives = certificate.not_valid_after_utc - certificate.not_valid_before_utc
    if lives.days > profile.longest:
        yield f"it is valid for {lives.days} days and may be for {profile.longest} at most"


def _name_faults(subject: x509.Name) -> Iterable[str]:
    countries = subject.get_attributes_for_oid(NameOID.COUNTRY_NAME)
    if len(countries) != 1 or len(str(countries[0].value)) != 2:
        yield "its subject must name exactly one country (C, alpha-2)"
    names = subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    if len(names) != 1 or not 0 < len(str(names[0].value)) <= MOST_NAMES:
        yield "its subject must have exactly one common name (CN)"


def _authority_faults(extensions: x509.Extensions, profile: Profile) -> Iterable[str]:
    found = _find(extensions, x509.BasicConstraints)
    is_ca = found is not None and found.value.ca
    if profile.depth is None and is_ca:
        yield "it is a certificate authority's and must be a leaf"
    if profile.depth is not None and (found is None or not is_ca or not found.critical):
        yield "basic constraints must say CA, and be critical"


def _usage_faults(extensions: x509.Extensions, profile: Profile) -> Iterable[str]:
    found = _find(extensions, x509.KeyUsage)
    if found is None:
        yield "key usage is missing"
        return
    has = usages(found.value)
    if profile.usage - has or has - profile.usage - profile.also:
        yield f"key usage must be {_listed(profile.usage)} and is {_listed(has)}"
    if not found.critical:
        yield "key usage must be critical"


def _extended_faults(extensions: x509.Extensions, profile: Profile) -> Iterable[str]:
    found = _find(extensions, x509.ExtendedKeyUsage)
    has = set() if found is None else {one.dotted_string for one in found.value}
    must = {one.dotted_string for one in profile.extended}
    if profile.depth is None and has != must:
        yield f"extended key usage must be exactly {_listed(must)}"
    if profile.critical and found is not None and not found.critical:
        yield "extended key usage must be critical"


def _host_faults(extensions: x509.Extensions, profile: Profile) -> Iterable[str]:
    if profile.hosts and _find(extensions, x509.SubjectAlternativeName) is None:
        yield "it must name its hosts (subject alternative name)"


def _find(extensions: x509.Extensions, kind: type[_Extension]) -> x509.Extension[_Extension] | None:
    try:
        return extensions.get_extension_for_class(kind)
    except x509.ExtensionNotFound:
        return None


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "nothing"
