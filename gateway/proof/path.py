"""Certification paths (RFC 5280 section 6.1), whatever the algorithm; our profiles come as rules.

Done: signatures, name chaining (octet for octet), validity, CA flag, key usage, path length with
self-issued certificates, critical extensions. Not done, so refused where marked critical: policies,
policy and name constraints. Revocation is `gateway.proof.revocation`. No network.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.x509.oid import ExtensionOID, ObjectIdentifier

from gateway.model.refusal import Refusal

MOST_CERTIFICATES = 8
_Extension = TypeVar("_Extension", bound=x509.ExtensionType)
PROCESSED = frozenset(
    {
        ExtensionOID.BASIC_CONSTRAINTS,
        ExtensionOID.KEY_USAGE,
        ExtensionOID.EXTENDED_KEY_USAGE,
        ExtensionOID.SUBJECT_ALTERNATIVE_NAME,
    }
)


@dataclass(frozen=True, slots=True)
class PathRules:
    """What is demanded beyond RFC 5280, said by the caller each time.

    leaf, above: what is wrong with a leaf or an issuer in words, nothing when it will do.
    longest: certificates between the leaf and the root at most. usage: an issuer without the key
    usage extension is refused.
    """

    leaf: Callable[[x509.Certificate], Sequence[str]]
    above: Callable[[x509.Certificate], Sequence[str]]
    longest: int
    usage: bool


@dataclass(frozen=True, slots=True)
class Path:
    """A path that holds for as long as its shortest certificate: leaf first, root last."""

    certificates: tuple[x509.Certificate, ...]
    begins: datetime
    ends: datetime

    def holds_at(self, at: datetime) -> bool:
        """Tell whether every certificate of the path is valid at `at`."""
        return self.begins <= at <= self.ends


def find_paths(
    chain: Sequence[x509.Certificate], roots: Sequence[x509.Certificate], rules: PathRules
) -> tuple[Path, ...]:
    """Give every path from the leaf, first of `chain`, to a root; time is the caller's question.

    Refuses `certificate.invalid` when there is none, with the fault of the way that got farthest.
    """
    if not chain:
        raise _invalid("there is no certificate")
    if len(chain) > MOST_CERTIFICATES:
        raise _invalid(f"a chain has at most {MOST_CERTIFICATES} certificates")
    told = rules.leaf(chain[0])
    if told:
        raise _invalid(told[0])
    _require_processed(chain[0])
    found: list[Path] = []
    wrong = "the path must end in a root of the state"
    for way in _ways(chain, roots, rules.longest):
        try:
            found.append(_prove(way, rules))
        except Refusal as refusal:
            wrong = refusal.rule
    if not found:
        raise _invalid(wrong)
    return tuple(found)


def require_readable(certificate: x509.Certificate) -> x509.Extensions:
    """Give the extensions once each can be read and stands there once (RFC 5280 4.2).

    Refuses `certificate.invalid`.
    """
    try:
        return certificate.extensions
    except (x509.DuplicateExtension, ValueError):
        raise _invalid("its extensions cannot be read, or one stands twice") from None


def extension(certificate: x509.Certificate, kind: type[_Extension]) -> _Extension | None:
    """Give an extension's value, None when it is not there or cannot be read."""
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except (x509.ExtensionNotFound, x509.DuplicateExtension, ValueError):
        return None


def _ways(
    chain: Sequence[x509.Certificate], roots: Sequence[x509.Certificate], longest: int
) -> Iterator[tuple[x509.Certificate, ...]]:
    # Depth first over the few certificates that came along, each used once.
    waiting: list[tuple[x509.Certificate, ...]] = [(chain[0],)]
    while waiting:
        way = waiting.pop()
        yield from ((*way, root) for root in roots if root not in way and _issued(way[-1], root))
        if len(way) <= longest:
            waiting += [
                (*way, one)
                for one in chain[1:]
                if one not in way and one not in roots and _issued(way[-1], one)
            ]


def _issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
        return False
    return True


def _prove(way: tuple[x509.Certificate, ...], rules: PathRules) -> Path:
    below = 0
    for issuer in way[1:]:
        _require_authority(issuer, below, rules)
        # RFC 5280 6.1.4 (l): self-issued certificates do not count.
        below += issuer.subject != issuer.issuer
    return Path(
        way,
        max(one.not_valid_before_utc for one in way),
        min(one.not_valid_after_utc for one in way),
    )


def _require_authority(issuer: x509.Certificate, below: int, rules: PathRules) -> None:
    _require_processed(issuer)
    told = rules.above(issuer)
    if told:
        raise _invalid(f"an issuer is not as it must be: {told[0]}")
    constraints = extension(issuer, x509.BasicConstraints)
    if constraints is None or not constraints.ca:
        raise _invalid("an issuer must be a certificate authority")
    usage = extension(issuer, x509.KeyUsage)
    if (usage is None and rules.usage) or (usage is not None and not usage.key_cert_sign):
        raise _invalid("an issuer's key usage must let it sign certificates")
    if constraints.path_length is not None and constraints.path_length < below:
        raise _invalid("the path is longer than an issuer allows")


def _require_processed(certificate: x509.Certificate) -> None:
    extensions = require_readable(certificate)
    unknown: list[ObjectIdentifier] = [
        one.oid for one in extensions if one.critical and one.oid not in PROCESSED
    ]
    if unknown:
        raise _invalid("it carries a critical extension that is not processed here")


def _invalid(rule: str) -> Refusal:
    return Refusal("certificate.invalid", step="verify", rule=rule, place="certificate")
