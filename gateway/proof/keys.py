"""Keys as files: ES256 keys with their certificates, Ed25519 keys of logs and witnesses.

A private key file is PEM, mode 0600, or it is not read at all; it may hold in place of the key
the reference of one in a PKCS #11 module.
"""

import base64
import hashlib
import stat
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway.proof import base64url
from gateway.proof.module_keys import SCHEME, ModuleKeyError, open_module_key
from gateway.proof.note import VerifierKey

COORDINATE_SIZE = 32
_ES256 = ECDSA(hashes.SHA256())
_NEVER = datetime.min.replace(tzinfo=UTC)


class KeyFileError(Exception):
    """A key file that must not be used; says which file and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class CertifiedKey:
    """An ES256 private key with its certificate and the certificates above it, leaf first."""

    private: EllipticCurvePrivateKey
    chain: tuple[x509.Certificate, ...]
    # The base64url SHA-256 of the leaf (RFC 7515 `x5t#S256`).
    thumbprint: str = field(init=False, compare=False)
    # Each certificate of the chain as base64 of its DER: XML signatures carry them.
    encoded: tuple[str, ...] = field(init=False, compare=False, repr=False)
    # When the leaf is valid, both ends included.
    valid: tuple[datetime, datetime] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Encode and hash once, for every signature. A root being made has no leaf yet."""
        told = thumbprint(self.chain[0]) if self.chain else ""
        object.__setattr__(self, "thumbprint", told)
        ders = (one.public_bytes(serialization.Encoding.DER) for one in self.chain)
        encoded = tuple(base64.b64encode(one).decode("ascii") for one in ders)
        object.__setattr__(self, "encoded", encoded)
        leaf = self.chain[0] if self.chain else None
        valid = (leaf.not_valid_before_utc, leaf.not_valid_after_utc) if leaf else (_NEVER, _NEVER)
        object.__setattr__(self, "valid", valid)

    @property
    def certificate(self) -> x509.Certificate:
        """Give the leaf certificate."""
        return self.chain[0]

    def sign(self, message: bytes) -> bytes:
        """Sign with ECDSA P-256 and SHA-256; gives r||s, 64 bytes (RFC 7518 3.4)."""
        return _raw(self.private.sign(message, _ES256))


@dataclass(frozen=True, slots=True)
class NoteKey:
    """An Ed25519 private key of a log or a witness, with the name its note lines carry."""

    private: Ed25519PrivateKey
    name: str
    kind: int

    @property
    def vkey(self) -> VerifierKey:
        """Give the public half."""
        return VerifierKey(self.name, self.kind, self.private.public_key().public_bytes_raw())

    def sign(self, message: bytes) -> bytes:
        """Sign with Ed25519; gives 64 bytes."""
        return self.private.sign(message)


def _raw(der: bytes) -> bytes:
    """Write as r||s the sequence of two integers that OpenSSL gives (RFC 3279 2.2.3, X.690 8.3).

    Each length is one octet, since the whole has less than 128. cryptography's
    decode_dss_signature judges this in the tests.
    """
    middle = 4 + der[3]
    halves = der[4:middle], der[middle + 2 :]
    # An integer may begin with an octet for its sign, and has none that it does not need.
    return b"".join(one[-COORDINATE_SIZE:].rjust(COORDINATE_SIZE, b"\0") for one in halves)


def thumbprint(certificate: x509.Certificate) -> str:
    """Give base64url(SHA-256(DER)) without padding."""
    digest = hashlib.sha256(certificate.public_bytes(serialization.Encoding.DER)).digest()
    return base64url.encode(digest).decode("ascii")


def load_certified_key(key_file: Path, chain_file: Path) -> CertifiedKey:
    """Read a 0600 PEM key and its PEM chain. KeyFileError when unsafe or not belonging together."""
    private = load_private_p256(key_file)
    chain = tuple(load_certificates(chain_file))
    if not chain or chain[0].public_key() != private.public_key():
        raise KeyFileError(f"{chain_file}: its first certificate must be that of {key_file}")
    return CertifiedKey(private, chain)


def load_private_p256(key_file: Path) -> EllipticCurvePrivateKey:
    """Read a 0600 PEM P-256 key. KeyFileError when unsafe or of another kind."""
    private = _load_private(key_file)
    if not isinstance(private, EllipticCurvePrivateKey) or not isinstance(private.curve, SECP256R1):
        raise KeyFileError(f"{key_file}: this key must be on curve P-256")
    return private


def load_note_key(key_file: Path, *, name: str, kind: int) -> NoteKey:
    """Read a 0600 PEM Ed25519 key. KeyFileError when unsafe or of another kind."""
    private = _load_private(key_file)
    if not isinstance(private, Ed25519PrivateKey):
        raise KeyFileError(f"{key_file}: this key must be Ed25519")
    return NoteKey(private, name, kind)


def load_certificates(file: Path) -> list[x509.Certificate]:
    """Read all certificates of a PEM file. KeyFileError when there is none to read."""
    try:
        return x509.load_pem_x509_certificates(file.read_bytes())
    except (OSError, ValueError) as error:
        raise KeyFileError(f"{file}: no PEM certificate can be read there") from error


def _load_private(file: Path) -> object:
    try:
        mode = stat.S_IMODE(file.stat().st_mode)
        data = file.read_bytes()
    except OSError as error:
        raise KeyFileError(f"{file}: the key file cannot be read") from error
    if mode & 0o077:
        raise KeyFileError(f"{file}: mode {mode:04o} lets others read it; run chmod 600")
    if data.startswith(SCHEME.encode()):
        return _module_key(file, data)
    try:
        return serialization.load_pem_private_key(data, password=None)
    except (ValueError, TypeError) as error:
        raise KeyFileError(f"{file}: this is no unencrypted PEM private key") from error


def _module_key(file: Path, data: bytes) -> object:
    try:
        return open_module_key(data.decode("utf-8"))
    except (ModuleKeyError, UnicodeDecodeError) as error:
        raise KeyFileError(f"{file}: {error}") from None
