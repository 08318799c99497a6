"""Private keys that stay in a PKCS #11 module, behind the library's own abstract classes.

A reference is an RFC 7512 URI: `pkcs11:token=lmx-kz;object=seal?module-path=…&pin-source=file:…`.
The PIN stands in a 0600 file and never in the URI. What the classes cannot give, the private
numbers, they refuse; so a key of a module signs wherever a key of a file does.
"""

import hashlib
import importlib
import stat
import threading
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import unquote, urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, utils

SCHEME = "pkcs11:"
_P256 = bytes.fromhex("06082a8648ce3d030107")
_ED25519 = bytes.fromhex("06032b6570")


class ModuleKeyError(Exception):
    """A key of a module that cannot be used; says which and why, never the PIN."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a key is: module library, token, object label, and the file with the PIN."""

    module: Path
    token: str
    label: str
    pin_file: Path


def read_reference(text: str) -> Reference:
    """Read an RFC 7512 URI. ModuleKeyError for one without its parts, or with the PIN in it."""
    parts = urlsplit(text.strip())
    if parts.scheme != "pkcs11":
        raise ModuleKeyError("a reference begins with pkcs11:")
    path, query = _attributes(parts.path, ";"), _attributes(parts.query, "&")
    if "pin-value" in query:
        raise ModuleKeyError("the PIN does not belong in the reference; give pin-source=file:…")
    pin = query.get("pin-source", "").removeprefix("file:").removeprefix("//")
    found = (query.get("module-path", ""), path.get("token", ""), path.get("object", ""), pin)
    if not all(found):
        raise ModuleKeyError(
            "a reference names token, object, module-path and pin-source: "
            "pkcs11:token=T;object=O?module-path=/…/lib.so&pin-source=file:/…/pin"
        )
    return Reference(Path(found[0]), found[1], found[2], Path(found[3]))


def open_module_key(text: str) -> ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey:
    """Open the key that a reference names. ModuleKeyError says what is missing."""
    reference = read_reference(text)
    opened = _Opened(reference)
    kind = opened.attribute("KEY_TYPE")
    names = opened.names
    if kind == names.KeyType.EC:
        return ModuleP256(opened)
    if kind == names.KeyType.EC_EDWARDS:
        return ModuleEd25519(opened)
    raise ModuleKeyError(f"{reference.label}: keys are P-256 or Ed25519")


def make_module_key(text: str, *, edwards: bool) -> None:
    """Make a pair in the module under the reference's label. ModuleKeyError when it is taken."""
    reference = read_reference(text)
    try:
        _Opened(reference)
    except ModuleKeyError:
        _generate(reference, edwards=edwards)
        return
    raise ModuleKeyError(f"{reference.label}: the token holds such a key already")


class _Opened:
    """One private key and its public half in an open session; one call at a time."""

    def __init__(self, reference: Reference) -> None:
        self.reference = reference
        self.names = _library()
        session, self._lock = _session(reference.module, reference.token, reference.pin_file)
        self._private = self._object(session, self.names.ObjectClass.PRIVATE_KEY)
        self._public = self._object(session, self.names.ObjectClass.PUBLIC_KEY)

    def attribute(self, name: str) -> Any:
        return self._private[getattr(self.names.Attribute, name)]

    def point(self) -> bytes:
        # CKA_EC_POINT is a DER octet string (PKCS #11 2.40, 2.3.3); both kinds here are short.
        return bytes(self._public[self.names.Attribute.EC_POINT])[2:]

    def curve(self) -> bytes:
        return bytes(self._public[self.names.Attribute.EC_PARAMS])

    def sign(self, data: bytes, mechanism: str) -> bytes:
        with self._lock:
            try:
                found = self._private.sign(data, mechanism=getattr(self.names.Mechanism, mechanism))
            except self.names.exceptions.PKCS11Error as error:
                raise ModuleKeyError(
                    f"{self.reference.label}: the module did not sign ({type(error).__name__})"
                ) from None
        return bytes(found)

    def _object(self, session: Any, kind: Any) -> Any:
        attribute = self.names.Attribute
        wanted = {attribute.CLASS: kind, attribute.LABEL: self.reference.label}
        found = list(session.get_objects(wanted))
        if len(found) != 1:
            raise ModuleKeyError(
                f"{self.reference.label}: the token holds {len(found)} such {kind.name}, not one"
            )
        return found[0]


