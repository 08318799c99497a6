"""Log entries: canonical JSON in printable ASCII, metadata in clear, the rest committed.

evidence-log 1.1 as settled by DESIGN section 6: each event is an entry of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gateway.model.instants import read_instant
from gateway.model.refusal import Refusal
from gateway.proof.canonical import canonical_json, read_canonical

VERSION = 1
LARGEST_ENTRY = 4096
FIRST_PREV = "A" * 43 + "="
CODES = frozenset(
    {"A.1", "A.2", "B.1", "B.2", "B.3", "C.3", "C.4", "D.1", "E.1", "E.2", "X.7", "X.9", "X.10"}
)
NEGATIVE = frozenset({"A.2", "B.2", "B.3", "C.4", "E.2", "X.7"})
_ALWAYS = frozenset({"v", "log", "i", "t", "eid", "at"})
_KNOWN = _ALWAYS | {
    "x", "dir", "seq", "prev", "from", "to", "svc", "agr", "basis", "purp", "rt", "hdr", "c",
    "exp", "re", "ev", "rc", "n", "seen", "anch", "dirv",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as read: its origin, index, code, ids and time, and all its members."""

    log: str
    index: int
    code: str
    evidence_id: str
    at: str
    members: Mapping[str, Any]
    octets: bytes


def entry_bytes(
    *, log: str, index: int, code: str, evidence_id: str, at: str, members: Mapping[str, Any]
) -> bytes:
    """Write an entry. ValueError for a member or a size the format does not know.

    members: those beyond `v log i t eid at`; absent ones are left out, never null.
    """
    if code not in CODES or not members.keys() <= _KNOWN - _ALWAYS:
        raise ValueError("unknown event code or entry member")
    if code in NEGATIVE and "rc" not in members:
        raise ValueError("a negative event names its reason")
    own = {"v": VERSION, "log": log, "i": index, "t": code, "eid": evidence_id, "at": at}
    octets = canonical_json({**members, **own})
    if len(octets) > LARGEST_ENTRY or not _printable(octets):
        raise ValueError("an entry is at most 4,096 bytes of printable ASCII")
    return octets


def read_entry(octets: bytes) -> Entry:
    """Read stored bytes. Refuses `log.malformed`, and as `read_canonical`."""
    if len(octets) > LARGEST_ENTRY or not _printable(octets):
        raise _malformed("an entry is at most 4,096 bytes of printable ASCII")
    found = read_canonical(octets)
    if not isinstance(found, dict) or not found.keys() >= _ALWAYS or found.keys() - _KNOWN:
        raise _malformed("an entry has exactly the members of its version")
    if found["v"] != VERSION or found["t"] not in CODES or type(found["i"]) is not int:
        raise _malformed("the version and the event code must be known")
    if found["t"] in NEGATIVE and not isinstance(found.get("rc"), str):
        raise _malformed("a negative event names its reason")
    try:
        read_instant(found["at"])
    except (ValueError, TypeError):
        raise _malformed("the event time has three fraction digits and ends with Z") from None
    return Entry(found["log"], found["i"], found["t"], found["eid"], found["at"], found, octets)


def _printable(octets: bytes) -> bool:
    # Of ASCII, exactly 0x20 to 0x7E is printable.
    return octets.isascii() and octets.decode("ascii").isprintable()


def _malformed(rule: str) -> Refusal:
    return Refusal("log.malformed", step="verify", rule=rule, place="entry")
