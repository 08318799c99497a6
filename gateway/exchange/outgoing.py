"""What goes to a partner as it was stored: messages and receipts, read in few statements."""

from collections.abc import Callable, Sequence
from typing import Any

from gateway.exchange.handover import decrypted
from gateway.exchange.late import OF_ORIGIN
from gateway.exchange.office import Office
from gateway.store import exchange_rows
from gateway.store.connection import Turn
from gateway.store.scope import WHOLE

# Gives what is sent for an exchange.
One = Callable[[str], dict[str, Any]]
_OF_ORIGIN = frozenset(" ".join(one) for one in OF_ORIGIN)


def stored_messages(office: Office, turn: Turn, xs: Sequence[str]) -> One:
    """Give what gives each stored message as it travels: seal, transfer, A.1 receipt.

    That raises LookupError, Refusal, AlteredError or ErasedError for what cannot be read.
    """
    exchanges = exchange_rows.exchanges_named(turn, xs, WHOLE)
    receipts = exchange_rows.receipts_named(turn, xs, WHOLE)
    sealed = exchange_rows.sealed_named(turn, xs, ("transfer",), WHOLE)

    def one(x: str) -> dict[str, Any]:
        transfer = decrypted(office, sealed.get((x, "transfer"))).decode("utf-8")
        return {"seal": exchanges[x].seal, "transfer": transfer, "receipt": receipts[x][0][1]}

    return one


def own_receipts(turn: Turn, xs: Sequence[str]) -> dict[str, list[str]]:
    """Give the receipts of exchanges that are ours to send, in the order of their ladders."""
    known = exchange_rows.exchanges_named(turn, xs, WHOLE)
    origin = {x for x, one in known.items() if one.role == "origin"}
    return {
        x: [
            token
            for codes, token in found
            if codes != "A.1" and (codes in _OF_ORIGIN) is (x in origin)
        ]
        for x, found in exchange_rows.receipts_named(turn, xs, WHOLE).items()
    }
