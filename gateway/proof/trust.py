"""A state's directory as signed files: who may do what, with which keys, under which agreement.

The files are the later TUF target files (DESIGN section 5): `member/*.json`,
`agreements/<corridor>/v<n>.json`, `revoked/*.json`; `snapshot.json` names each with its digest and
`snapshot.jws` signs it with the state's directory key, which readers pin.
"""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography import x509

from gateway.model.instants import read_instant
from gateway.model.refusal import Refusal
from gateway.proof.canonical import canonical_json, read_canonical
from gateway.proof.certificate import verify_path
from gateway.proof.json_signature import DIRECTORY, sign_jws, verify_jws
from gateway.proof.keys import CertifiedKey, thumbprint
from gateway.proof.note import VerifierKey, read_vkey
from gateway.proof.strict_json import parse
from gateway.proof.window import Window, read_window

SNAPSHOT = "snapshot.json"
SIGNATURE = "snapshot.jws"


@dataclass(frozen=True, slots=True)
class ListedKey:
    """A certificate that a directory lists: role, whose it is, chain, and when it counts.

    It counts at `at` when begins <= at < ends; None is open. Rotation is announced this way.
    """

    role: str
    name: str
    chain: tuple[x509.Certificate, ...]
    begins: datetime | None
    ends: datetime | None

    @property
    def certificate(self) -> x509.Certificate:
        """Give the leaf."""
        return self.chain[0]


@dataclass(frozen=True, slots=True)
class ListedLog:
    """A log's verifier key, named by the origin, and when it counts as a `ListedKey` does."""

    vkey: VerifierKey
    begins: datetime | None
    ends: datetime | None


@dataclass(frozen=True, slots=True)
class Directory:
    """One verified directory state: its files and what is listed in them."""

    state: str
    version: int
    sha256: str
    files: Mapping[str, bytes]
    gateway: Mapping[str, Any]
    authorities: Mapping[str, Mapping[str, Any]]
    submitters: Mapping[str, Mapping[str, Any]]
    keys: Mapping[str, ListedKey]
    roots: tuple[x509.Certificate, ...]
    revoked: Mapping[str, datetime]
    logs: tuple[ListedLog, ...]

    def key(self, name: str, *, role: str, at: datetime) -> ListedKey:
        """Give a listed key by thumbprint, its role and path checked at `at`, not revoked then.

        Refuses `signature.key-unknown`, `signature.key-role`, `certificate.*`.
        """
        found = self.keys.get(name)
        if found is None:
            raise Refusal(
                "signature.key-unknown",
                step="verify",
                rule="the key must be one that the state's directory lists",
                place="key",
            )
        if found.role != role:
            raise Refusal(
                "signature.key-role",
                step="verify",
                rule=f"the directory lists this key for {found.role}, not for {role}",
                place="key",
            )
        ended = self.revoked.get(name)
        if ended is not None and at >= ended:
            raise Refusal(
                "certificate.revoked", step="verify", rule="the key was revoked before that time"
            )
        if not Window(found.begins, found.ends).holds_at(at):
            raise Refusal(
                "certificate.invalid",
                step="verify",
                rule="the directory announces the key for another time",
                place="key",
            )
        verify_path(found.chain, self.roots, role=role, state=self.state, at=at, name=found.name)
        return found

    def certificate(self, name: str) -> dict[str, x509.Certificate]:
        """Give the one certificate of that thumbprint, to look a token's key up: none or one."""
        listed = self.keys.get(name)
        return {} if listed is None else {name: listed.certificate}

    def certificates(self, role: str, at: datetime) -> dict[str, x509.Certificate]:
        """Give all usable certificates of a role by thumbprint at `at`."""
        usable: dict[str, x509.Certificate] = {}
        for name, one in self.keys.items():
            if one.role != role:
                continue
            try:
                usable[name] = self.key(name, role=role, at=at).certificate
            except Refusal:
                continue
        return usable

    def log_keys(self) -> list[VerifierKey]:
        """Give the verifier keys that the state's logs have had."""
        return [one.vkey for one in self.logs]

    def log_keys_at(self, at: datetime) -> list[VerifierKey]:
        """Give the verifier keys with which the state's logs may sign at `at`."""
        return [one.vkey for one in self.logs if Window(one.begins, one.ends).holds_at(at)]

    def witness_key(self) -> VerifierKey:
        """Give the verifier key with which the state cosigns its partners' checkpoints."""
        return read_vkey(self.gateway["witness"])

    def agreement(self, corridor: str, version: int) -> bytes | None:
        """Give an agreement's bytes, None when this state does not list or has revoked it."""
        name = f"agreements/{corridor}/v{version}.json"
        return self.files.get(name)

    def agreement_revoked(self, corridor: str, version: int, at: datetime) -> bool:
        """Tell whether this state had revoked the agreement by `at`."""
        ended = self.revoked.get(f"agreement:{corridor}/v{version}")
        return ended is not None and at >= ended


