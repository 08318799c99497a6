"""A state's TUF repository in memory, signed with real keys; a test bends what it likes.

`published` is what a web server would serve; it grows with each `publish` and loses nothing. Built
on tuf.api alone, apart from the gateway's own writer, so that it can judge the readers.
"""

import copy
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from securesystemslib.signer import CryptoSigner, SSlibKey
from tuf.api.metadata import (  # type: ignore[attr-defined]
    DelegatedRole,
    Delegations,
    Metadata,
    MetaFile,
    Role,
    Root,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)

from gateway.proof.tuf_metadata import Read, target_file

KEYS = {"root": 3, "targets": 3, "ops": 2, "revoked": 3, "snapshot": 1, "timestamp": 1}
THRESHOLDS = {"root": 2, "targets": 2, "ops": 1, "revoked": 1, "snapshot": 1, "timestamp": 1}
PATHS = {"ops": ["member/*"], "revoked": ["revoked/*"]}
LIVES = {
    "root": timedelta(days=365),
    "targets": timedelta(days=90),
    "ops": timedelta(days=30),
    "revoked": timedelta(days=7),
    "snapshot": timedelta(days=7),
    "timestamp": timedelta(days=1),
}


class StateRepository:
    """Roles with their keys and metadata; change `files` or `md` and publish."""

    def __init__(self, files: Mapping[str, bytes], at: datetime) -> None:
        self.at = at
        self.files = dict(files)
        self.signers = {
            role: [CryptoSigner.generate_ed25519() for _ in range(count)]
            for role, count in KEYS.items()
        }
        self.lives = dict(LIVES)
        self.role_of: Callable[[str], str] = self.home
        self.published: dict[str, bytes] = {}
        self.first_timestamp = b""
        self.versions = dict.fromkeys(KEYS, 0)
        self.root = Root(expires=self.end("root"), consistent_snapshot=True)
        self.root.roles = {name: Role([], THRESHOLDS[name]) for name in Root().roles}
        for name in self.root.roles:
            for signer in self.signers[name]:
                self.root.add_key(signer.public_key, name)
        self.publish_root(self.signers["root"])
        self.pinned = self.published["metadata/1.root.json"]
        self.publish()

    def copy(self) -> "StateRepository":
        """Give a repository with the same past and keys, to publish on its own."""
        other = copy.copy(self)
        other.files, other.published = dict(self.files), dict(self.published)
        other.versions, other.signers = dict(self.versions), dict(self.signers)
        other.root = copy.deepcopy(self.root)
        return other

    def end(self, role: str) -> datetime:
        return (self.at + self.lives[role]).replace(microsecond=0)

    def publish_root(self, signers: list[CryptoSigner]) -> None:
        self.versions["root"] += 1
        self.root.version = self.versions["root"]
        self.root.expires = self.end("root")
        self.put("root", self.root, signers)

    def rotate(self, role: str) -> None:
        """Give a role one new key for its first, by a new root; root signs with old and new."""
        old, new = self.signers[role][0], CryptoSigner.generate_ed25519()
        before = list(self.signers["root"])
        self.root.revoke_key(old.public_key.keyid, role)
        self.root.add_key(new.public_key, role)
        self.signers[role] = [new, *self.signers[role][1:]]
        signing = {one.public_key.keyid: one for one in [*before, *self.signers["root"]]}
        self.publish_root(list(signing.values()))

    def put(
        self,
        role: str,
        signed: Root | Timestamp | Snapshot | Targets,
        signers: list[CryptoSigner] | None = None,
    ) -> bytes:
        """Sign and publish; gives the bytes."""
        found: Metadata[Root | Timestamp | Snapshot | Targets] = Metadata(signed)
        for one in self.signers[role] if signers is None else signers:
            found.sign(one, append=True)
        data = found.to_bytes()
        name = "timestamp.json" if role == "timestamp" else f"{signed.version}.{role}.json"
        self.published[f"metadata/{name}"] = data
        return data

    def publish(self, *, at: datetime | None = None) -> None:
        """Publish the files anew: each role one version higher."""
        self.at = at or self.at
        self.publish_snapshot(self.publish_roles("ops", "revoked", "targets"))

    def publish_roles(self, *roles: str) -> dict[str, MetaFile]:
        """Publish these roles one version higher; gives how a snapshot names them."""
        for role in roles:
            self.versions[role] += 1
            self.put(role, self.targets(role))
        return {name: one for name, one in self.meta().items() if name[:-5] in roles}

    def publish_snapshot(self, meta: dict[str, MetaFile]) -> None:
        """Publish a snapshot of these roles, and a timestamp."""
        self.versions["snapshot"] += 1
        snapshot = self.snapshot(meta)
        self.versions["timestamp"] += 1
        self.stamp(snapshot)

    def meta(self) -> dict[str, MetaFile]:
        """Give the newest version, length and digest of each role of targets."""
        found = {}
        for role in ("ops", "revoked", "targets"):
            data = self.published.get(f"metadata/{self.versions[role]}.{role}.json")
            if data is not None:
                found[f"{role}.json"] = MetaFile.from_data(self.versions[role], data, ["sha256"])
        return found

    def targets(self, role: str) -> Targets:
        signed = Targets(version=self.versions[role], expires=self.end(role))
        for path, data in self.files.items():
            if self.role_of(path) == role:
                one = TargetFile.from_data(path, data, ["sha256"])
                signed.targets[path] = one
                self.published[target_file(path, one.hashes["sha256"])] = data
        if role == "targets":
            keys: dict[str, SSlibKey] = {}
            roles = {}
            for name, paths in PATHS.items():
                own = [one.public_key for one in self.signers[name]]
                keys |= {one.keyid: one for one in own}
                ids = [one.keyid for one in own]
                roles[name] = DelegatedRole(name, ids, THRESHOLDS[name], True, paths=paths)  # noqa: FBT003
            signed.delegations = Delegations(keys, roles)
        return signed

    def snapshot(self, meta: dict[str, MetaFile]) -> bytes:
        signed = Snapshot(self.versions["snapshot"], expires=self.end("snapshot"), meta=meta)
        return self.put("snapshot", signed)

    def stamp(self, snapshot: bytes) -> bytes:
        meta = MetaFile.from_data(self.versions["snapshot"], snapshot, ["sha256"])
        signed = Timestamp(self.versions["timestamp"], expires=self.end("timestamp"))
        signed.snapshot_meta = meta
        return self.put("timestamp", signed)

    @property
    def read(self) -> Read:
        return self.published.get

    def write(self, folder: Path) -> None:
        """Write what is published below a folder."""
        for name, data in self.published.items():
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)

    @staticmethod
    def home(path: str) -> str:
        """Give the role that lists a path in our profile."""
        return {"member": "ops", "revoked": "revoked"}.get(path.partition("/")[0], "targets")
