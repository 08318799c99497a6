"""Whose signatures a staged role has, whose it lacks, and what changes by it, in words."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from securesystemslib.signer import Key  # type: ignore[attr-defined]
from tuf.api.metadata import Metadata, Root, Targets, VerificationResult  # type: ignore[attr-defined]

from gateway.directory.draft import Draft
from gateway.directory.published import Published
from gateway.directory.repository import IN_ROOT
from gateway.directory.roles import DELEGATED, ROOT, STAGED, TARGETS, CeremonyError
from gateway.directory.signing_keys import holder_of


@dataclass(frozen=True, slots=True)
class Side:
    """One threshold that must be met: of the role itself, or of the root before it."""

    giver: str
    threshold: int
    signed: tuple[str, ...]
    unsigned: tuple[str, ...]

    @property
    def missing(self) -> int:
        """Give how many signatures are missing."""
        return max(0, self.threshold - len(self.signed))


@dataclass(frozen=True, slots=True)
class Standing:
    """A staged role: its version and end, and each threshold that it must meet."""

    role: str
    version: int
    expires: datetime
    sides: tuple[Side, ...]

    @property
    def missing(self) -> int:
        """Give the largest number of signatures missing on any side."""
        return max(one.missing for one in self.sides)


def standings(draft: Draft) -> list[Standing]:
    """Judge every staged role of a draft.

    CeremonyError: nothing is staged, a version is not the next, or a signature is not over what
    lies there now (the draft was changed after it was signed).
    """
    staged, base = draft.staged(), draft.base()
    if not staged:
        raise CeremonyError(f"{draft.folder}: nothing is staged there; see lmx directory add")
    if base is None and set(staged) != set(STAGED):
        raise CeremonyError(f"{draft.folder}: a first version has root, targets, ops and revoked")
    found = []
    for name, metadata in staged.items():
        _require_next(name, metadata, base)
        sides = []
        for giver, result in _results(name, metadata, draft, base):
            _require_unchanged(name, metadata, result)
            sides.append(
                Side(giver, result.threshold, _names(result.signed), _names(result.unsigned))
            )
        signed = metadata.signed
        found.append(Standing(name, signed.version, signed.expires, tuple(sides)))
    return found


def signers_of(draft: Draft, role: str) -> dict[str, Key]:
    """Give the keys that may sign a staged role, by id: for a root, those of either root."""
    metadata = draft.staged()[role]
    keys: dict[str, Key] = {}
    for _, result in _results(role, metadata, draft, draft.base()):
        keys |= result.signed | result.unsigned
    return keys


def changes(draft: Draft, role: str) -> list[str]:
    """Say what the staged version of a role changes, one sentence a change."""
    base = draft.base()
    before: Any = None if base is None else base.role(role).signed
    after = draft.staged()[role].signed
    told = list(_files(draft, before, after)) if role != ROOT else []
    told += list(_keys(role, before, after))
    if not told:
        told = ["nothing but the version and the end: it is renewed as it is"]
    return told


def _files(draft: Draft, before: Targets | None, after: Targets) -> Iterator[str]:
    old = {} if before is None else before.targets
    for path in sorted(old.keys() | after.targets.keys()):
        if path not in after.targets:
            yield f"removed: {path}"
            continue
        digest = after.targets[path].hashes["sha256"]
        if path in old and old[path].hashes["sha256"] == digest:
            continue
        size = len(draft.content(path, digest))
        word = "changed" if path in old else "added"
        yield f"{word}: {path} ({size} bytes, SHA-256 {digest})"


def _keys(role: str, before: Root | Targets | None, after: Root | Targets) -> Iterator[str]:
    givers = {ROOT: IN_ROOT, TARGETS: DELEGATED}.get(role, ())
    for name in givers:
        new = {key.keyid: key for key in _listed(after, name)}
        threshold = after.get_delegated_role(name).threshold
        if before is None:
            yield f"keys of {name}: {threshold} of {', '.join(_names(new))}"
            continue
        old = {key.keyid: key for key in _listed(before, name)}
        for one in _only(old, new):
            yield f"key taken away from {name}: {holder_of(one)} ({one.keyid[:16]})"
        for one in _only(new, old):
            yield f"key given to {name}: {holder_of(one)} ({one.keyid[:16]})"
        if before.get_delegated_role(name).threshold != threshold:
            yield f"signatures needed for {name}: {threshold}"


def _results(
    role: str, metadata: Metadata[Any], draft: Draft, base: Published | None
) -> list[tuple[str, VerificationResult]]:
    payload, signatures = metadata.signed_bytes, metadata.signatures
    if role != ROOT:
        giver: Root | Targets = draft.targets() if role in DELEGATED else draft.root()
        return [(role, giver.get_verification_result(role, payload, signatures))]
    new: Root = metadata.signed
    if base is None:
        return [(ROOT, new.get_verification_result(ROOT, payload, signatures))]
    old = base.roots[-1].signed
    both = new.get_root_verification_result(old, payload, signatures)
    return [(f"{ROOT} {old.version}", both.first), (f"{ROOT} {new.version}", both.second)]


def _require_next(name: str, metadata: Metadata[Any], base: Published | None) -> None:
    wanted = 1 if base is None else base.role(name).signed.version + 1
    if metadata.signed.version != wanted:
        raise CeremonyError(
            f"{name} of this draft is version {metadata.signed.version}; the next version is "
            f"{wanted}. Begin the draft anew on what is published."
        )


def _require_unchanged(name: str, metadata: Metadata[Any], result: VerificationResult) -> None:
    wrong = [key for one, key in result.unsigned.items() if one in metadata.signatures]
    if wrong:
        raise CeremonyError(
            f"{name} of this draft was changed after {', '.join(map(holder_of, wrong))} signed it. "
            "Do not sign; find out who changed it and copy the draft anew from the machine that "
            "staged it."
        )


def _listed(giver: Root | Targets, role: str) -> list[Key]:
    return [giver.get_key(one) for one in giver.get_delegated_role(role).keyids]


def _only(these: dict[str, Key], those: dict[str, Key]) -> Iterable[Key]:
    return [key for name, key in these.items() if name not in those]


def _names(keys: dict[str, Key]) -> tuple[str, ...]:
    return tuple(sorted(holder_of(one) for one in keys.values()))
