"""Take receipts that a partner gives for our messages: verified, logged, stored, once."""

from gateway.exchange.office import Office
from gateway.exchange.record import log_foreign
from gateway.exchange.verify import require_receipt_for, verify_receipt
from gateway.model.refusal import Refusal
from gateway.proof.header import read_header
from gateway.store import exchange_rows
from gateway.store.scope import WHOLE

_NEXT = {
    "A.1": (("B.1", "D.1"), ("B.2",)),
    "D.1": (("E.1",), ("E.2",)),
}


def settle(office: Office, token: str, state: str) -> str:
    """Store one receipt of a partner state; gives the exchange id. The same one again is no error.

    Refuses `receipt.wrong`, `signature.*`, `request.not-found`.
    """
    receipt = verify_receipt(office, token, office.trust.directory(state))
    x = str(receipt.members.get("x", ""))
    codes = tuple(one.code for one in receipt.events)
    office.reach("K10")
    with office.store.write() as turn:
        exchange = exchange_rows.exchange(turn, x, WHOLE)
        if exchange is None or exchange.role != "origin" or exchange.partner != state:
            raise Refusal(
                "request.not-found",
                step="receipt",
                rule="a receipt is for a message that was sent to its issuer",
            )
        header = read_header(exchange.header)
        require_receipt_for(receipt, header)
        if (" ".join(codes), token) in exchange_rows.receipts(turn, x, WHOLE):
            return x
        if codes not in _NEXT.get(exchange.state, ()):
            raise Refusal(
                "receipt.wrong",
                step="receipt",
                rule="a receipt must follow the last event of the ladder",
                place="events",
            )
        log_foreign(turn, office, header, receipt, token=token, partner=state)
        if codes[0].startswith("B."):
            exchange_rows.finish(turn, "message", [x])
    return x
