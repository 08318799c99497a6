"""Follow one state's directory over HTTP into a trust folder, with python-tuf's own client.

The client does what the TUF specification 5.3 to 5.6 says; its cache lies in `follow/<state>/`.
What it accepted is verified a second time by the offline reader, then added to
`directory/<state>/`, where every version stays for ever. `timestamp.json` is replaced last, by
rename: it is the switch.
"""

import fcntl
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tuf.api import exceptions
from tuf.api.metadata import Metadata, Targets  # type: ignore[attr-defined]
from tuf.ngclient.config import UpdaterConfig
from tuf.ngclient.updater import Updater

from gateway.directory.failure import refusal_of
from gateway.directory.fetch import BoundedFetcher
from gateway.directory.trust_files import changed, replace_file
from gateway.model.refusal import Refusal
from gateway.proof.trust_folder import folder_reader, read_state
from gateway.proof.tuf_metadata import (
    LARGEST_METADATA,
    LARGEST_TARGET,
    Read,
    RootChain,
    VerifiedState,
    digest,
    newest_state,
    read_roots,
    state_named,
)

MOST_BEHIND = 64
_TIMESTAMP = "metadata/timestamp.json"
_ROLE = re.compile(r"[a-z][a-z0-9-]{0,31}")
_LIMITS = UpdaterConfig(
    max_root_rotations=64,
    max_delegations=8,
    root_max_length=128 * 1024,
    timestamp_max_length=16 * 1024,
    snapshot_max_length=256 * 1024,
    targets_max_length=LARGEST_METADATA,
)


@dataclass(frozen=True, slots=True)
class Source:
    """One state's directory: alpha-2, the base URL of `metadata/` and `targets/`, trust folder."""

    state: str
    url: str
    trust: Path

    @property
    def pinned(self) -> Path:
        """Give the file of the pinned root."""
        return self.trust / "roots" / f"{self.state.lower()}.root.json"

    @property
    def cache(self) -> Path:
        """Give the client's own folder."""
        return self.trust / "follow" / self.state.lower()

    @property
    def folder(self) -> Path:
        """Give the folder that keeps every version."""
        return self.trust / "directory" / self.state.lower()


def follow(source: Source, fetcher: BoundedFetcher) -> VerifiedState:
    """Bring the trust folder up to what the state publishes now; gives the newest state.

    Refuses `directory.*` with what was wrong and changes nothing then.
    """
    with _alone(source):
        pinned = source.pinned.read_bytes()
        kept = folder_reader(source.folder)
        before = _known(kept, pinned)
        fresh = _fetched(source, fetcher, pinned, kept)

        def read(name: str) -> bytes | None:
            return fresh.get(name) or kept(name)

        chain = read_roots(read, pinned)
        found = newest_state(read, chain)
        if before is not None:
            _require_forward(source.state, before, found)
        _add(source.folder, fresh, kept)
        if before is None or (before.version, before.stamped) != (found.version, found.stamped):
            changed(source.trust)
        _fill(source, fetcher, chain, before.version if before else 0, found.version)
        return found


@contextmanager
def _alone(source: Source) -> Iterator[None]:
    # The client's cache is for one process at a time: the worker, or a command beside it.
    source.cache.mkdir(parents=True, exist_ok=True)
    with (source.cache.parent / f"{source.state.lower()}.lock").open("a+b") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _known(kept: Read, pinned: bytes) -> VerifiedState | None:
    if kept(_TIMESTAMP) is None:
        return None
    try:
        return newest_state(kept, read_roots(kept, pinned))
    except Refusal:
        # Cut off between a new root and its timestamp: the client's cache still lets nothing fall.
        return None


def _fetched(
    source: Source, fetcher: BoundedFetcher, pinned: bytes, kept: Read
) -> dict[str, bytes]:
    """Run the client; gives what the trust folder lacks or has otherwise, by path, switch last."""
    _seed(source, kept)
    url = source.url.rstrip("/")
    try:
        client = Updater(
            metadata_dir=str(source.cache),
            metadata_base_url=f"{url}/metadata/",
            target_base_url=f"{url}/targets/",
            fetcher=fetcher,
            config=_LIMITS,
            bootstrap=pinned,
        )
        client.refresh()
        fresh = _targets(client, source, kept)
    except (exceptions.RepositoryError, exceptions.DownloadError) as error:
        raise refusal_of(error, fetcher.last, fetcher.served) from None
    stamp = (source.cache / "timestamp.json").read_bytes()
    if fetcher.timestamp != stamp:
        # The client passes over a timestamp whose number it knows.
        raise _reused("timestamp.json")
    for role in ("targets", *_roles(source)):
        data = (source.cache / f"{role}.json").read_bytes()
        version = Metadata[Targets].from_bytes(data).signed.version
        fresh[f"metadata/{version}.{role}.json"] = data
    snapshot = (source.cache / "snapshot.json").read_bytes()
    version = Metadata[Targets].from_bytes(snapshot).signed.version
    fresh[f"metadata/{version}.snapshot.json"] = snapshot
    # A root that changes keys leaves the old timestamp unsigned: both are written last.
    for file in sorted((source.cache / "root_history").glob("*.root.json")):
        fresh[f"metadata/{file.name}"] = file.read_bytes()
    fresh[_TIMESTAMP] = stamp
    return {name: data for name, data in fresh.items() if kept(name) != data}


