"""Take receipts that a partner gives for an exchange: verified, logged, stored, once."""

from collections.abc import Mapping
from typing import Any

from gateway.exchange.late import (
    OF_ORIGIN,
    Told,
    follows_nothing,
    is_late,
    take_late,
    take_of_origin,
)
from gateway.exchange.office import Office
from gateway.exchange.record import log_foreign
from gateway.exchange.verify import require_receipt_for, verify_receipt
from gateway.model.instants import write_instant
from gateway.model.refusal import Refusal
from gateway.proof.header import read_header
from gateway.store import exchange_rows, outbox_rows
from gateway.store.alarm_rows import AlarmRow, put_alarm
from gateway.store.connection import Turn
from gateway.store.due_rows import end_due
from gateway.store.scope import WHOLE

_NEXT = {
    "A.1": (("B.1", "D.1"), ("B.2",)),
    "D.1": (("C.3",), ("C.4",), ("E.1",), ("E.2",)),
    "C.3": (("E.1",), ("E.2",)),
}


def settle(office: Office, token: str, state: str, asked: str = "") -> str:
    """Store one receipt of a partner state; gives the exchange id. The same one again is no error.

    asked: the exchange that the receipt must be for, when it answers a message.
    Refuses `receipt.wrong`, `signature.*`, `request.not-found`.
    """
    receipt = verify_receipt(office, token, office.trust.directory(state))
    x = str(receipt.members.get("x", ""))
    if asked and x != asked:
        raise Refusal(
            "receipt.wrong", step="receipt", rule="an answer is for the message it names", place="x"
        )
    codes = tuple(one.code for one in receipt.events)
    # A partner's receipts are for what we sent it, but for those that end its own messages.
    role = "destination" if codes in OF_ORIGIN else "origin"
    office.reach("K10")
    with office.store.write(office.log(state)) as turn:
        exchange = exchange_rows.exchange(turn, x, WHOLE)
        if exchange is None or exchange.role != role or exchange.partner != state:
            raise Refusal(
                "request.not-found",
                step="receipt",
                rule="a receipt is for a message that went between its issuer and us",
            )
        header = read_header(exchange.header)
        require_receipt_for(receipt, header)
        if (" ".join(codes), token) in exchange_rows.receipts(turn, x, WHOLE):
            return x
        told = Told(exchange, header, receipt, token)
        if role == "destination":
            take_of_origin(turn, office, told)
        else:
            _take(turn, office, told)
    return x


def take_receipts(office: Office, found: Mapping[str, Any], state: str) -> dict[str, Any]:
    """Settle one item of a partner's later receipts; gives its answer.

    Refuses `request.malformed` when the item is no `{x, receipts}`.
    """
    x, tokens = found.get("x"), found.get("receipts")
    good = isinstance(tokens, list) and all(isinstance(one, str) for one in tokens)
    if not isinstance(x, str) or not isinstance(tokens, list) or not good:
        raise Refusal(
            "request.malformed", step="receipt", rule="an item has x and receipts", place="items"
        )
    token = ""
    try:
        for token in tokens:
            settle(office, token, state, x)
    except Refusal as refusal:
        tell_wrong(office, state, x, token, refusal)
        # A message that we never had does not come to be had by telling of its end again.
        retry = refusal.code != "request.not-found"
        return {"x": x, "stored": False, "retry": retry, "code": refusal.code}
    return {"x": x, "stored": True}


def tell_wrong(office: Office, partner: str, x: str, token: str, refusal: Refusal) -> None:
    """Raise an alarm about a signed receipt that does not stand, of an exchange with this partner.

    What the partner did not sign proves nothing and may hold anything, so nothing is kept of it.
    One alarm an exchange and code: a flood stores nothing more.
    """
    try:
        verify_receipt(office, token, office.trust.directory(partner))
    except Refusal:
        return
    at, evidence = write_instant(office.clock()), token.encode("ascii")
    with office.store.write() as turn:
        exchange = exchange_rows.exchange(turn, x, WHOLE)
        if exchange is not None and exchange.partner == partner:
            put_alarm(turn, AlarmRow(at, refusal.code, partner, x, "answer", evidence))


def _take(turn: Turn, office: Office, told: Told) -> None:
    exchange, codes = told.exchange, told.codes
    if is_late(told):
        take_late(turn, office, told)
    elif codes in _NEXT.get(exchange.state, ()):
        log_foreign(
            turn, office, told.header, told.receipt, token=told.token, partner=exchange.partner
        )
        end_due(turn, exchange.x)
    else:
        raise follows_nothing()
    if codes[0].startswith("B."):
        outbox_rows.finish(turn, "message", [exchange.x])
