"""The header: what is sealed. No names, numbers or contents; its ids are random (DESIGN 3)."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gateway.model.instants import read_instant
from gateway.model.party import Direction, read_direction, state_of_authority
from gateway.model.refusal import Refusal
from gateway.proof.canonical import canonical_json, read_canonical

VERSION = 1
ACTIONS = frozenset(
    {
        "create", "update", "correct", "cancel", "invalidate", "request", "answer", "remind",
        "forward", "dispute",
    }
)  # fmt: skip
_TEXTS = (
    "exchangeId", "corridor", "direction", "action", "recordType", "recordId", "from", "to",
    "submitter", "purpose", "createdAt",
)  # fmt: skip
_INTEGERS = ("version", "schemaVersion", "recordVersion", "sensitivity", "retentionDays")
_OBJECTS: dict[str, dict[str, type]] = {
    "agreement": {"id": str, "version": int, "sha256": str},
    "expires": {"relay": str, "handover": str},
    "source": {"layout": str, "adapterVersion": str},
    "previous": {"exchangeId": str, "headerSha256": str},
}
_NAMED: dict[str, type] = {"state": str, "snapshotVersion": int, "sha256": str}
_REQUIRED = {
    *_TEXTS, *_INTEGERS, "agreement", "expires", "source", "legalBasis", "commitments",
    "directory", "test",
}  # fmt: skip
_OPTIONAL = {
    "previous", "caseId", "inReplyTo", "consentRef", "transferBasis", "noticeDue", "historical",
    "withheld",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Header:
    """A header as read from its octets: a view; the octets are what counts."""

    exchange_id: str
    direction: Direction
    sender: str
    recipient: str
    record_type: str
    purpose: str
    commitments: Mapping[str, str]
    members: Mapping[str, Any]
    octets: bytes

    @property
    def sha256(self) -> bytes:
        """Give `hdr`: the digest of the octets."""
        return hashlib.sha256(self.octets).digest()

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


def _judged(found: Any, octets: bytes) -> Header:
    if not isinstance(found, dict) or not found.keys() >= _REQUIRED:
        raise _malformed("the header has all mandatory members")
    if found.keys() - _REQUIRED - _OPTIONAL:
        raise _malformed("the header has only the members of its version")
    _require_kinds(found)
    direction = _require_parties(found)
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
    )


def _require_kinds(found: dict[str, Any]) -> None:
    good = all(isinstance(found[name], str) for name in _TEXTS)
    good = good and all(type(found[name]) is int for name in _INTEGERS)
    good = good and type(found["test"]) is bool and found["version"] == VERSION
    good = good and found["action"] in ACTIONS and found["sensitivity"] in range(4)
    for name, shape in _OBJECTS.items():
        value = found.get(name)
        if value is None and name in _OPTIONAL:
            continue
        good = good and isinstance(value, dict) and _has_shape(value, shape)
    texts = found["commitments"]
    good = good and isinstance(texts, dict) and all(isinstance(one, str) for one in texts.values())
    directories = found["directory"]
    good = good and isinstance(directories, list)
    good = good and all(isinstance(one, dict) and _has_shape(one, _NAMED) for one in directories)
    good = good and _texts(found["legalBasis"]) and _texts(found.get("withheld", ["-"]))
    if not good:
        raise _malformed("each member is of its kind and range")
    try:
        for instant in (found["createdAt"], *found["expires"].values()):
            read_instant(instant)
    except ValueError:
        raise _malformed("instants have three fraction digits and end with Z") from None


def _has_shape(value: dict[str, Any], shape: dict[str, type]) -> bool:
    return value.keys() == shape.keys() and all(
        type(value[one]) is kind for one, kind in shape.items()
    )


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
    return isinstance(value, list) and bool(value) and all(isinstance(one, str) for one in value)


def _malformed(rule: str) -> Refusal:
    return Refusal("header.malformed", step="verify", rule=rule, place="header")
