"""A draft: the next version of some roles, with its files, waiting for signatures on a stick.

The folder holds `metadata/<role>.json` (staged roles), `targets/<path>` (new and changed files,
to be read by who signs) and `published/metadata/` (what it builds on, to verify and compare
without a network). Nothing in it is private.
"""

import hashlib
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from securesystemslib.signer import Key  # type: ignore[attr-defined]
from tuf.api.metadata import Metadata, Root, Targets  # type: ignore[attr-defined]
from tuf.api.serialization import DeserializationError

from gateway.directory.published import (
    METADATA,
    Published,
    is_published,
    metadata_file,
    read_published,
)
from gateway.directory.repository import first_metadata, next_version, with_file, without_file
from gateway.directory.roles import (
    DELEGATED,
    REVOKED,
    ROOT,
    SNAPSHOT,
    STAGED,
    TARGETS,
    CeremonyError,
    role_of,
)

BASE, FILES = "published", "targets"


@dataclass(frozen=True, slots=True)
class Draft:
    """The folder of a draft; each method reads what lies there now."""

    folder: Path

    @classmethod
    def first(cls, folder: Path, keys: Mapping[str, Sequence[Key]], *, at: datetime) -> "Draft":
        """Begin the first version of a directory. CeremonyError when something lies there."""
        draft = cls(_empty(folder))
        for name, metadata in first_metadata(keys, at=at).items():
            draft.write(name, metadata)
        return draft

    @classmethod
    def begin(cls, folder: Path, published: Path) -> "Draft":
        """Begin a draft on what is published. CeremonyError when something lies there."""
        stands = read_published(published)
        draft = cls(_empty(folder))
        base = folder / BASE / METADATA
        base.mkdir(parents=True)
        for version in range(1, len(stands.roots) + 1):
            shutil.copy(metadata_file(published, ROOT, version), base)
        for name in (TARGETS, *DELEGATED, SNAPSHOT):
            shutil.copy(metadata_file(published, name, stands.role(name).signed.version), base)
        shutil.copy(published / METADATA / "timestamp.json", base)
        return draft

    def base(self) -> Published | None:
        """Give what the draft builds on; None for a directory's first version."""
        there = self.folder / BASE
        return read_published(there) if is_published(there) else None

    def staged(self) -> dict[str, Metadata[Any]]:
        """Give the staged roles by name, in the order in which they stand upon each other."""
        found = {}
        for name in STAGED:
            file = self._file(name)
            if file.exists():
                try:
                    found[name] = Metadata[Any].from_bytes(file.read_bytes())
                except DeserializationError:
                    raise CeremonyError(
                        f"{file} is no metadata of a directory; copy the draft anew from the "
                        "machine that staged it"
                    ) from None
        return found

    def role(self, name: str) -> Metadata[Any]:
        """Give a role as it will be: staged, or else as published. CeremonyError for neither."""
        staged, base = self.staged().get(name), self.base()
        if staged is not None:
            return staged
        if base is None:
            raise CeremonyError(f"{self.folder}: the draft of a first version must hold {name}")
        return base.role(name)

    def root(self) -> Root:
        """Give the root as it will be."""
        signed: Root = self.role(ROOT).signed
        return signed

    def targets(self) -> Targets:
        """Give the top-level targets as they will be."""
        signed: Targets = self.role(TARGETS).signed
        return signed

    def put(self, path: str, data: bytes, *, at: datetime) -> str:
        """Stage a target file; its path decides the role, which is given. CeremonyError."""
        role = role_of(path)
        place = self.folder / FILES / path
        metadata = with_file(self.open(role, at=at), path, data)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
        self.write(role, metadata)
        return role

    def remove(self, path: str, *, at: datetime) -> str:
        """Stage that a target file is no longer listed; gives the role. CeremonyError."""
        role = role_of(path)
        if role == REVOKED:
            raise CeremonyError(
                f"{path}: what was revoked stays revoked, as evidence is judged by it for ever; "
                "issue a new key or publish a new version of the agreement instead"
            )
        self.write(role, without_file(self.open(role, at=at), path))
        (self.folder / FILES / path).unlink(missing_ok=True)
        return role

    def open(self, role: str, *, at: datetime) -> Metadata[Any]:
        """Give the staged next version of a role, staging it first when it is not yet.

        CeremonyError when somebody has signed it: who signed must not find it changed.
        """
        staged = self.staged().get(role)
        if staged is None:
            staged = next_version(self.role(role), role, at=at)
            self.write(role, staged)
        if staged.signatures:
            raise CeremonyError(
                f"{role} version {staged.signed.version} of this draft is signed already, and a "
                "change would undo the signatures. Publish it first, or begin another draft."
            )
        return staged

    def write(self, role: str, metadata: Metadata[Any]) -> None:
        """Write the staged metadata of a role."""
        file = self._file(role)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(metadata.to_bytes())

    def content(self, path: str, sha256: str) -> bytes:
        """Give a staged file. CeremonyError when it is not there or is not what is listed."""
        try:
            data = (self.folder / FILES / path).read_bytes()
        except OSError:
            raise CeremonyError(
                f"{path} is new in this draft and does not lie in {self.folder / FILES}; copy the "
                "whole draft"
            ) from None
        if hashlib.sha256(data).hexdigest() != sha256:
            raise CeremonyError(
                f"{self.folder / FILES / path} is not the file that was staged (its digest "
                "differs). Do not sign; copy the draft anew from the machine that staged it."
            )
        return data

    def _file(self, role: str) -> Path:
        return self.folder / METADATA / f"{role}.json"


def _empty(folder: Path) -> Path:
    if folder.exists() and any(folder.iterdir()):
        raise CeremonyError(f"{folder} is not empty; a draft begins in a folder of its own")
    folder.mkdir(parents=True, exist_ok=True)
    return folder
