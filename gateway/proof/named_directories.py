"""The directories that a sealed header or a logged entry names, as they stood for that decision.

A header lists `directory: [{state, snapshotVersion, sha256}]`, an entry `dirv: {state: [version,
sha256]}` (evidence-log 1.1). Judged years later, keys and agreements are those of these versions,
revocations the newest.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from gateway.model.instants import read_instant
from gateway.model.refusal import Refusal
from gateway.proof.entry import Entry
from gateway.proof.header import Header
from gateway.proof.trust import Directory, ListedLog
from gateway.proof.trust_folder import Trust


def directory_of_header(trust: Trust, header: Header, state: str) -> Directory:
    """Give the state's directory that the header names, good when the header was made.

    Refuses `directory.mixed` when the header names none of that state, and as `Trust.as_of`.
    """
    named = {
        one["state"]: [one["snapshotVersion"], one["sha256"]] for one in header.members["directory"]
    }
    return _as_of(trust, named, state, read_instant(header.members["createdAt"]))


def directory_of_entry(trust: Trust, entry: Entry, header: Header, state: str) -> Directory:
    """Give the state's directory that the entry names, else the header's; refuses as the header."""
    named = entry.members.get("dirv")
    if not isinstance(named, dict):
        return directory_of_header(trust, header, state)
    return _as_of(trust, named, state, read_instant(entry.at))


def log_keys_of(trust: Trust, state: str, origin: str) -> Iterator[ListedLog]:
    """Give each key that the state ever listed for that log, as last listed, the newest first.

    A bundle carries the checkpoint of the day it was exported, and the log's key may have been
    rotated before and after that day.
    """
    given = set()
    for directory in trust.every(state):
        for one in directory.logs:
            if one.vkey.name == origin and one.vkey not in given:
                given.add(one.vkey)
                yield one


def _as_of(trust: Trust, named: Mapping[str, Any], state: str, at: datetime) -> Directory:
    match named.get(state):
        case [int(version), str(sha256)]:
            return trust.as_of(state, version, sha256, at=at)
        case _:
            raise Refusal(
                "directory.mixed",
                step="verify",
                rule="the directory of each state must be named with version and digest",
                place=state,
            )
