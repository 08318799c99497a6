"""The sequencer's calls for a turn with one thing to log; `ledger` is for turns with many.

Nothing here commits: the caller's turn does, with everything else of the step, or not at all.
A receipt made here is released only after that commit (DESIGN section 2).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from gateway.exchange.ledger import Event, Ledger, Logged, signed_receipt
from gateway.exchange.office import Office, digest
from gateway.proof.header import Header
from gateway.proof.receipt import Receipt
from gateway.store import exchange_rows
from gateway.store.connection import Turn
from gateway.store.exchange_rows import ReceiptRow


def log_events(turn: Turn, office: Office, events: Sequence[Event]) -> Logged:
    """Append one entry an event, all with the same time, never before the last one's."""
    ledger = Ledger(turn, office)
    logged = ledger.log(events)
    ledger.close()
    return logged


def sign_receipt(
    turn: Turn, office: Office, x: str, logged: Logged, members: Mapping[str, Any]
) -> str:
    """Sign one receipt over logged events and store it; gives the compact token."""
    token = signed_receipt(office, x, logged, members)
    codes = " ".join(one.code for one in logged.events)
    exchange_rows.put_receipts(turn, [ReceiptRow(x, codes, token)])
    return token


def log_foreign(
    turn: Turn, office: Office, header: Header, receipt: Receipt, *, token: str, partner: str
) -> None:
    """Log a partner's verified receipt, one entry an event with the same `ev`, and store it."""
    ledger = Ledger(turn, office)
    note_foreign(ledger, header, receipt, log=office.log(partner), token=token)
    ledger.close()


def note_foreign(ledger: Ledger, header: Header, receipt: Receipt, *, log: str, token: str) -> str:
    """Add the same to a ledger; gives the digest of the token, as the entries name it."""
    named = digest(token.encode("ascii"))
    told = {**exchange_members(header), "ev": named}
    ledger.log([Event(one.code, log, told, reasons=one.reasons) for one in receipt.events])
    codes = [one.code for one in receipt.events]
    ledger.rows.receipts.append(ReceiptRow(header.exchange_id, " ".join(codes), token))
    ledger.rows.states[header.exchange_id] = codes[-1]
    return named


def exchange_members(header: Header) -> dict[str, Any]:
    """Give what every entry of an exchange says of it (evidence-log 1.1)."""
    return {
        "x": header.exchange_id,
        "dir": str(header.direction),
        "from": header.sender,
        "to": header.recipient,
        "svc": f"{header.record_type}/{header.members['schemaVersion']}",
        "hdr": header.hdr,
        "c": dict(header.commitments),
    }


def receipt_members(header: Header) -> dict[str, Any]:
    """Give what every receipt of an exchange says of it (evidence-log 3.2)."""
    return {
        "sender": header.sender,
        "recipient": header.recipient,
        "dir": str(header.direction),
        "hdr": header.hdr,
        "c": dict(header.commitments),
    }


__all__ = [
    "Event",
    "Logged",
    "exchange_members",
    "log_events",
    "log_foreign",
    "note_foreign",
    "receipt_members",
    "sign_receipt",
    "signed_receipt",
]
