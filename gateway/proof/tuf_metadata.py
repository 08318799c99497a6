"""Verify a state's TUF metadata offline, as of an instant of the reader's choosing.

The TUF specification 5.3 to 5.6 without a network: the root chain from the pinned root, thresholds,
versions, lengths and hashes, delegated paths, expiry at a reference time. Every version of the
metadata is kept for ever, so a snapshot that an old header names is verified at its own time
(evidence-log section 8, "as-of verification"). Names are those of a consistent snapshot:
`metadata/<n>.snapshot.json`, `targets/<folder>/<sha256>.<file>`.
"""

import base64
import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from securesystemslib.exceptions import VerificationError
from tuf.api.exceptions import LengthOrHashMismatchError

# The package re-exports its payload classes without saying so.
from tuf.api.metadata import (  # type: ignore[attr-defined]
    Delegations,
    Metadata,
    MetaFile,
    Root,
    Signed,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)
from tuf.api.serialization import DeserializationError, SerializationError

from gateway.model.refusal import Refusal

# Gives a file of the repository by its path, None when there is none.
Read = Callable[[str], bytes | None]
MOST_ROOTS = 256
TIMESTAMP = "timestamp.json"
LARGEST_METADATA = 2 * 1024 * 1024
LARGEST_TARGET = 4 * 1024 * 1024
# A gateway that cannot reach a partner decides on what it last verified: a timestamp lives 24 hours
# and the grace after it 72, so a decision may rest on roles that ended that much earlier.
TOLERANCE = timedelta(hours=24 + 72)
_TARGET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(?:/[A-Za-z0-9][A-Za-z0-9._-]*){0,4}")
_S = TypeVar("_S", Root, Timestamp, Snapshot, Targets)
_ROLE = re.compile(r"[a-z][a-z0-9-]{0,31}")


@dataclass(frozen=True, slots=True)
class RootChain:
    """All roots from the pinned one to the newest, each signed by the one before and by itself."""

    roots: tuple[Root, ...]

    @property
    def newest(self) -> Root:
        """Give the root in use."""
        return self.roots[-1]


@dataclass(frozen=True, slots=True)
class VerifiedState:
    """One verified snapshot of a repository: version, base64 digest, files by target path.

    ends: until when each role's metadata was good, by role; stamped: the version of the timestamp
    that named it, 0 when none was read.
    """

    version: int
    sha256: str
    files: Mapping[str, bytes]
    ends: Mapping[str, datetime]
    stamped: int = 0


def read_roots(read: Read, pinned: bytes) -> RootChain:
    """Follow the chain from the pinned root as far as the repository has it.

    Refuses `directory.malformed`, `directory.threshold`, `directory.version-reused`,
    `directory.mixed` (a root that stands under another number).
    """
    first = _metadata(pinned, Root, "root")
    roots = [_signed_by(first, first.signed, "root", "pinned root")]
    again = read(f"metadata/{first.signed.version}.root.json")
    if again is not None and again != pinned:
        raise _refuse(
            "directory.version-reused",
            "the repository's first root must be the pinned one, byte for byte",
            f"{first.signed.version}.root.json",
        )
    for version in range(first.signed.version + 1, first.signed.version + MOST_ROOTS):
        name = f"{version}.root.json"
        data = read(f"metadata/{name}")
        if data is None:
            break
        following = _metadata(data, Root, name)
        _signed_by(following, roots[-1], "root", name)
        _signed_by(following, following.signed, "root", name)
        _require_version(following.signed, version, name)
        roots.append(following.signed)
    return RootChain(tuple(roots))


def newest_state(read: Read, chain: RootChain) -> VerifiedState:
    """Give what the current timestamp names, whatever its age; `ends` has the timestamp's too.

    How old it may be is the reader's decision. Refuses `trust.missing`, `directory.mixed`,
    `directory.path`, `directory.endless`, `directory.version-reused`, and as `read_roots`.
    """
    found = _metadata(_required(read, TIMESTAMP), Timestamp, TIMESTAMP)
    stamp = _signed_by(found, chain.newest, "timestamp", TIMESTAMP)
    meta = stamp.snapshot_meta
    state = _state(read, [chain.newest], meta.version, meta)
    return replace(state, ends={**state.ends, "timestamp": stamp.expires}, stamped=stamp.version)


def state_named(read: Read, chain: RootChain, version: int, sha256: str) -> VerifiedState:
    """Give the snapshot of that version and digest, as headers and entries name it.

    sha256: base64. Refuses `trust.missing`, `directory.mixed` (another digest), and as
    `newest_state`. A snapshot stands under the root of its time: each root of the chain may vouch.
    """
    name = f"{version}.snapshot.json"
    if digest(_required(read, name)) != sha256:
        raise _refuse(
            "directory.mixed", "the snapshot must have the digest that was named with it", name
        )
    return _state(read, [*reversed(chain.roots)], version, None)


def require_good(state: VerifiedState, at: datetime) -> None:
    """Refuse `directory.expired` when a role had ended, grace included, before a decision at `at`.

    The timestamp is not asked: it says what is newest now, not what was good then.
    """
    for role, end in state.ends.items():
        if role != "timestamp" and at >= end + TOLERANCE:
            raise _refuse(
                "directory.expired", "the directory's roles must not have ended by that time", role
            )


def digest(data: bytes) -> str:
    """Give SHA-256 as the formats write it: base64, 44 characters."""
    return base64.b64encode(hashlib.sha256(data).digest()).decode("ascii")


def target_file(path: str, sha256: str) -> str:
    """Give where a target file stands: `targets/<folder>/<sha256 hex>.<file>`."""
    folder, slash, name = path.rpartition("/")
    return f"targets/{folder}{slash}{sha256}.{name}"