class ModuleP256(ec.EllipticCurvePrivateKey):
    """A P-256 key in a module: signs ECDSA with SHA-256, gives its public key, and no more."""

    def __init__(self, opened: _Opened) -> None:
        """Hold an opened key. ModuleKeyError on another curve."""
        if opened.curve() != _P256:
            raise ModuleKeyError(f"{opened.reference.label}: the key must be on curve P-256")
        self._opened = opened

    def sign(self, data: Any, signature_algorithm: ec.EllipticCurveSignatureAlgorithm) -> bytes:
        """Sign; gives DER, as the library's own keys do."""
        digest = signature_algorithm.algorithm
        if not isinstance(signature_algorithm, ec.ECDSA) or not isinstance(digest, hashes.SHA256):
            _never("only ECDSA with SHA-256")
        raw = self._opened.sign(hashlib.sha256(data).digest(), "ECDSA")
        half = len(raw) // 2
        r, s = (int.from_bytes(one, "big") for one in (raw[:half], raw[half:]))
        return utils.encode_dss_signature(r, s)

    def public_key(self) -> ec.EllipticCurvePublicKey:
        """Give the public half."""
        point = self._opened.point()
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)

    @property
    def curve(self) -> ec.EllipticCurve:
        """Give P-256."""
        return ec.SECP256R1()

    @property
    def key_size(self) -> int:
        """Give 256."""
        return 256

    def exchange(self, algorithm: ec.ECDH, peer_public_key: ec.EllipticCurvePublicKey) -> NoReturn:
        """Refuse: these keys sign."""
        _never("no key agreement")

    def private_numbers(self) -> NoReturn:
        """Refuse: they stay in the module."""
        _never("no private numbers")

    def private_bytes(
        self,
        encoding: serialization.Encoding,
        format: serialization.PrivateFormat,  # noqa: A002 the library's name
        encryption_algorithm: serialization.KeySerializationEncryption,
    ) -> NoReturn:
        """Refuse: they stay in the module."""
        _never("no private bytes")

    def __copy__(self) -> "ModuleP256":
        return self

    def __deepcopy__(self, memo: dict[Any, Any]) -> "ModuleP256":
        return self


class ModuleEd25519(ed25519.Ed25519PrivateKey):
    """An Ed25519 key in a module that has CKM_EDDSA: signs, gives its public key, and no more."""

    def __init__(self, opened: _Opened) -> None:
        """Hold an opened key."""
        self._opened = opened

    def sign(self, data: Any) -> bytes:
        """Sign; gives 64 bytes (RFC 8032)."""
        return self._opened.sign(bytes(data), "EDDSA")

    def public_key(self) -> ed25519.Ed25519PublicKey:
        """Give the public half."""
        return ed25519.Ed25519PublicKey.from_public_bytes(self._opened.point())

    def private_bytes_raw(self) -> NoReturn:
        """Refuse: they stay in the module."""
        _never("no private bytes")

    def private_bytes(
        self,
        encoding: serialization.Encoding,
        format: serialization.PrivateFormat,  # noqa: A002 the library's name
        encryption_algorithm: serialization.KeySerializationEncryption,
    ) -> NoReturn:
        """Refuse: they stay in the module."""
        _never("no private bytes")

    def __copy__(self) -> "ModuleEd25519":
        return self

    def __deepcopy__(self, memo: dict[Any, Any]) -> "ModuleEd25519":
        return self


def _attributes(text: str, mark: str) -> dict[str, str]:
    pairs = (one.partition("=") for one in text.split(mark) if one)
    return {name: unquote(value) for name, _, value in pairs}


def _library() -> Any:
    # An optional extra (lmx[pkcs11]): only who keeps keys in a module installs it.
    try:
        for part in ("exceptions", "util.ec"):
            importlib.import_module(f"pkcs11.{part}")
        return importlib.import_module("pkcs11")
    except ImportError:
        raise ModuleKeyError("keys in a module need the extra: pip install lmx[pkcs11]") from None


@lru_cache
def _session(module: Path, token_name: str, pin_file: Path) -> tuple[Any, threading.Lock]:
    # PKCS #11 logs a process in once a token, and closing that session logs all others out:
    # one session a token stays open, and its calls take turns.
    names = _library()
    pin = _pin(pin_file)
    try:
        token = names.lib(str(module)).get_token(token_label=token_name)
        return token.open(user_pin=pin, rw=True), threading.Lock()
    except (names.exceptions.PKCS11Error, RuntimeError, OSError) as error:
        kind = type(error).__name__
        raise ModuleKeyError(f"{module}: the token {token_name} does not open ({kind})") from None


def _pin(file: Path) -> str:
    try:
        mode = stat.S_IMODE(file.stat().st_mode)
        text = file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise ModuleKeyError(f"{file}: the PIN cannot be read") from None
    if mode & 0o077:
        raise ModuleKeyError(f"{file}: mode {mode:04o} lets others read it; run chmod 600")
    return text


def _generate(reference: Reference, *, edwards: bool) -> None:
    names = _library()
    session, _ = _session(reference.module, reference.token, reference.pin_file)
    kind, mechanism, curve = (
        (names.KeyType.EC_EDWARDS, names.Mechanism.EC_EDWARDS_KEY_PAIR_GEN, _ED25519)
        if edwards
        else (names.KeyType.EC, names.Mechanism.EC_KEY_PAIR_GEN, _P256)
    )
    try:
        parameters = session.create_domain_parameters(
            kind, {names.Attribute.EC_PARAMS: curve}, local=True
        )
        parameters.generate_keypair(mechanism=mechanism, store=True, label=reference.label)
    except names.exceptions.PKCS11Error as error:
        raise ModuleKeyError(
            f"{reference.label}: the module makes no such key ({type(error).__name__})"
        ) from None


def _never(what: str) -> NoReturn:
    raise UnsupportedAlgorithm(f"a key of a module gives {what}")
