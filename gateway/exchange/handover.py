"""Hand a frozen file to its authority, and E.1 once the authority confirms what it got."""

import base64
from collections.abc import Mapping
from typing import Any

from gateway.exchange.authenticate import Caller
from gateway.exchange.office import Office, digest
from gateway.exchange.record import (
    Event,
    exchange_members,
    log_events,
    receipt_members,
    sign_receipt,
)
from gateway.model.refusal import Refusal
from gateway.proof.canonical import canonical_json, read_canonical
from gateway.proof.header import read_header
from gateway.proof.json_signature import HANDOVER, peek_thumbprint, verify_jws
from gateway.proof.transfer import Transfer, read_transfer
from gateway.store import exchange_rows, outbox_rows
from gateway.store.connection import Turn
from gateway.store.due_rows import end_due
from gateway.store.exchange_rows import ExchangeRow, InboxRow
from gateway.store.scope import Scope
from gateway.store.sealed import open_bytes

MOST_CONFIRMED = 256


def opened(office: Office, turn: Turn, x: str, kind: str, scope: Scope) -> bytes:
    """Decrypt stored bytes of an exchange. Refuses `request.not-found` when there are none."""
    found = exchange_rows.sealed(turn, x, kind, scope)
    if found is None:
        raise not_found()
    return open_bytes(found[1], found[0], office.day_keys)


def stored_transfer(office: Office, turn: Turn, x: str, scope: Scope) -> Transfer:
    """Decrypt and read the transfer of an exchange."""
    return read_transfer(opened(office, turn, x, "transfer", scope))


def listed(
    office: Office, row: InboxRow, turn: Turn, scope: Scope, *, content: bool
) -> dict[str, Any]:
    """Give one inbox item as the API tells it; with content also the octets and their opening."""
    exchange = exchange_rows.exchange(turn, row.x, scope)
    if exchange is None:
        raise not_found()
    header = read_header(exchange.header)
    told: dict[str, Any] = {
        "cursor": row.n,
        "exchangeId": row.x,
        "direction": str(header.direction),
        "recordType": header.record_type,
        "from": header.sender,
        "layout": row.layout,
        "mediaType": row.media_type,
        "extension": row.extension,
    }
    warnings = read_canonical(row.warnings.encode("utf-8"))
    if warnings:
        told["warnings"] = warnings
    if content:
        told["content"] = _b64(opened(office, turn, row.x, "out", scope))
        told["opening"] = _b64(opening(office, row, exchange, turn, scope))
    return told


def opening(
    office: Office, row: InboxRow, exchange: ExchangeRow, turn: Turn, scope: Scope
) -> bytes:
    """Give what opens the commitments: `{exchangeId, hdr, layout, salts}` (DESIGN section 6)."""
    salts = dict(stored_transfer(office, turn, row.x, scope).salts)
    out = read_canonical(opened(office, turn, row.x, "opening", scope))
    salts["out"] = _b64(bytes.fromhex(out["out"]))
    told = {
        "exchangeId": row.x,
        "hdr": digest(exchange.header),
        "layout": row.layout,
        "salts": salts,
    }
    return canonical_json(told)


def confirm(office: Office, caller: Caller, token: str) -> dict[str, Any]:
    """Take a signed confirmation and give E.1 for each item, all in one commit.

    The token is kept for ever. The same confirmation again gives the same answer. Refuses
    `handover.confirmation` as a whole when one item is not as it was handed out.
    """
    office.reach("K12")
    items = _items(read_canonical(signed_payload(office, caller, token, HANDOVER)))
    office.reach("K13")
    with office.store.read() as turn:
        partners = exchange_rows.partners(turn, [one["exchangeId"] for one in items])
    with office.store.write(*map(office.log, partners)) as turn:
        rows = [require_as_given(turn, caller.scope(), one) for one in items]
        codes = [_hand_over(turn, office, exchange, row, token) for exchange, row in rows]
    told = [
        {"exchangeId": one["exchangeId"], "state": code}
        for one, code in zip(items, codes, strict=True)
    ]
    return {"items": told}


def signed_payload(office: Office, caller: Caller, token: str, typ: str) -> bytes:
    """Give what a submitter key of the caller's authority signed.

    Refuses `signature.*`, and `handover.confirmation` for a key of another authority.
    """
    directory = office.trust.directory(office.state)
    name = peek_thumbprint(token)
    verified = verify_jws(token, directory.certificate(name), typ=typ)
    signer = directory.key(name, role="submitter", at=office.clock())
    if directory.submitters[signer.name]["authority"] != caller.authority:
        raise _wrong("the token is signed by a key of the authority that asks", "jws")
    return verified.payload


def require_as_given(
    turn: Turn, scope: Scope, item: Mapping[str, str]
) -> tuple[ExchangeRow, InboxRow]:
    """Give exchange and inbox row of an item that tells `hdr` and `out` of what was handed out.

    Refuses `request.not-found`, `handover.confirmation`.
    """
    row = exchange_rows.inbox_row(turn, item["exchangeId"], scope)
    exchange = exchange_rows.exchange(turn, item["exchangeId"], scope)
    if row is None or exchange is None:
        raise not_found()
    if (item["hdr"], item["out"]) != (digest(exchange.header), row.out):
        raise _wrong("hdr and out must be those of the file that was handed out", "items")
    return exchange, row


def _hand_over(turn: Turn, office: Office, exchange: ExchangeRow, row: InboxRow, token: str) -> str:
    if row.handover:
        # Confirmed before, or ended by its deadline: then the answer is E.2, and stays so.
        return exchange.state
    header = read_header(exchange.header)
    confirmation = digest(token.encode("ascii"))
    shared = {**exchange_members(header), "ev": confirmation}
    shared["c"] = {**shared["c"], "out": row.out}
    logged = log_events(turn, office, [Event("E.1", office.log(exchange.partner), shared)])
    told = {**receipt_members(header), "re": confirmation}
    told["c"] = shared["c"]
    sign_receipt(turn, office, row.x, logged, told)
    exchange_rows.hand_over(turn, row.x, token)
    end_due(turn, row.x)
    exchange_rows.advance(turn, row.x, "E.1")
    outbox_rows.enqueue(turn, row.x, "receipts", exchange.partner, row.x)
    return "E.1"


def _items(payload: Any) -> list[dict[str, str]]:
    good = isinstance(payload, list) and 0 < len(payload) <= MOST_CONFIRMED
    names = {"exchangeId", "hdr", "out"}
    if not good or not all(isinstance(one, dict) and set(one) == names for one in payload):
        raise _wrong("a confirmation lists 1 to 256 items of exchangeId, hdr, out", "items")
    return list(payload)


def require_open(exchange: ExchangeRow) -> None:
    """Refuse `handover.expired`, `handover.rejected` for a file that E.2 or C.4 has ended."""
    if exchange.state == "C.4":
        raise Refusal(
            "handover.rejected",
            step="handover",
            rule="your authority has rejected it; ask the sending authority to send it again",
        )
    if exchange.state == "E.2":
        raise Refusal(
            "handover.expired",
            step="handover",
            rule="ask the sending authority to send it again; the handover deadline has passed",
        )


def not_found() -> Refusal:
    """Say that there is nothing for this caller, whether or not it is there for another."""
    return Refusal(
        "request.not-found", step="handover", rule="ask for an id that was given to your authority"
    )


def _wrong(rule: str, place: str) -> Refusal:
    return Refusal("handover.confirmation", step="handover", rule=rule, place=place)


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