def _state(read: Read, roots: Sequence[Root], version: int, meta: MetaFile | None) -> VerifiedState:
    name = f"{version}.snapshot.json"
    data = _required(read, name)
    _require_bytes(meta, data, name, "directory.version-reused")
    snapshot = _metadata(data, Snapshot, name)
    root = _vouching(snapshot, roots, name)
    _require_version(snapshot.signed, version, name)
    listed = dict(snapshot.signed.meta)
    top = _targets(read, listed, "targets", root)
    files: dict[str, bytes] = {}
    _collect(read, top.targets, files)
    ends = {"root": root.expires, "snapshot": snapshot.signed.expires, "targets": top.expires}
    for role in _delegations(top):
        delegated = _targets(read, listed, role, top)
        if delegated.delegations is not None:
            raise _refuse("directory.path", "a delegated role delegates no further", role)
        _require_paths(top, role, delegated)
        _collect(read, delegated.targets, files)
        ends[role] = delegated.expires
    if listed:
        raise _refuse("directory.path", "every role of a snapshot is delegated by targets", name)
    return VerifiedState(version, digest(data), files, ends)


def _vouching(snapshot: Metadata[Snapshot], roots: Sequence[Root], name: str) -> Root:
    for root in roots[:-1]:
        try:
            _signed_by(snapshot, root, "snapshot", name)
        except Refusal:
            continue
        return root
    _signed_by(snapshot, roots[-1], "snapshot", name)
    return roots[-1]


def _targets(
    read: Read, listed: dict[str, MetaFile], role: str, delegator: Root | Targets
) -> Targets:
    meta = listed.pop(f"{role}.json", None)
    if meta is None:
        raise _refuse("directory.mixed", "the snapshot must name the metadata of each role", role)
    name = f"{meta.version}.{role}.json"
    data = _required(read, name)
    _require_bytes(meta, data, name, "directory.mixed")
    found = _metadata(data, Targets, name)
    _signed_by(found, delegator, role, name)
    _require_version(found.signed, meta.version, name)
    return found.signed


def _delegations(top: Targets) -> list[str]:
    delegations: Delegations | None = top.delegations
    if delegations is None:
        return []
    if delegations.roles is None or not all(map(_ROLE.fullmatch, delegations.roles)):
        raise _refuse("directory.path", "delegated roles stand under plain names", "targets")
    return list(delegations.roles)


def _require_paths(top: Targets, role: str, delegated: Targets) -> None:
    delegation = top.delegations.roles[role] if top.delegations and top.delegations.roles else None
    for path in delegated.targets:
        if delegation is None or not delegation.is_delegated_path(path):
            raise _refuse("directory.path", "a role lists files below its own paths only", role)


def _collect(read: Read, listed: Mapping[str, TargetFile], files: dict[str, bytes]) -> None:
    for path, one in listed.items():
        if not _TARGET.fullmatch(path) or path in files or ".." in path:
            raise _refuse("directory.path", "each file stands once, under a plain path", "targets")
        if one.length > LARGEST_TARGET or "sha256" not in one.hashes:
            raise _refuse("directory.endless", "a file has a digest and at most 4 MiB", path)
        data = read(target_file(path, one.hashes["sha256"]))
        if data is None:
            raise _missing(path)
        try:
            one.verify_length_and_hashes(data)
        except LengthOrHashMismatchError:
            raise _refuse(
                "directory.mixed", "each file must have its listed length and digest", path
            ) from None
        files[path] = data


def _metadata(data: bytes, kind: type[_S], name: str) -> Metadata[_S]:
    if len(data) > LARGEST_METADATA:
        raise _refuse("directory.endless", "metadata stays below 2 MiB", name)
    try:
        found = Metadata[_S].from_bytes(data)
    except (DeserializationError, ValueError, RecursionError):
        raise _refuse("directory.malformed", "metadata is what the TUF format says", name) from None
    if type(found.signed) is not kind:
        raise _refuse("directory.malformed", f"this must be {kind.type} metadata", name)
    return found


def _signed_by(found: Metadata[_S], delegator: Root | Targets, role: str, name: str) -> _S:
    try:
        result = delegator.get_verification_result(role, found.signed_bytes, found.signatures)
    except (ValueError, VerificationError, SerializationError):
        raise _refuse("directory.malformed", "keys and signatures must be readable", name) from None
    # One key under two identifiers must not count twice.
    signers = {json.dumps(key.keyval, sort_keys=True) for key in result.signed.values()}
    if len(signers) < result.threshold:
        rule = f"{result.threshold} keys of the role must have signed, {len(signers)} have"
        raise _refuse("directory.threshold", rule, name)
    return found.signed


def _require_version(signed: Signed, version: int, name: str) -> None:
    if signed.version != version:
        raise _refuse("directory.mixed", "metadata has the version that it stands under", name)


def _require_bytes(meta: MetaFile | None, data: bytes, name: str, code: str) -> None:
    if meta is None:
        return
    try:
        meta.verify_length_and_hashes(data)
    except LengthOrHashMismatchError:
        rule = "metadata must have the length and digest with which it is named"
        raise _refuse(code, rule, name) from None


def _required(read: Read, name: str) -> bytes:
    data = read(f"metadata/{name}")
    if data is None:
        raise _missing(name)
    return data


def _missing(place: str) -> Refusal:
    return _refuse("trust.missing", "the directory must hold this file", place)


def _refuse(code: str, rule: str, place: str) -> Refusal:
    return Refusal(code, step="verify", rule=rule, place=place)
