"""A published directory on disk: `metadata/` and `targets/`, static files as TUF serves them.

`metadata/<n>.<role>.json` for every version there ever was, and `timestamp.json`, which is the
switch: it is replaced last, by rename, and names the snapshot in force.
"""

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, Root, Snapshot, Targets, Timestamp  # type: ignore[attr-defined]
from tuf.api.serialization import DeserializationError

from gateway.directory.roles import OPS, REVOKED, ROOT, SNAPSHOT, TARGETS, TIMESTAMP, CeremonyError

METADATA, FILES = "metadata", "targets"
_TIMESTAMP = f"{METADATA}/{TIMESTAMP}.json"


@dataclass(frozen=True, slots=True)
class Published:
    """What stands: all roots from the first on, and the newest of each other role."""

    roots: tuple[Metadata[Root], ...]
    targets: Metadata[Targets]
    ops: Metadata[Targets]
    revoked: Metadata[Targets]
    snapshot: Metadata[Snapshot]
    timestamp: Metadata[Timestamp]

    def role(self, name: str) -> Metadata[Any]:
        """Give the newest metadata of a role."""
        found: Metadata[Any] = self.roots[-1] if name == ROOT else getattr(self, name)
        return found

    def files(self) -> dict[str, str]:
        """Give the SHA-256 (hex) of every target file by its path."""
        return {
            path: one.hashes["sha256"]
            for role in (self.targets, self.ops, self.revoked)
            for path, one in role.signed.targets.items()
        }


def is_published(folder: Path) -> bool:
    """Tell whether a directory stands there."""
    return (folder / _TIMESTAMP).exists()


def read_published(folder: Path) -> Published:
    """Read what stands. CeremonyError when files are missing or unreadable; verifies nothing."""
    try:
        timestamp = Metadata[Timestamp].from_bytes((folder / _TIMESTAMP).read_bytes())
        snapshot = _version(folder, SNAPSHOT, timestamp.signed.snapshot_meta.version)
        listed = {
            name: snapshot.signed.meta[f"{name}.json"].version for name in (TARGETS, OPS, REVOKED)
        }
        roots = [_version(folder, ROOT, 1)]
        while metadata_file(folder, ROOT, len(roots) + 1).exists():
            roots.append(_version(folder, ROOT, len(roots) + 1))
        return Published(
            tuple(roots),
            **{name: _version(folder, name, number) for name, number in listed.items()},
            snapshot=snapshot,
            timestamp=timestamp,
        )
    except (OSError, KeyError, DeserializationError, RepositoryError):
        raise CeremonyError(
            f"{folder}: no whole directory can be read there; it has metadata/timestamp.json and "
            "what that names. Give the published folder, or fetch it again from a copy."
        ) from None


def metadata_file(folder: Path, role: str, version: int) -> Path:
    """Give the path of one version of a role below a published folder."""
    return folder / METADATA / f"{version}.{role}.json"


def target_file(folder: Path, path: str, sha256: str) -> Path:
    """Give the path of a target file: its digest stands before its name (consistent snapshots)."""
    place, _, name = path.rpartition("/")
    return folder / FILES / place / f"{sha256}.{name}"


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files in the order given, each whole or not at all; a root that stands never changes.

    What a stopped publication left behind is no version yet, as no timestamp named it: it is
    written over. A root counts as soon as it stands: CeremonyError when it has other bytes.
    """
    for name, data in files.items():
        place = folder / name
        if place.exists() and place.read_bytes() == data:
            continue
        if place.exists() and name.endswith(f".{ROOT}.json"):
            raise CeremonyError(
                f"{place} stands with other bytes; a root is published once. "
                "Stage the change again on what is published."
            )
        _replace(place, data)


@contextmanager
def publishing_alone(folder: Path) -> Iterator[None]:
    """Hold the folder against other publications; waits for one that runs.

    The lock lies beside the folder, as nothing but the directory itself is served from it.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_name(f".{folder.name}.lock").open("a+b") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def timestamp_name() -> str:
    """Give the path of the switch below a published folder."""
    return _TIMESTAMP


def _replace(place: Path, data: bytes) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    unfinished = place.with_name(f".{place.name}.new")
    with unfinished.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(place)
    descriptor = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _version(folder: Path, role: str, version: int) -> Metadata[Any]:
    return Metadata[Any].from_bytes(metadata_file(folder, role, version).read_bytes())
