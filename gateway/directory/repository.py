"""The metadata of one state's directory, made and counted on by python-tuf (evidence-log 8).

Pure: metadata in, metadata out; nothing here reads a clock or a file, or holds a private key.
"""

import copy
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from securesystemslib.signer import Key  # type: ignore[attr-defined]
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

from gateway.directory.roles import (
    DELEGATED,
    OPS,
    PLANS,
    REVOKED,
    ROOT,
    SNAPSHOT,
    TARGETS,
    TIMESTAMP,
    CeremonyError,
)

HASHES = ["sha256"]
IN_ROOT = (ROOT, TARGETS, SNAPSHOT, TIMESTAMP)


def first_metadata(keys: Mapping[str, Sequence[Key]], *, at: datetime) -> dict[str, Metadata[Any]]:
    """Give root, targets, ops and revoked, version 1, unsigned.

    keys: public keys by role, as many as the plan of the role says. CeremonyError otherwise.
    """
    require_plan(keys)
    root = Root(
        expires=_end(ROOT, at),
        roles={
            one: Role([key.keyid for key in keys[one]], PLANS[one].threshold) for one in IN_ROOT
        },
        keys={key.keyid: key for one in IN_ROOT for key in keys[one]},
        consistent_snapshot=True,
    )
    roles = {
        one: DelegatedRole(
            one,
            [key.keyid for key in keys[one]],
            PLANS[one].threshold,
            terminating=True,
            paths=list(PLANS[one].paths),
        )
        for one in DELEGATED
    }
    delegations = Delegations({key.keyid: key for one in DELEGATED for key in keys[one]}, roles)
    return {
        ROOT: Metadata(root),
        TARGETS: Metadata(Targets(expires=_end(TARGETS, at), delegations=delegations)),
        **{one: Metadata(Targets(expires=_end(one, at))) for one in DELEGATED},
    }


def require_plan(keys: Mapping[str, Sequence[Key]]) -> None:
    """Require as many keys a role as its plan, and each key for one role only."""
    for name, plan in PLANS.items():
        if len(keys.get(name, ())) != plan.keys:
            raise CeremonyError(
                f"the role {name} has {plan.keys} keys ({plan.threshold} sign); "
                f"{len(keys.get(name, ()))} were given"
            )
    names = [key.keyid for given in keys.values() for key in given]
    if len(set(names)) != len(names):
        raise CeremonyError(
            "one key was given twice; each role and each holder has a key of its own"
        )


def next_version(metadata: Metadata[Any], role: str, *, at: datetime) -> Metadata[Any]:
    """Give the same content one version on, with a new end and no signature."""
    signed = copy.deepcopy(metadata.signed)
    signed.version += 1
    signed.expires = _end(role, at)
    return Metadata(signed)


def with_file(metadata: Metadata[Targets], path: str, data: bytes) -> Metadata[Targets]:
    """Add or replace a target file in unsigned metadata."""
    made = Metadata(copy.deepcopy(metadata.signed))
    made.signed.targets[path] = TargetFile.from_data(path, data, HASHES)
    return made


def without_file(metadata: Metadata[Targets], path: str) -> Metadata[Targets]:
    """Take a target file out of unsigned metadata. CeremonyError when it is not listed."""
    made = Metadata(copy.deepcopy(metadata.signed))
    if made.signed.targets.pop(path, None) is None:
        raise CeremonyError(f"{path} is not listed in the directory; nothing to remove")
    return made


def snapshot_of(
    roles: Mapping[str, bytes], *, before: Snapshot | None, at: datetime
) -> Metadata[Snapshot]:
    """Name the versions, lengths and digests of targets, ops and revoked; unsigned.

    roles: the bytes of each as published. before: the snapshot that stood until now.
    """
    listed = {
        f"{one}.json": MetaFile.from_data(version_of(roles[one]), roles[one], HASHES)
        for one in (TARGETS, OPS, REVOKED)
    }
    version = 1 if before is None else before.version + 1
    return Metadata(Snapshot(version=version, expires=_end(SNAPSHOT, at), meta=listed))


def timestamp_of(snapshot: bytes, *, before: Timestamp | None, at: datetime) -> Metadata[Timestamp]:
    """Name the snapshot in force with its length and digest; unsigned."""
    meta = MetaFile.from_data(version_of(snapshot), snapshot, HASHES)
    version = 1 if before is None else before.version + 1
    return Metadata(Timestamp(version=version, expires=_end(TIMESTAMP, at), snapshot_meta=meta))


def version_of(data: bytes) -> int:
    """Give the version that metadata bytes carry."""
    return int(Metadata[Any].from_bytes(data).signed.version)


def keys_of(role: str, *, root: Root, targets: Targets) -> list[Key]:
    """Give the keys that may sign a role, in the order in which they are listed."""
    giver: Root | Targets = targets if role in DELEGATED else root
    return [giver.get_key(one) for one in giver.get_delegated_role(role).keyids]


def _end(role: str, at: datetime) -> datetime:
    return at.replace(microsecond=0) + PLANS[role].lifetime