def sign_directory(
    files: Mapping[str, bytes], key: CertifiedKey, *, state: str, version: int, at: datetime
) -> dict[str, bytes]:
    """Give the files with `snapshot.json` and `snapshot.jws` added."""
    listed = {name: _digest(data) for name, data in sorted(files.items())}
    snapshot = canonical_json({"state": state, "version": version, "files": listed})
    token = sign_jws(snapshot, key, typ=DIRECTORY, at=at)
    return {**files, SNAPSHOT: snapshot, SIGNATURE: token.encode("ascii")}


def read_directory(
    files: Mapping[str, bytes],
    *,
    state: str,
    pinned: Sequence[x509.Certificate],
    roots: tuple[x509.Certificate, ...],
) -> Directory:
    """Verify the snapshot with the pinned directory key, then every file by its digest.

    pinned: the directory key's certificate and those between it and the root.

    Refuses `directory.signature`: a wrong signature, a file missing, changed or not listed.
    """
    try:
        token = files[SIGNATURE].decode("ascii")
        verified = verify_jws(token, {thumbprint(pinned[0]): pinned[0]}, typ=DIRECTORY)
        verify_path(pinned, roots, role="directory", state=state, at=verified.issued_at)
    except (KeyError, IndexError, UnicodeDecodeError):
        raise _wrong("the directory carries its signed snapshot", SIGNATURE) from None
    except Refusal as refusal:
        raise _wrong(f"the pinned key signs the snapshot ({refusal.rule})", SIGNATURE) from None
    if files.get(SNAPSHOT) != verified.payload:
        raise _wrong("snapshot.json holds the octets that were signed", SNAPSHOT)
    snapshot = read_canonical(verified.payload)
    if not isinstance(snapshot, dict) or set(snapshot) != {"state", "version", "files"}:
        raise _wrong("a snapshot has state, version and files", SNAPSHOT)
    if snapshot["state"] != state or type(snapshot["version"]) is not int:
        raise _wrong("the snapshot is of this state and has a version", SNAPSHOT)
    contents = {name: data for name, data in files.items() if name not in {SNAPSHOT, SIGNATURE}}
    for name in sorted(contents.keys() | snapshot["files"].keys()):
        if name not in contents or _digest(contents[name]) != snapshot["files"].get(name):
            raise _wrong("each file is listed and has the digest of the snapshot", name)
    return _read(state, snapshot["version"], _digest(verified.payload), contents, roots)


def _read(
    state: str,
    version: int,
    sha256: str,
    files: Mapping[str, bytes],
    roots: tuple[x509.Certificate, ...],
) -> Directory:
    try:
        gateway = parse(files["member/gateway.json"])
        authorities = parse(files["member/authorities.json"])
        submitters = parse(files["member/submitters.json"])
        listed = [_key(one) for one in [*gateway["keys"], *submitters.values()]]
        logs = tuple(_log(one) for one in gateway["logs"])
        revoked = {
            one["id"]: read_instant(one["at"])
            for one in (parse(data) for name, data in files.items() if name.startswith("revoked/"))
        }
    except (KeyError, TypeError, ValueError, AttributeError):
        raise _wrong("the member files have the members of their version", "member") from None
    keys = {thumbprint(one.certificate): one for one in listed}
    return Directory(
        state, version, sha256, files, gateway, authorities, submitters, keys, roots, revoked, logs
    )


def _key(listed: Mapping[str, Any]) -> ListedKey:
    chain = tuple(
        x509.load_der_x509_certificate(base64.b64decode(one, validate=True))
        for one in listed["chain"]
    )
    window = read_window(listed)
    return ListedKey(listed["role"], listed["name"], chain, window.begins, window.ends)


def _log(listed: str | Mapping[str, Any]) -> ListedLog:
    # A log that never changed its key is listed by the vkey alone.
    members = {"vkey": listed} if isinstance(listed, str) else listed
    window = read_window(members)
    return ListedLog(read_vkey(members["vkey"]), window.begins, window.ends)


def _digest(data: bytes) -> str:
    return base64.b64encode(hashlib.sha256(data).digest()).decode("ascii")


def _wrong(rule: str, place: str) -> Refusal:
    return Refusal("directory.signature", step="verify", rule=rule, place=place)
