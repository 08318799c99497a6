"""Publication: what is signed enough goes into the published folder, under a new timestamp.

Before anything is written, the result is read as partners will read it; one publication runs at a
time in a folder, so that a person and the gateway's own renewal never write over each other.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from securesystemslib.signer import CryptoSigner  # type: ignore[attr-defined]
from tuf.api.metadata import Metadata

from gateway.directory.draft import Draft
from gateway.directory.published import (
    METADATA,
    Published,
    is_published,
    publishing_alone,
    read_published,
    target_file,
    timestamp_name,
    write_files,
)
from gateway.directory.read_back import require_readable
from gateway.directory.repository import (
    keys_of,
    next_version,
    snapshot_of,
    timestamp_of,
)
from gateway.directory.roles import (
    DELEGATED,
    PLANS,
    ROOT,
    SNAPSHOT,
    TARGETS,
    TIMESTAMP,
    CeremonyError,
)
from gateway.directory.signing_keys import holder_of
from gateway.directory.standing import Standing, standings

_NAMED = (TARGETS, *DELEGATED)


def publish(
    draft: Draft, folder: Path, signers: Sequence[CryptoSigner], *, at: datetime
) -> list[str]:
    """Publish a draft with a new snapshot and timestamp; gives what was published, in words.

    signers: the operator's keys: snapshot, timestamp, and ops and revoked where these have not
    signed yet. CeremonyError: signatures are missing (it says whose), the draft builds on other
    than what is published, a role has ended, or partners would refuse what comes of it. Nothing
    is written then. What was cut off half-way is finished by publishing the same draft again.
    """
    with publishing_alone(folder):
        return _publish(draft, folder, signers, at)


def _publish(
    draft: Draft, folder: Path, signers: Sequence[CryptoSigner], at: datetime
) -> list[str]:
    before = read_published(folder) if is_published(folder) else None
    _require_base(draft, before)
    staged = _signed_by(draft, signers)
    _require_thresholds(draft, standings(draft))
    roles = {name: staged.get(name) or _published(before, name) for name in (ROOT, *_NAMED)}
    told = [f"{name} version {one.signed.version}" for name, one in staged.items()]
    content = _contents(draft, before, {name: roles[name] for name in _NAMED if name in staged})
    return told + _write(folder, before, roles, content, signers=signers, at=at)


def renew(folder: Path, signers: Sequence[CryptoSigner], *, at: datetime) -> list[str]:
    """Renew what is due and these keys may sign: ops, revoked, snapshot, always the timestamp
    when its time has come; gives what was renewed, in words, or an empty list.

    CeremonyError as `publish`.
    """
    with publishing_alone(folder):
        return _renew(folder, signers, at)


def _renew(folder: Path, signers: Sequence[CryptoSigner], at: datetime) -> list[str]:
    before = read_published(folder)
    roles = {name: before.role(name) for name in (ROOT, *_NAMED)}
    due = [name for name in (*DELEGATED, SNAPSHOT, TIMESTAMP) if _due(before, name, at)]
    if not due:
        return []
    told = []
    for name in (one for one in DELEGATED if one in due):
        made = next_version(before.role(name), name, at=at)
        if _sign(made, keys_of(name, root=_root(roles), targets=_targets(roles)), signers):
            roles[name] = made
            told.append(f"{name} version {made.signed.version}")
    return told + _write(folder, before, roles, {}, signers=signers, at=at)


def _write(
    folder: Path,
    before: Published | None,
    roles: Mapping[str, Metadata[Any]],
    content: Mapping[str, bytes],
    *,
    signers: Sequence[CryptoSigner],
    at: datetime,
) -> list[str]:
    for name in (ROOT, *_NAMED):
        _require_alive(name, roles[name], at)
    octets = {name: roles[name].to_bytes() for name in _NAMED}
    snapshot = _snapshot(before, roles, octets, signers, at)
    sealed = snapshot.to_bytes()
    timestamp = timestamp_of(sealed, before=before.timestamp.signed if before else None, at=at)
    _require_signed(TIMESTAMP, timestamp, roles, signers)
    files = dict(content)
    for name in _NAMED:
        files[_name(name, roles[name])] = octets[name]
    files[_name(SNAPSHOT, snapshot)] = sealed
    # The root and the timestamp come last: with either of them a follower begins to see the rest.
    files[_name(ROOT, roles[ROOT])] = roles[ROOT].to_bytes()
    files[timestamp_name()] = timestamp.to_bytes()
    require_readable(folder, files)
    write_files(folder, files)
    new = [] if before and before.snapshot.signed.version == snapshot.signed.version else [snapshot]
    told = [f"{SNAPSHOT} version {one.signed.version}" for one in new]
    return [*told, f"{TIMESTAMP} version {timestamp.signed.version}"]


def _snapshot(
    before: Published | None,
    roles: Mapping[str, Metadata[Any]],
    octets: Mapping[str, bytes],
    signers: Sequence[CryptoSigner],
    at: datetime,
) -> Metadata[Any]:
    made = snapshot_of(octets, before=before.snapshot.signed if before else None, at=at)
    if before is not None and made.signed.meta == before.snapshot.signed.meta:
        keys = keys_of(SNAPSHOT, root=_root(roles), targets=_targets(roles))
        stands = any(key.keyid in before.snapshot.signatures for key in keys)
        if stands and not _due(before, SNAPSHOT, at):
            return before.snapshot
    _require_signed(SNAPSHOT, made, roles, signers)
    return made


def _signed_by(draft: Draft, signers: Sequence[CryptoSigner]) -> dict[str, Metadata[Any]]:
    # The operator's own roles need no ceremony: their keys lie with the one who publishes.
    staged = draft.staged()
    standings(draft)
    for name in (one for one in DELEGATED if one in staged):
        keys = keys_of(name, root=draft.root(), targets=draft.targets())
        if _sign(staged[name], keys, signers):
            draft.write(name, staged[name])
    return staged


def _sign(metadata: Metadata[Any], keys: Sequence[Any], signers: Sequence[CryptoSigner]) -> bool:
    """Sign with those of the signers that may; tells whether any did."""
    names = {key.keyid for key in keys}
    mine = [one for one in signers if one.public_key.keyid in names]
    for one in mine:
        metadata.sign(one, append=True)
    return bool(mine)


def _require_signed(
    name: str,
    metadata: Metadata[Any],
    roles: Mapping[str, Metadata[Any]],
    signers: Sequence[CryptoSigner],
) -> None:
    keys = keys_of(name, root=_root(roles), targets=_targets(roles))
    if not _sign(metadata, keys, signers):
        names = ", ".join(map(holder_of, keys))
        raise CeremonyError(
            f"the key of {name} is not among those given; the root names {names}. Give the folder "
            "in which the operator's keys lie."
        )


def _require_thresholds(draft: Draft, found: Sequence[Standing]) -> None:
    short = [
        f"{one.role} version {one.version} has {len(side.signed)} of {side.threshold} signatures "
        f"({side.giver}); still {side.missing} of: {', '.join(side.unsigned)}"
        for one in found
        for side in one.sides
        if side.missing
    ]
    if short:
        raise CeremonyError(
            "; ".join(short)
            + f". Carry {draft.folder} to them: lmx directory sign. Nothing was published."
        )


def _require_base(draft: Draft, before: Published | None) -> None:
    base = draft.base()
    if (base is None) != (before is None):
        there = "stands already" if base is None else "is not there"
        raise CeremonyError(f"this draft does not fit: the directory {there}. Give another folder.")
    if base is None or before is None:
        return
    if base.roots[0] != before.roots[0]:
        raise CeremonyError("this draft is of another directory: its first root differs")
    for name, staged in draft.staged().items():
        # A root counts as soon as it stands: cut off before the timestamp, it is this draft's own.
        if before.role(name) not in (base.role(name), staged):
            raise CeremonyError(
                f"{name} was published since this draft was begun: version "
                f"{before.role(name).signed.version} stands. Begin the draft anew on it."
            )


def _require_alive(name: str, metadata: Metadata[Any], at: datetime) -> None:
    if metadata.signed.is_expired(at):
        how = {
            ROOT: "hold a root ceremony: lmx directory rotate --role root",
            TARGETS: "hold a ceremony: lmx directory rotate --role targets",
        }.get(name, f"give the keys of {name}, or stage it anew: lmx directory add")
        raise CeremonyError(
            f"{name} version {metadata.signed.version} ended on "
            f"{metadata.signed.expires:%Y-%m-%d %H:%M} UTC, and no follower would take it; {how}"
        )


def _contents(
    draft: Draft, before: Published | None, roles: Mapping[str, Metadata[Any]]
) -> dict[str, bytes]:
    old = {} if before is None else before.files()
    files = {}
    for metadata in roles.values():
        for path, one in metadata.signed.targets.items():
            digest = one.hashes["sha256"]
            if old.get(path) != digest:
                name = target_file(Path(), path, digest).as_posix()
                files[name] = draft.content(path, digest)
    return files


def _due(before: Published, name: str, at: datetime) -> bool:
    found = before.role(name)
    if at >= PLANS[name].renewal(found.signed.expires):
        return True
    # A publication cut off after a root that gives the role another key: followers refuse it now.
    keys = keys_of(name, root=before.roots[-1].signed, targets=before.targets.signed)
    return name in (SNAPSHOT, TIMESTAMP) and not any(one.keyid in found.signatures for one in keys)


def _published(before: Published | None, name: str) -> Metadata[Any]:
    if before is None:
        raise CeremonyError(f"the draft of a first version must hold {name}")
    return before.role(name)


def _name(role: str, metadata: Metadata[Any]) -> str:
    return f"{METADATA}/{metadata.signed.version}.{role}.json"


def _root(roles: Mapping[str, Metadata[Any]]) -> Any:
    return roles[ROOT].signed


def _targets(roles: Mapping[str, Metadata[Any]]) -> Any:
    return roles[TARGETS].signed
