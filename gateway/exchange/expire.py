"""End what its deadline ends: B.3 when a relay, E.2 when a handover was not confirmed in time.

evidence-log 3.3: from persisted deadlines, never before them (an event exactly at one is in time),
at most once, and after a restart as before it. Each event is logged, signed and queued for the
partner in one commit.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gateway.exchange.office import Office, digest
from gateway.exchange.record import (
    Event,
    exchange_members,
    log_events,
    receipt_members,
    sign_receipt,
)
from gateway.model.instants import write_instant
from gateway.model.party import partner_log
from gateway.model.refusal import Refusal
from gateway.proof.header import Header, stored_header
from gateway.proof.keys import KeyFileError
from gateway.store import exchange_rows, outbox_rows
from gateway.store.connection import Turn
from gateway.store.due_rows import DueRow, end_due, passed
from gateway.store.exchange_rows import ExchangeRow
from gateway.store.scope import WHOLE
from gateway.store.witness_rows import last_witnessed

MOST_A_TURN = 64
RELAY, HANDOVER = "B.3", "E.2"
# The states in which an exchange still waits, and why it then ends.
_WAITS = {
    RELAY: (frozenset({"A.1"}), "relay.expired"),
    HANDOVER: (frozenset({"D.1", "C.3"}), "handover.expired"),
}


@dataclass(frozen=True, slots=True)
class Expired:
    """What one look came to: how many of each event were issued, and which could not be.

    stuck: why not, by exchange id; these are tried again at the next look.
    """

    events: dict[str, int]
    stuck: dict[str, str]


def deadline(header: Header, code: str) -> list[DueRow]:
    """Give the deadline of a new exchange, to be stored in the turn that accepts it.

    Records of the past (`historical`) have none: nobody waits for them.
    """
    if header.members.get("historical"):
        return []
    name = "relay" if code == RELAY else "handover"
    return [DueRow(header.exchange_id, code, header.members["expires"][name])]


def expire(office: Office) -> Expired:
    """Issue the event of every deadline that has passed; one that fails holds up no other."""
    now, found = write_instant(office.clock()), Expired(dict.fromkeys(_WAITS, 0), {})
    after = None
    while True:
        with office.store.read() as turn:
            rows = passed(turn, now, after, MOST_A_TURN)
        if not rows:
            return found
        after = rows[-1]
        try:
            _together(office, rows, found)
        except (Refusal, KeyFileError):
            _alone(office, rows, found)


def _alone(office: Office, rows: Sequence[DueRow], found: Expired) -> None:
    for row in rows:
        try:
            _together(office, [row], found)
        except (Refusal, KeyFileError) as error:
            found.stuck[row.x] = error.code if isinstance(error, Refusal) else "key.none-in-use"


def _together(office: Office, rows: Sequence[DueRow], found: Expired) -> None:
    names = [row.x for row in rows]
    with office.store.read() as turn:
        logs = [office.log(one) for one in exchange_rows.partners(turn, names)]
    with office.store.write(*logs) as turn:
        issued = [row.code for row in rows if _end(turn, office, row)]
    for code in issued:
        found.events[code] += 1


def _end(turn: Turn, office: Office, row: DueRow) -> str:
    """Give the receipt of the event, empty when what was waited for has come meanwhile."""
    exchange = exchange_rows.exchange(turn, row.x, WHOLE)
    end_due(turn, row.x)
    states, reason = _WAITS[row.code]
    if exchange is None or exchange.state not in states:
        return ""
    header = stored_header(exchange.header)
    answered = digest(exchange_rows.receipts(turn, row.x, WHOLE)[-1][1].encode("ascii"))
    members = {**exchange_members(header), "re": answered}
    if row.code == RELAY:
        members |= _sent(turn, office, exchange)
        # After B.3 nothing is sent again (DESIGN section 6).
        outbox_rows.finish(turn, "message", [row.x])
    event = Event(row.code, office.log(exchange.partner), members, reasons=(reason,))
    logged = log_events(turn, office, [event])
    told = {**receipt_members(header), "re": answered}
    token = sign_receipt(turn, office, row.x, logged, told)
    exchange_rows.advance(turn, row.x, row.code)
    if row.code == HANDOVER:
        # The receipt is named where the confirmation would be: the file is not handed out any more.
        exchange_rows.hand_over(turn, [row.x], digest(token.encode("ascii")))
    outbox_rows.enqueue(turn, row.x, "receipts", exchange.partner, row.x)
    return token


def _sent(turn: Turn, office: Office, exchange: ExchangeRow) -> dict[str, Any]:
    """Give what B.3 binds: how often it was sent, and the partner's newest checkpoint we know."""
    told: dict[str, Any] = {"n": [outbox_rows.attempts(turn, exchange.x)]}
    partner = office.trust.directories.get(exchange.partner)
    if partner is not None:
        origin = partner_log(str(partner.gateway["name"]), exchange.partner, office.state)
        last = last_witnessed(turn, origin)
        if last is not None:
            told["seen"] = [origin, last.size, base64.b64encode(last.root).decode()]
    return told
