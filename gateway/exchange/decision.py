"""An authority's decision on what it received, before it takes it over: C.3 or C.4.

evidence-log 3.1 and 3.3. The decision is a compact JWS (typ `lmx-decision`) by a submitter key of
the authority over a list of `{exchangeId, hdr, out, decision, reason?}`: `accept` gives C.3 and the
handover follows; `reject` gives C.4, which ends the exchange, with a reason of a closed list.
"""

from collections.abc import Mapping
from typing import Any

from gateway.exchange.authenticate import Caller
from gateway.exchange.handover import MOST_CONFIRMED, require_as_given, signed_payload
from gateway.exchange.office import Office, digest
from gateway.exchange.record import (
    Event,
    exchange_members,
    log_events,
    receipt_members,
    sign_receipt,
)
from gateway.model.refusal import Refusal
from gateway.proof.canonical import read_canonical
from gateway.proof.header import stored_header
from gateway.proof.json_signature import DECISION
from gateway.store import exchange_rows, outbox_rows
from gateway.store.connection import Turn
from gateway.store.decision_rows import DecisionRow, put_decision
from gateway.store.due_rows import end_due
from gateway.store.exchange_rows import ExchangeRow, InboxRow
from gateway.store.token_rows import put_token

ACCEPT, REJECT = "accept", "reject"
_CODES = {ACCEPT: "C.3", REJECT: "C.4"}
REASONS = (
    "decision.duplicate",
    "decision.not-for-us",
    "decision.not-permitted",
    "decision.unusable",
)
_NAMES = {"exchangeId", "hdr", "out", "decision"}


def decide(office: Office, caller: Caller, token: str) -> dict[str, Any]:
    """Take a signed decision and give C.3 or C.4 for each item, all in one commit.

    What ended before keeps its end. Refuses `decision.wrong` as a whole, and as `signed_payload`.
    """
    items = _items(read_canonical(signed_payload(office, caller, token, DECISION)))
    with office.store.read() as turn:
        partners = exchange_rows.partners(turn, [one["exchangeId"] for one in items])
    if len(partners) > 1:
        raise _wrong("a decision lists what came over one corridor", "items")
    with office.store.write(*map(office.log, partners)) as turn:
        rows = [require_as_given(turn, caller.scope(), one) for one in items]
        codes = [
            _decide(turn, office, row, item, token) for row, item in zip(rows, items, strict=True)
        ]
    for partner in partners:
        office.ring(partner)
    told = [
        {"exchangeId": one["exchangeId"], "state": code}
        for one, code in zip(items, codes, strict=True)
    ]
    return {"items": told}


def _decide(
    turn: Turn,
    office: Office,
    given: tuple[ExchangeRow, InboxRow],
    item: Mapping[str, str],
    token: str,
) -> str:
    exchange, row = given
    if exchange.state != "D.1":
        return exchange.state
    code, header = _CODES[item["decision"]], stored_header(exchange.header)
    signed = digest(token.encode("ascii"))
    members = {**exchange_members(header), "ev": signed}
    members["c"] = {**members["c"], "out": row.out}
    reasons = (item["reason"],) if code == "C.4" else ()
    event = Event(code, office.log(exchange.partner), members, reasons=reasons)
    logged = log_events(turn, office, [event])
    told = {**receipt_members(header), "re": signed, "c": members["c"]}
    sign_receipt(turn, office, row.x, logged, told)
    name = put_token(turn, token)
    put_decision(turn, DecisionRow(row.x, code, name))
    exchange_rows.advance(turn, row.x, code)
    if code == "C.4":
        # The decision stands where the confirmation would: the file is not handed out any more.
        exchange_rows.hand_over(turn, [row.x], name)
        end_due(turn, row.x)
    outbox_rows.enqueue(turn, row.x, "receipts", exchange.partner, row.x)
    return code


def _items(payload: Any) -> list[dict[str, str]]:
    if not isinstance(payload, list) or not 0 < len(payload) <= MOST_CONFIRMED:
        raise _wrong("a decision lists 1 to 256 items", "items")
    for number, one in enumerate(payload):
        if not isinstance(one, dict) or not all(isinstance(text, str) for text in one.values()):
            raise _wrong("an item is an object of texts", f"/{number}")
        wanted = _NAMES | ({"reason"} if one.get("decision") == REJECT else set())
        if one.keys() != wanted or one["decision"] not in _CODES:
            raise _wrong(
                "an item has exchangeId, hdr, out, decision (accept or reject), and a reason "
                "exactly when it rejects",
                f"/{number}",
            )
        if "reason" in wanted and one["reason"] not in REASONS:
            raise _wrong(f"a reason is one of {', '.join(REASONS)}", f"/{number}/reason")
    if len({one["exchangeId"] for one in payload}) != len(payload):
        raise _wrong("a decision lists an exchange once", "items")
    return list(payload)


def _wrong(rule: str, place: str) -> Refusal:
    return Refusal("decision.wrong", step="handover", rule=rule, place=place)
