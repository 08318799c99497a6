"""Which directories this gateway knew at an instant, by what its home log says of them (X.10)."""

from collections.abc import Mapping
from datetime import datetime

from gateway.model.instants import read_instant
from gateway.model.refusal import Refusal
from gateway.proof.entry import read_entry
from gateway.proof.trust import Directory
from gateway.proof.trust_folder import Trust
from gateway.store.connection import Store
from gateway.store.log_rows import entries, size_of

_AT_ONCE = 1024
_MARK = b'"X.10"'


def directories_at(
    store: Store, home: str, trust: Trust, at: datetime
) -> Mapping[str, Directory | None]:
    """Give each state's directory as this gateway knew it at `at`, None before it knew one.

    home: origin of the home log. A state of which the log says nothing was never followed by a
    running gateway: its newest directory is given. One that had ended by then counts as none.
    Refuses as `Trust.as_of` for a version that the trust folder lacks.
    """
    found: dict[str, Directory | None] = dict(trust.directories)
    for state, changes in _changes(store, home).items():
        if state in found:
            known = [(version, sha256) for since, version, sha256 in changes if since <= at]
            found[state] = _good(trust, state, known[-1], at) if known else None
    return found


def _good(trust: Trust, state: str, named: tuple[int, str], at: datetime) -> Directory | None:
    try:
        return trust.as_of(state, *named, at=at)
    except Refusal as refusal:
        if refusal.code != "directory.expired":
            raise
        return None


def _changes(store: Store, home: str) -> Mapping[str, list[tuple[datetime, int, str]]]:
    found: dict[str, list[tuple[datetime, int, str]]] = {}
    with store.read() as turn:
        for start in range(0, size_of(turn, home), _AT_ONCE):
            for octets in entries(turn, home, start, start + _AT_ONCE):
                # Most entries are refused submissions: only the others are read whole.
                if _MARK not in octets:
                    continue
                entry = read_entry(octets)
                for state, (version, sha256) in entry.members.get("dirv", {}).items():
                    since = read_instant(entry.at)
                    found.setdefault(state, []).append((since, int(version), str(sha256)))
    return found
