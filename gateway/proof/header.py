"""The header: what is sealed. No names, numbers or contents; its ids are random (DESIGN 3)."""

import hashlib
from base64 import b64encode
from collections.abc import Mapping
from operator import itemgetter
from typing import Any, NamedTuple

from gateway.model.instants import read_instant
from gateway.model.party import Direction, read_direction, state_of_authority
from gateway.model.refusal import Refusal
from gateway.proof.canonical import canonical_json, read_canonical, read_stored

VERSION = 1
ACTIONS = frozenset(
    {
        "create", "update", "correct", "cancel", "invalidate", "request", "answer", "remind",
        "forward", "dispute",
    }
)  # fmt: skip
# Members that each header has, and of what kind; kinds are exact, so that `true` is no number.
_KINDS: dict[str, type] = {
    **dict.fromkeys(
        (
            "exchangeId", "corridor", "direction", "action", "recordType", "recordId", "from", "to",
            "submitter", "purpose", "createdAt",
        ),
        str,
    ),
    **dict.fromkeys(
        ("version", "schemaVersion", "recordVersion", "sensitivity", "retentionDays"), int
    ),
    **dict.fromkeys(("agreement", "expires", "source", "commitments"), dict),
    "legalBasis": list,
    "directory": list,
    "test": bool,
}  # fmt: skip
_OPTIONAL = {
    "previous", "caseId", "inReplyTo", "consentRef", "transferBasis", "noticeDue", "historical",
    "withheld",
}  # fmt: skip
_ALL = _KINDS.keys() | _OPTIONAL
_TEXT = frozenset({str})


class _Shape:
    """An object of exactly these members, each of its kind."""

    def __init__(self, **kinds: type) -> None:
        self.names, self.kinds = kinds.keys(), tuple(kinds.values())
        self.members = itemgetter(*kinds)

    def fits(self, value: Any) -> bool:
        """Tell whether a value is one."""
        return (
            type(value) is dict
            and value.keys() == self.names
            and tuple(map(type, self.members(value))) == self.kinds
        )


_MEMBERS, _MEMBER_KINDS = itemgetter(*_KINDS), tuple(_KINDS.values())
_AGREEMENT = _Shape(id=str, version=int, sha256=str)
_EXPIRES = _Shape(relay=str, handover=str)
_SOURCE = _Shape(layout=str, adapterVersion=str)
_PREVIOUS = _Shape(exchangeId=str, headerSha256=str)
_DIRECTORY = _Shape(state=str, snapshotVersion=int, sha256=str)


class Header(NamedTuple):
    """A header as read from its octets: a view; the octets are what counts.

    hdr: SHA-256 of the octets in base64, as the formats write it.
    """

    exchange_id: str
    direction: Direction
    sender: str
    recipient: str
    record_type: str
    purpose: str
    commitments: Mapping[str, str]
    members: Mapping[str, Any]
    octets: bytes
    hdr: str

    @property
    def chain(self) -> str:
        """Give what must arrive in order: the case, or without one the versions of the record."""
        return str(self.members.get("caseId") or self.members["recordId"])


def header_bytes(members: Mapping[str, Any]) -> bytes:
    """Write the canonical octets. Refuses `header.malformed` for members no reader would take."""
    return write_header(members).octets


def write_header(members: Mapping[str, Any]) -> Header:
    """Write a header, judged as its reader will. Refuses `header.malformed`."""
    own = dict(members)
    try:
        octets = canonical_json(own)
    except (TypeError, ValueError):
        raise _malformed("the header holds texts, integers, Booleans, lists, objects") from None
    return _judged(own, octets)


def read_header(octets: bytes) -> Header:
    """Read canonical octets. Refuses `header.malformed`, and as `read_canonical`."""
    return _judged(read_canonical(octets), octets)


def stored_header(octets: bytes) -> Header:
    """Read octets that `read_header` or `write_header` judged before they were stored.

    What they say is bound by the seal and by each receipt's digest of them, not by this reading.
    """
    found = read_stored(octets)
    return _header(found, read_direction(found["direction"]), octets)


def _judged(found: Any, octets: bytes) -> Header:
    if type(found) is not dict or not found.keys() >= _KINDS.keys():
        raise _malformed("the header has all mandatory members")
    if not found.keys() <= _ALL:
        raise _malformed("the header has only the members of its version")
    _require_kinds(found)
    return _header(found, _require_parties(found), octets)


def _header(found: dict[str, Any], direction: Direction, octets: bytes) -> Header:
    return Header(
        found["exchangeId"],
        direction,
        found["from"],
        found["to"],
        found["recordType"],
        found["purpose"],
        found["commitments"],
        found,
        octets,
        b64encode(hashlib.sha256(octets).digest()).decode("ascii"),
    )


def _require_kinds(found: dict[str, Any]) -> None:
    good = tuple(map(type, _MEMBERS(found))) == _MEMBER_KINDS
    good = good and found["version"] == VERSION and 0 <= found["sensitivity"] < 4
    good = good and found["action"] in ACTIONS and type(found.get("historical", False)) is bool
    good = good and _AGREEMENT.fits(found["agreement"]) and _EXPIRES.fits(found["expires"])
    good = good and _SOURCE.fits(found["source"])
    good = good and ("previous" not in found or _PREVIOUS.fits(found["previous"]))
    good = good and _TEXT.issuperset(map(type, found["commitments"].values()))
    good = good and all(map(_DIRECTORY.fits, found["directory"]))
    if not good or not _texts(found["legalBasis"]) or not _texts(found.get("withheld", ["-"])):
        raise _malformed("each member is of its kind and range")
    try:
        for instant in (found["createdAt"], *found["expires"].values()):
            read_instant(instant)
    except ValueError:
        raise _malformed("instants have three fraction digits and end with Z") from None


def _require_parties(found: dict[str, Any]) -> Direction:
    try:
        direction = read_direction(found["direction"])
        states = state_of_authority(found["from"]), state_of_authority(found["to"])
    except ValueError:
        raise _malformed("direction and authorities are written as the glossary says") from None
    if found["corridor"] != direction.corridor:
        raise _malformed("the corridor is that of the direction")
    if states != (direction.origin, direction.destination):
        raise _malformed("the authorities are those of the direction's states")
    return direction


def _texts(value: Any) -> bool:
    return type(value) is list and bool(value) and _TEXT.issuperset(map(type, value))


def _malformed(rule: str) -> Refusal:
    return Refusal("header.malformed", step="verify", rule=rule, place="header")