def _seed(source: Source, kept: Read) -> None:
    """Give a client without memory that of the trust folder, so that no version can fall."""
    if (source.cache / "timestamp.json").exists() or kept(_TIMESTAMP) is None:
        return
    state = newest_state(kept, read_roots(kept, source.pinned.read_bytes()))
    names = {"timestamp": "timestamp.json", "snapshot": f"{state.version}.snapshot.json"}
    for role, name in names.items():
        data = kept(f"metadata/{name}")
        if data is not None:
            replace_file(source.cache / f"{role}.json", data)


def _roles(source: Source) -> list[str]:
    data = (source.cache / "targets.json").read_bytes()
    delegations = Metadata[Targets].from_bytes(data).signed.delegations
    roles = list(delegations.roles) if delegations and delegations.roles else []
    for role in roles:
        if not _ROLE.fullmatch(role):
            raise Refusal(
                "directory.path", step="follow", rule="a role has a plain name", place="targets"
            )
    return roles


def _patterns(top: Targets, role: str) -> list[str]:
    roles = top.delegations.roles if top.delegations else None
    return (roles[role].paths if roles else None) or []


def _targets(client: Updater, source: Source, kept: Read) -> dict[str, bytes]:
    """Have the client load each delegated role, and fetch each listed file that is not kept."""
    found: dict[str, bytes] = {}
    top = Metadata[Targets].from_bytes((source.cache / "targets.json").read_bytes()).signed
    paths = [*top.targets]
    for role in _roles(source):
        # The client loads a delegated role when it is asked for a path of it.
        delegated = (
            top.delegations.roles[role] if top.delegations and top.delegations.roles else None
        )
        for pattern in (delegated.paths if delegated else None) or ():
            client.get_targetinfo(pattern.replace("*", "-"))
        data = (source.cache / f"{role}.json").read_bytes()
        paths += Metadata[Targets].from_bytes(data).signed.targets
    for path in paths:
        info = client.get_targetinfo(path)
        if info is None or "sha256" not in info.hashes or info.length > LARGEST_TARGET:
            # Another role's path, or a file without bound: the offline reader says which.
            continue
        folder, slash, name = path.rpartition("/")
        place = f"targets/{folder}{slash}{info.hashes['sha256']}.{name}"
        if kept(place) is None:
            file = source.cache / "download"
            client.download_target(info, filepath=str(file))
            found[place] = file.read_bytes()
            file.unlink()
    return found


def _require_forward(state: str, before: VerifiedState, found: VerifiedState) -> None:
    if (found.version, found.stamped) < (before.version, before.stamped):
        raise Refusal(
            "directory.rollback",
            step="follow",
            rule="a directory's version only rises",
            place=state,
        )
    old, new = read_state(state, before), read_state(state, found)
    if old.revoked.keys() - new.revoked.keys():
        raise Refusal(
            "directory.rollback",
            step="follow",
            rule="a revocation is for ever; its notice must stay in the directory",
            place=state,
        )


def _add(folder: Path, fresh: dict[str, bytes], kept: Read) -> None:
    for name in fresh:
        if name != _TIMESTAMP and kept(name) is not None:
            raise _reused(name)
    for name, data in fresh.items():
        replace_file(folder / name, data)


def _fill(
    source: Source, fetcher: BoundedFetcher, chain: RootChain, known: int, newest: int
) -> None:
    """Fetch the versions between the last known one and the newest, which headers may name.

    What the server no longer has, or serves wrong, stays a gap: it is not needed to go on.
    """
    kept = folder_reader(source.folder)
    for version in range(newest - 1, max(known, newest - 1 - MOST_BEHIND), -1):
        fresh: dict[str, bytes] = {}

        def read(name: str, fresh: dict[str, bytes] = fresh) -> bytes | None:
            data = kept(name)
            if data is None:
                largest = LARGEST_TARGET if name.startswith("targets/") else LARGEST_METADATA
                data = fetcher.download_bytes(f"{source.url.rstrip('/')}/{name}", largest)
                fresh[name] = data
            return data

        try:
            data = read(f"metadata/{version}.snapshot.json")
            state_named(read, chain, version, digest(data or b""))
        except (Refusal, exceptions.DownloadError):
            continue
        for name in reversed(fresh):
            replace_file(source.folder / name, fresh[name])


def _reused(name: str) -> Refusal:
    return Refusal(
        "directory.version-reused",
        step="follow",
        rule="a version is published once; the same number came with other bytes",
        place=name,
    )
