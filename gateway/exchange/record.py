"""The sequencer: within the one writer's turn it allots index, seq, prev and at, logs, and signs.

Nothing here commits: the caller's turn does, with everything else of the step, or not at all.
A receipt made here is released only after that commit (DESIGN section 2).
"""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gateway.exchange.office import Office, digest
from gateway.model.ids import random_id
from gateway.model.instants import read_instant, write_instant
from gateway.proof.entry import FIRST_PREV, entry_bytes
from gateway.proof.header import Header
from gateway.proof.json_signature import RECEIPT, sign_jws
from gateway.proof.receipt import Receipt, ReceiptEvent, receipt_payload
from gateway.store import exchange_rows
from gateway.store.connection import Turn
from gateway.store.log_rows import next_index
from gateway.store.submission_rows import SequenceRow, put_sequence, sequence
from gateway.transparency.append import append


@dataclass(frozen=True, slots=True)
class Event:
    """One event to log: its code, its log, what it binds; `chain` names the direction it counts in.

    reasons: refusal codes, mandatory for a negative event.
    """

    code: str
    log: str
    members: Mapping[str, Any]
    chain: str = ""
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Logged:
    """Events that stand in the turn: how a receipt names them, and the `seq` if one was given."""

    events: tuple[ReceiptEvent, ...]
    seq: int | None


def log_events(turn: Turn, office: Office, events: Sequence[Event]) -> Logged:
    """Append one entry an event, all with the same time, never before the last one of their logs.

    The turn holds these logs, and no other: each has a last time of its own.
    """
    logs = {event.log for event in events}
    last = [one.prev for one in (sequence(turn, log) for log in logs) if one is not None]
    at = max([write_instant(office.clock()), *last])
    for log in logs:
        put_sequence(turn, log, SequenceRow(0, at))
    found, seq = [], None
    for event in events:
        event_id = random_id(office.entropy)
        members = dict(event.members)
        if event.log != office.home:
            members = {"dirv": directories_of(office, event.log), **members}
        if event.reasons:
            members["rc"] = event.reasons[0]
        before = sequence(turn, event.chain) if event.chain else None
        if event.chain:
            seq = before.seq + 1 if before else 1
            members |= {"seq": seq, "prev": before.prev if before else FIRST_PREV}
        index = next_index(turn, event.log)
        octets = entry_bytes(
            log=event.log,
            index=index,
            code=event.code,
            evidence_id=event_id,
            at=at,
            members=members,
        )
        _, leaf = append(turn, event.log, octets)
        text = base64.b64encode(leaf).decode("ascii")
        if event.chain and seq is not None:
            put_sequence(turn, event.chain, SequenceRow(seq, text))
        found.append(ReceiptEvent(event.code, event_id, at, event.log, index, text, event.reasons))
    return Logged(tuple(found), seq)


def directories_of(office: Office, log: str) -> dict[str, list[Any]]:
    """Give `dirv` for an entry of a corridor's log: both directories as we know them now."""
    partner = log.rpartition("-")[2].upper()
    return {one.state: [one.version, one.sha256] for one in office.directories(partner)}


def sign_receipt(
    turn: Turn, office: Office, x: str, logged: Logged, members: Mapping[str, Any]
) -> str:
    """Sign one receipt over logged events and store it; gives the compact token."""
    token = signed_receipt(office, x, logged, members)
    exchange_rows.put_receipt(turn, x, [one.code for one in logged.events], token)
    return token


def signed_receipt(office: Office, x: str, logged: Logged, members: Mapping[str, Any]) -> str:
    """Sign one receipt over logged events, for the caller to store in the same turn."""
    told = {**members, "issuer": office.name, "x": x}
    if logged.seq is not None:
        told["seq"] = logged.seq
    payload = receipt_payload(told, logged.events)
    at = read_instant(logged.events[0].at)
    return sign_jws(payload, office.signing("evidence", at), typ=RECEIPT, at=at)


def log_foreign(
    turn: Turn, office: Office, header: Header, receipt: Receipt, *, token: str, partner: str
) -> None:
    """Log a partner's verified receipt, one entry an event with the same `ev`, and store it."""
    told = {**exchange_members(header), "ev": digest(token.encode("ascii"))}
    log_events(
        turn,
        office,
        [Event(one.code, office.log(partner), told, reasons=one.reasons) for one in receipt.events],
    )
    codes = [one.code for one in receipt.events]
    exchange_rows.put_receipt(turn, header.exchange_id, codes, token)
    exchange_rows.advance(turn, header.exchange_id, codes[-1])


def exchange_members(header: Header) -> dict[str, Any]:
    """Give what every entry of an exchange says of it (evidence-log 1.1)."""
    return {
        "x": header.exchange_id,
        "dir": str(header.direction),
        "from": header.sender,
        "to": header.recipient,
        "svc": f"{header.record_type}/{header.members['schemaVersion']}",
        "hdr": digest(header.octets),
        "c": dict(header.commitments),
    }


def receipt_members(header: Header) -> dict[str, Any]:
    """Give what every receipt of an exchange says of it (evidence-log 3.2)."""
    return {
        "sender": header.sender,
        "recipient": header.recipient,
        "dir": str(header.direction),
        "hdr": digest(header.octets),
        "c": dict(header.commitments),
    }
