"""The built-in CA of a state on disk, for states that have none of their own.

The root's folder (`root.key`, `root.pem`, `root.crl`) goes on a stick and into a safe; the CA's
folder holds `issuing.key`, `issuing.pem`, `root.pem`, `issuing.crl` and `register.json`: what was
issued, what was revoked and why, and the number of the newest list.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from certs.authority import certify, make_authority, subject_name
from certs.key_files import pem, write_certified_key, write_file
from certs.request import Asked, RequestError
from gateway.model.instants import read_instant, write_instant
from gateway.proof.certificate import state_of
from gateway.proof.certificate_profiles import PROFILES
from gateway.proof.keys import CertifiedKey, KeyFileError, load_certified_key, thumbprint

REGISTER = "register.json"
LIST_DAYS = 30
ROOT_LIST_DAYS = 366
# A hold can be lifted and attribute authorities are none of ours (RFC 5280 5.3.1).
_NOT_OURS = frozenset({"removeFromCRL", "certificateHold", "aACompromise"})
REASONS = {one.value: one for one in x509.ReasonFlags if one.value not in _NOT_OURS}


@dataclass(frozen=True, slots=True)
class Issued:
    """One line of the register: serial in decimal, for whom, until when, and its thumbprint."""

    serial: str
    role: str
    name: str
    until: str
    thumbprint: str


@dataclass(frozen=True, slots=True)
class Revoked:
    """A serial that no longer counts, since when and why (RFC 5280 5.3.1)."""

    serial: str
    at: str
    reason: str


@dataclass(frozen=True, slots=True)
class Register:
    """What the CA has done."""

    state: str
    list_url: str
    list_number: int = 0
    issued: tuple[Issued, ...] = ()
    revoked: tuple[Revoked, ...] = ()


@dataclass(frozen=True, slots=True)
class AuthorityFolder:
    """An opened CA: its folder, its issuing key and its register."""

    folder: Path
    issuing: CertifiedKey
    register: Register = field(repr=False)

    @property
    def list_file(self) -> Path:
        """Give the file of the newest revocation list (DER)."""
        return self.folder / "issuing.crl"


def make_folders(
    root: Path, folder: Path, state: str, name: str, list_url: str, *, at: datetime
) -> AuthorityFolder:
    """Make a root in `root`, an issuing CA in `folder`, and an empty list of each.

    KeyFileError when one of them is there already.
    """
    for file in (root / "root.key", folder / "issuing.key"):
        if file.exists():
            raise KeyFileError(f"{file}: a CA is there already; name another folder")
    made = make_authority(state, at=at, name=name)
    write_certified_key(root / "root", made.root)
    write_file(root / "root.crl", sign_list(made.root, (), 1, at=at, days=ROOT_LIST_DAYS))
    write_certified_key(folder / "issuing", made.issuing)
    write_file(folder / "root.pem", pem(made.root.chain))
    found = AuthorityFolder(folder, made.issuing, Register(state, list_url))
    return renew_list(found, (), at=at)


def open_folder(folder: Path) -> AuthorityFolder:
    """Open a CA's folder. KeyFileError says what is missing or unsafe."""
    issuing = load_certified_key(folder / "issuing.key", folder / "issuing.pem")
    file = folder / REGISTER
    try:
        told = json.loads(file.read_text("utf-8"))
        register = Register(
            told["state"],
            told["list_url"],
            told["list_number"],
            tuple(Issued(**one) for one in told["issued"]),
            tuple(Revoked(**one) for one in told["revoked"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise KeyFileError(f"{file}: the CA's register cannot be read") from error
    return AuthorityFolder(folder, issuing, register)


def certify_request(
    authority: AuthorityFolder, asked: Asked, *, at: datetime
) -> tuple[x509.Certificate, ...]:
    """Certify a request of the CA's own state; gives leaf and issuing certificate, registered.

    RequestError for another state, or a tls key that names no host.
    """
    if asked.state != authority.register.state:
        own = authority.register.state
        raise RequestError(f"the request is of {asked.state}, this CA is of {own}")
    if PROFILES[asked.role].hosts and not asked.hosts:
        raise RequestError("a tls key names its hosts; make the request with --host")
    subject = subject_name(asked.state, asked.name)
    url = authority.register.list_url
    leaf = certify(
        authority.issuing, asked.role, subject, asked.key, at=at, hosts=asked.hosts, list_url=url
    )
    line = Issued(
        str(leaf.serial_number),
        asked.role,
        asked.name,
        write_instant(leaf.not_valid_after_utc),
        thumbprint(leaf),
    )
    told = authority.register
    _write(
        authority.folder,
        Register(told.state, told.list_url, told.list_number, (*told.issued, line), told.revoked),
    )
    return leaf, authority.issuing.certificate


def revoke_serial(
    authority: AuthorityFolder, serial: int, reason: str, *, since: datetime, at: datetime
) -> AuthorityFolder:
    """Put a serial on the list from `since` and sign the list anew; the first revocation stands."""
    if any(one.serial == str(serial) for one in authority.register.revoked):
        return renew_list(authority, (), at=at)
    line = Revoked(str(serial), write_instant(since), reason)
    return renew_list(authority, (line,), at=at)


def renew_list(
    authority: AuthorityFolder, more: Sequence[Revoked], *, at: datetime
) -> AuthorityFolder:
    """Sign the next list, valid for 30 days; gives the folder as it then stands."""
    old = authority.register
    revoked = (*old.revoked, *more)
    new = Register(old.state, old.list_url, old.list_number + 1, old.issued, revoked)
    data = sign_list(authority.issuing, revoked, new.list_number, at=at, days=LIST_DAYS)
    write_file(authority.list_file, data)
    _write(authority.folder, new)
    return AuthorityFolder(authority.folder, authority.issuing, new)


def sign_list(
    issuer: CertifiedKey, revoked: Sequence[Revoked], number: int, *, at: datetime, days: int
) -> bytes:
    """Sign a revocation list (RFC 5280 section 5) as of `at`; gives DER."""
    above = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.private.public_key())
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(at)
        .next_update(at + timedelta(days=days))
        .add_extension(above, critical=False)
        .add_extension(x509.CRLNumber(number), critical=False)
    )
    for one in revoked:
        entry = (
            x509.RevokedCertificateBuilder()
            .serial_number(int(one.serial))
            .revocation_date(read_instant(one.at))
        )
        # RFC 5280 5.3.1: "unspecified" is said by leaving the reason out.
        if one.reason != x509.ReasonFlags.unspecified.value:
            entry = entry.add_extension(x509.CRLReason(REASONS[one.reason]), critical=False)
        builder = builder.add_revoked_certificate(entry.build())
    return builder.sign(issuer.private, hashes.SHA256()).public_bytes(Encoding.DER)


def issued_by(authority: AuthorityFolder, certificate: x509.Certificate) -> bool:
    """Tell whether this CA's register has the certificate."""
    serial = str(certificate.serial_number)
    return state_of(certificate) == authority.register.state and any(
        one.serial == serial for one in authority.register.issued
    )


def _write(folder: Path, register: Register) -> None:
    text = json.dumps(asdict(register), indent=1, ensure_ascii=False) + "\n"
    write_file(folder / REGISTER, text.encode("utf-8"))
