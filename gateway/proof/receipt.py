"""Receipts: what a gateway signs after its events are in its log (evidence-log 3.2).

A receipt holds `events`, one or several of one commit, each with its log, index and leaf hash.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from gateway.model.refusal import Refusal
from gateway.proof.canonical import canonical_json, read_canonical
from gateway.proof.json_signature import VerifiedJws

_MEMBERS = {"issuer", "sender", "recipient", "x", "dir", "hdr", "c", "events"}
_OPTIONAL = {"seq", "exp", "agr", "re", "submission", "seen"}
_EVENT = {"code", "eid", "at", "log", "i", "leaf"}


class ReceiptEvent(NamedTuple):
    """One event of a receipt: code, evidence id, time, and its place in the issuer's log."""

    code: str
    evidence_id: str
    at: str
    log: str
    leaf_index: int
    leaf: str
    reasons: tuple[str, ...] = ()


class Receipt(NamedTuple):
    """A verified receipt: its events and all its members."""

    events: tuple[ReceiptEvent, ...]
    members: Mapping[str, Any]
    signed_by: VerifiedJws


def receipt_payload(members: Mapping[str, Any], events: Sequence[ReceiptEvent]) -> bytes:
    """Write the payload to be signed. ValueError without events or with unknown members."""
    if not events or not members.keys() <= (_MEMBERS | _OPTIONAL) - {"events"}:
        raise ValueError("a receipt has events and known members")
    return canonical_json({**members, "events": [_write(one) for one in events]})


def read_receipt(verified: VerifiedJws) -> Receipt:
    """Read a verified receipt. Refuses `receipt.wrong`, and as `read_canonical`."""
    found = read_canonical(verified.payload)
    if not isinstance(found, dict) or not found.keys() >= {"issuer", "events"}:
        raise _wrong("a receipt names its issuer and its events")
    if found.keys() - _MEMBERS - _OPTIONAL:
        raise _wrong("a receipt has only the members of its version")
    events = found["events"]
    if not isinstance(events, list) or not events:
        raise _wrong("a receipt has at least one event")
    return Receipt(tuple(_read(one) for one in events), found, verified)


def _write(event: ReceiptEvent) -> dict[str, Any]:
    found: dict[str, Any] = {
        "code": event.code,
        "eid": event.evidence_id,
        "at": event.at,
        "log": event.log,
        "i": event.leaf_index,
        "leaf": event.leaf,
    }
    return {**found, "reasons": list(event.reasons)} if event.reasons else found


def _read(event: Any) -> ReceiptEvent:
    if not isinstance(event, dict) or event.keys() - {"reasons"} != _EVENT:
        raise _wrong("an event has exactly code, eid, at, log, i, leaf")
    reasons = event.get("reasons", [])
    texts = [event[name] for name in ("code", "eid", "at", "log", "leaf")]
    good = isinstance(reasons, list) and all(isinstance(one, str) for one in [*texts, *reasons])
    if not good or type(event["i"]) is not int:
        raise _wrong("an event holds texts and a whole index")
    code, eid, at, log, leaf = texts
    return ReceiptEvent(code, eid, at, log, event["i"], leaf, tuple(reasons))


def _wrong(rule: str) -> Refusal:
    return Refusal("receipt.wrong", step="verify", rule=rule, place="receipt")
