"""A state's directory: who may do what, with which keys, under which agreement, and since when.

The type alone: `directory_files` makes it from verified files, `tuf_metadata` verifies the files.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cryptography import x509

from gateway.model.refusal import Refusal
from gateway.proof.certificate import prove_paths, require_name
from gateway.proof.note import VerifierKey
from gateway.proof.path import Path
from gateway.proof.window import Window


@dataclass(frozen=True, slots=True)
class ListedKey:
    """A certificate that a directory lists: role, whose it is, chain, and when it counts.

    It counts at `at` when begins <= at < ends; None is open. Rotation is announced this way.
    """

    role: str
    name: str
    chain: tuple[x509.Certificate, ...]
    begins: datetime | None = None
    ends: datetime | None = None

    @property
    def certificate(self) -> x509.Certificate:
        """Give the leaf."""
        return self.chain[0]


@dataclass(frozen=True, slots=True)
class ListedCertificates:
    """The leaf certificates of listed keys, by thumbprint."""

    keys: Mapping[str, ListedKey]

    def get(self, name: str) -> x509.Certificate | None:
        """Give the certificate of that thumbprint, None when it is not listed."""
        found = self.keys.get(name)
        return None if found is None else found.certificate


@dataclass(frozen=True, slots=True)
class ListedLog:
    """A verifier key of a log or a witness, and when it counts as a `ListedKey` does."""

    vkey: VerifierKey
    begins: datetime | None = None
    ends: datetime | None = None


@dataclass(frozen=True, slots=True)
class Revocation:
    """From when a key, log key or agreement no longer counts, and why; both for ever."""

    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Directory:
    """One verified directory state: its files and what is listed in them.

    version, sha256: those of the TUF snapshot, as headers and entries name it.
    """

    state: str
    version: int
    sha256: str
    files: Mapping[str, bytes]
    gateway: Mapping[str, Any]
    authorities: Mapping[str, Mapping[str, Any]]
    submitters: Mapping[str, Mapping[str, Any]]
    keys: Mapping[str, ListedKey]
    logs: tuple[ListedLog, ...]
    roots: tuple[x509.Certificate, ...]
    revoked: Mapping[str, Revocation]
    witnesses: tuple[ListedLog, ...] = ()
    # Paths of listed keys that hold for a role, whatever the time: found once for this state. Not
    # taken over by a changed copy.
    proved: dict[tuple[str, str], tuple[Path, ...]] = field(
        init=False, default_factory=dict, repr=False, compare=False
    )

    def key(self, name: str, *, role: str, at: datetime) -> ListedKey:
        """Give a listed key by thumbprint, its role, period and path checked at `at`, not revoked.

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
        self.require_not_revoked(name, at)
        if not Window(found.begins, found.ends).holds_at(at):
            raise Refusal(
                "certificate.invalid",
                step="verify",
                rule="the directory announces the key for another time",
                place="key",
            )
        if not any(one.holds_at(at) for one in self._paths(name, found)):
            raise Refusal(
                "certificate.invalid",
                step="verify",
                rule="every certificate of the path must be valid at that time",
                place="certificate",
            )
        return found

    def _paths(self, name: str, listed: ListedKey) -> tuple[Path, ...]:
        known = self.proved.get((name, listed.role))
        if known is None:
            known = prove_paths(listed.chain, self.roots, role=listed.role, state=self.state)
            if listed.name:
                require_name(listed.certificate, listed.name)
            self.proved[name, listed.role] = known
        return known

    def above(self, listed: ListedKey) -> tuple[x509.Certificate, ...]:
        """Give the certificates among which a listed key's issuer is."""
        return (*listed.chain[1:], *self.roots)

    def require_not_revoked(self, name: str, at: datetime) -> None:
        """Refuse `certificate.revoked` once the key or log key was revoked by `at`."""
        if self.revoked_by(name, at):
            raise Refusal(
                "certificate.revoked", step="verify", rule="the key was revoked before that time"
            )

    def revoked_by(self, name: str, at: datetime) -> bool:
        """Tell whether the state had revoked that key, log key or agreement by `at`."""
        ended = self.revoked.get(name)
        return ended is not None and at >= ended.at

    def certificate(self, name: str) -> dict[str, x509.Certificate]:
        """Give the one certificate of that thumbprint, to look a token's key up: none or one."""
        listed = self.keys.get(name)
        return {} if listed is None else {name: listed.certificate}

    @property
    def listed(self) -> "ListedCertificates":
        """Give all listed certificates, to look a token's key up by thumbprint; `key` judges it."""
        return ListedCertificates(self.keys)

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

    def log_keys_at(self, at: datetime) -> list[VerifierKey]:
        """Give the verifier keys with which the state's logs may sign at `at`."""
        return self._counting(self.logs, at)

    def witness_keys_at(self, at: datetime) -> list[VerifierKey]:
        """Give the verifier keys with which the state may cosign partners' checkpoints at `at`."""
        return self._counting(self.witnesses, at)

    def _counting(self, listed: tuple[ListedLog, ...], at: datetime) -> list[VerifierKey]:
        return [
            one.vkey
            for one in listed
            if Window(one.begins, one.ends).holds_at(at)
            and not self.revoked_by(one.vkey.text(), at)
        ]

    def agreement(self, corridor: str, version: int) -> bytes | None:
        """Give an agreement's bytes, None when this state does not list or has revoked it."""
        name = f"agreements/{corridor}/v{version}.json"
        return self.files.get(name)

    def agreement_revoked(self, corridor: str, version: int, at: datetime) -> bool:
        """Tell whether this state had revoked the agreement by `at`."""
        return self.revoked_by(f"agreement:{corridor}/v{version}", at)
