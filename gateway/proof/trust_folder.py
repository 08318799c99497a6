"""What an auditor or gateway trusts: each state's pinned root, its whole directory, and a policy.

The folder: `roots/<state>.root.json` (the TUF root as it was handed over), `directory/<state>/`
with `metadata/` and `targets/` of every version ever seen, `policy.txt`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from gateway.model.refusal import Refusal
from gateway.proof.directory_files import read_files
from gateway.proof.policy import WitnessPolicy, read_policy
from gateway.proof.trust import Directory, Revocation
from gateway.proof.tuf_metadata import (
    LARGEST_TARGET,
    Read,
    RootChain,
    VerifiedState,
    digest,
    newest_state,
    read_roots,
    require_good,
    state_named,
)

ROOT_FILE = ".root.json"


@dataclass(frozen=True, slots=True)
class Past:
    """The earlier versions of one state's directory, verified when one is asked for."""

    state: str
    read: Read
    chain: RootChain
    newest: VerifiedState
    known: dict[tuple[int, str], VerifiedState] = field(default_factory=dict)

    def named(self, version: int, sha256: str) -> VerifiedState:
        """Give that snapshot; refuses as `tuf_metadata.state_named`."""
        name = (version, sha256)
        if name == (self.newest.version, self.newest.sha256):
            return self.newest
        if name not in self.known:
            self.known[name] = state_named(self.read, self.chain, version, sha256)
        return self.known[name]

    def versions(self) -> Iterator[VerifiedState]:
        """Give the newest state and every earlier one that the folder holds, newest first."""
        yield self.newest
        for version in range(self.newest.version - 1, 0, -1):
            data = self.read(f"metadata/{version}.snapshot.json")
            if data is not None:
                yield self.named(version, digest(data))


@dataclass(frozen=True, slots=True)
class Trust:
    """The newest verified directories by state, their earlier versions, and the witness policy."""

    directories: Mapping[str, Directory]
    policy: WitnessPolicy
    past: Mapping[str, Past] = field(default_factory=dict)

    def directory(self, state: str) -> Directory:
        """Give one state's newest directory. Refuses `trust.missing`."""
        found = self.directories.get(state)
        if found is None:
            raise _missing("the trust folder must hold the state's directory", state)
        return found

    def ends(self, state: str) -> datetime | None:
        """Give when the timestamp ends that names the state's newest directory."""
        past = self.past.get(state)
        return None if past is None else past.newest.ends["timestamp"]

    def as_of(self, state: str, version: int, sha256: str, *, at: datetime) -> Directory:
        """Give the directory that a header or entry names, as it stood for a decision at `at`.

        Revocations are the newest: what was revoked since counts from its instant on, for ever.
        Refuses `trust.missing`, `directory.mixed`, `directory.expired`, and as `tuf_metadata`.
        """
        newest = self.directory(state)
        past = self.past.get(state)
        if past is None and (version, sha256) == (newest.version, newest.sha256):
            return newest
        if past is None:
            raise _missing("the trust folder must hold the named version of the directory", state)
        named = past.named(version, sha256)
        require_good(named, at)
        return _with_revocations(read_state(state, named), newest)

    def every(self, state: str) -> Iterator[Directory]:
        """Give the state's newest directory and all earlier ones, newest first, as `as_of` does.

        For keys that were rotated away between two events; the way back is walked as far as asked.
        """
        newest = self.directory(state)
        yield newest
        past = self.past.get(state)
        for one in past.versions() if past else ():
            if one.version != newest.version:
                yield _with_revocations(read_state(state, one), newest)


def load_trust(folder: Path) -> Trust:
    """Read and verify the whole folder; each directory as its timestamp says, whatever its age.

    Refuses `trust.missing`, and as `tuf_metadata`.
    """
    try:
        policy = read_policy((folder / "policy.txt").read_text("utf-8"))
        pinned = {
            one.name.removesuffix(ROOT_FILE).upper(): one.read_bytes()
            for one in sorted((folder / "roots").glob(f"*{ROOT_FILE}"))
        }
    except (OSError, ValueError):
        raise _missing("the trust folder holds roots, directory and policy.txt", "") from None
    past = {state: open_past(folder, state, root) for state, root in pinned.items()}
    directories = {state: read_state(state, one.newest) for state, one in past.items()}
    if not directories:
        raise _missing("the trust folder holds at least one state's root", "roots")
    return Trust(directories, policy, past)


def open_past(folder: Path, state: str, pinned: bytes) -> Past:
    """Open a state's directory in a trust folder: root chain and newest state verified."""
    read = folder_reader(folder / "directory" / state.lower())
    chain = read_roots(read, pinned)
    return Past(state, read, chain, newest_state(read, chain))


def folder_reader(folder: Path) -> Read:
    """Read files of a repository that lies in a folder; `directory.endless` for a larger one."""

    def read(name: str) -> bytes | None:
        try:
            with (folder / name).open("rb") as file:
                data = file.read(LARGEST_TARGET + 1)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError:
            raise _missing("the directory's files must be readable", name) from None
        if len(data) > LARGEST_TARGET:
            raise Refusal(
                "directory.endless", step="verify", rule="a file has at most 4 MiB", place=name
            )
        return data

    return read


def read_state(state: str, found: VerifiedState) -> Directory:
    """Give the directory of a verified state. Refuses `directory.malformed`."""
    return read_files(state, found.version, found.sha256, found.files)


def _with_revocations(old: Directory, newest: Directory) -> Directory:
    return replace(old, revoked=_for_ever(old.revoked, newest.revoked))


def _for_ever(
    old: Mapping[str, Revocation], new: Mapping[str, Revocation]
) -> Mapping[str, Revocation]:
    return {
        name: min((one[name] for one in (old, new) if name in one), key=lambda told: told.at)
        for name in old.keys() | new.keys()
    }


def _missing(rule: str, place: str) -> Refusal:
    return Refusal("trust.missing", step="verify", rule=rule, place=place)
