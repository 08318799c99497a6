"""One writer's turn at the logs: where each stands is read once, and all rows go in together.

The sequencer (DESIGN section 2): it allots index, `seq`, `prev` and `at`, logs, and signs. Nothing
here commits: the caller's turn does, with everything else of the step, or not at all. What is
gathered reaches the store with `close`; until then nobody else of the turn may log.
"""

import base64
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from gateway.exchange.office import Office
from gateway.model.ids import random_id
from gateway.model.instants import read_instant, write_instant
from gateway.proof.entry import FIRST_PREV, entry_bytes
from gateway.proof.json_signature import RECEIPT, sign_jws
from gateway.proof.merkle import leaf_hash
from gateway.proof.receipt import ReceiptEvent, receipt_payload
from gateway.store import exchange_rows, outbox_rows
from gateway.store.connection import Turn
from gateway.store.due_rows import DueRow, end_due, put_due
from gateway.store.exchange_rows import ExchangeRow, InboxRow, ReceiptRow, SealedRow
from gateway.store.log_rows import EntryRow, append_entries, next_index, places
from gateway.store.outbox_rows import Item
from gateway.store.submission_rows import SequenceRow, put_sequences

# Where a direction stands before its first event.
_FIRST = SequenceRow(0, FIRST_PREV)


class Event(NamedTuple):
    """One event to log: its code, its log, what it binds; `chain` names the direction it counts in.

    reasons: refusal codes, mandatory for a negative event.
    """

    code: str
    log: str
    members: Mapping[str, Any]
    chain: str = ""
    reasons: tuple[str, ...] = ()


class Logged(NamedTuple):
    """Events that stand in the turn: how a receipt names them, and the `seq` if one was given."""

    events: tuple[ReceiptEvent, ...]
    seq: int | None


@dataclass(slots=True)
class Rows:
    """What a turn adds beside its entries, by table.

    ended: exchanges whose deadline is over; states: the last event by exchange.
    """

    exchanges: list[ExchangeRow] = field(default_factory=list)
    sealed: list[SealedRow] = field(default_factory=list)
    receipts: list[ReceiptRow] = field(default_factory=list)
    dues: list[DueRow] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    outbox: list[Item] = field(default_factory=list)
    inbox: list[InboxRow] = field(default_factory=list)
    states: dict[str, str] = field(default_factory=dict)


class Ledger:
    """What one turn logs and adds. One at a time a turn; `close` stores it."""

    def __init__(self, turn: Turn, office: Office) -> None:
        """Begin; nothing is read before the first event."""
        self.rows = Rows()
        self.office = office
        self._turn = turn
        self._now = ""
        self._times: dict[str, str] = {}
        self._next: dict[str, int] = {}
        self._chains: dict[str, SequenceRow] = {}
        self._directories: dict[str, dict[str, list[Any]]] = {}
        self._entries: list[EntryRow] = []

    def log(self, events: Sequence[Event]) -> Logged:
        """Give each event its entry with the turn's time, never before the last one of its log.

        The turn holds these logs: each has a last time of its own.
        """
        self._find(events)
        at = self._time({event.log for event in events})
        found, seq = [], None
        for event in events:
            evidence_id = random_id(self.office.entropy)
            members = self._members(event)
            if event.chain:
                before = self._chains[event.chain]
                seq = before.seq + 1
                members |= {"seq": seq, "prev": before.prev}
            index = self._next[event.log]
            octets = entry_bytes(
                log=event.log,
                index=index,
                code=event.code,
                evidence_id=evidence_id,
                at=at,
                members=members,
            )
            leaf = leaf_hash(octets)
            self._entries.append(EntryRow(event.log, index, octets, leaf))
            self._next[event.log] = index + 1
            text = base64.b64encode(leaf).decode("ascii")
            if event.chain and seq is not None:
                self._chains[event.chain] = SequenceRow(seq, text)
            found.append(
                ReceiptEvent(event.code, evidence_id, at, event.log, index, text, event.reasons)
            )
        return Logged(tuple(found), seq)

    def sign(self, x: str, logged: Logged, members: Mapping[str, Any]) -> str:
        """Sign one receipt over logged events and add it; gives the compact token."""
        token = signed_receipt(self.office, x, logged, members)
        codes = " ".join(one.code for one in logged.events)
        self.rows.receipts.append(ReceiptRow(x, codes, token))
        return token

    def close(self) -> None:
        """Store what was gathered; TakenError when a row of a key is there."""
        turn, rows = self._turn, self.rows
        if self._entries:
            append_entries(turn, self._entries)
            times = {log: SequenceRow(0, at) for log, at in self._times.items()}
            put_sequences(turn, {**self._chains, **times})
        exchange_rows.put_exchanges(turn, rows.exchanges)
        exchange_rows.put_sealed_rows(turn, rows.sealed)
        exchange_rows.put_receipts(turn, rows.receipts)
        exchange_rows.put_inbox(turn, rows.inbox)
        put_due(turn, rows.dues)
        end_due(turn, *rows.ended)
        exchange_rows.advance_all(turn, rows.states)
        outbox_rows.enqueue_all(turn, rows.outbox)

    def _find(self, events: Sequence[Event]) -> None:
        """Read where the logs and directions stand that the turn has not come to before."""
        logs = {event.log for event in events} - self._next.keys()
        chains = {event.chain for event in events if event.chain} - self._chains.keys()
        found = places(self._turn, logs | chains)
        for log in logs:
            known = found.get(log)
            # A log that has no last time may have entries all the same.
            self._next[log] = known.coming if known else next_index(self._turn, log)
            self._times[log] = known.prev if known else ""
        for name in chains:
            known = found.get(name)
            self._chains[name] = SequenceRow(known.seq, known.prev) if known else _FIRST

    def _time(self, logs: Collection[str]) -> str:
        # What is committed together happens together: the clock is asked once.
        self._now = self._now or write_instant(self.office.clock())
        at = max(self._now, *(self._times[log] for log in logs))
        self._times.update(dict.fromkeys(logs, at))
        return at

    def _members(self, event: Event) -> dict[str, Any]:
        members = dict(event.members)
        if event.log != self.office.home:
            if event.log not in self._directories:
                self._directories[event.log] = directories_of(self.office, event.log)
            members = {"dirv": self._directories[event.log], **members}
        if event.reasons:
            members["rc"] = event.reasons[0]
        return members


def directories_of(office: Office, log: str) -> dict[str, list[Any]]:
    """Give `dirv` for an entry of a corridor's log: both directories as we know them now."""
    partner = log.rpartition("-")[2].upper()
    return {one.state: [one.version, one.sha256] for one in office.directories(partner)}


def signed_receipt(office: Office, x: str, logged: Logged, members: Mapping[str, Any]) -> str:
    """Sign one receipt over logged events, for the caller to store in the same turn."""
    told = {**members, "issuer": office.name, "x": x}
    if logged.seq is not None:
        told["seq"] = logged.seq
    payload = receipt_payload(told, logged.events)
    at = read_instant(logged.events[0].at)
    return sign_jws(payload, office.signing("evidence", at), typ=RECEIPT, at=at)
