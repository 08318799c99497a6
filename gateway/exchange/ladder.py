"""The events of one exchange from its stored receipts, for people and programs to read."""

from dataclasses import dataclass
from typing import Any

from gateway.exchange.office import Office
from gateway.exchange.verify import verify_receipt
from gateway.model.refusal import Refusal
from gateway.store import exchange_rows
from gateway.store.exchange_rows import ExchangeRow
from gateway.store.scope import Scope


@dataclass(frozen=True, slots=True)
class Rung:
    """One event: code, who issued it, when, its place in the issuer's log, and reasons."""

    code: str
    issuer: str
    at: str
    log: str
    index: int
    reasons: tuple[str, ...]

    def members(self) -> dict[str, Any]:
        """Give it as the API tells it."""
        told: dict[str, Any] = {"code": self.code, "issuer": self.issuer, "at": self.at}
        told |= {"log": self.log, "index": self.index}
        return {**told, "reasons": list(self.reasons)} if self.reasons else told


def ladder(office: Office, row: ExchangeRow, scope: Scope) -> list[Rung]:
    """Give the rungs in the order of the ladder; every receipt is verified again."""
    with office.store.read(scope) as turn:
        tokens = [token for _, token in exchange_rows.receipts(turn, row.x, scope)]
    found = []
    for token in tokens:
        for directory in office.trust.directories.values():
            try:
                receipt = verify_receipt(office, token, directory)
            except Refusal:
                continue
            issuer = str(receipt.members["issuer"])
            found += [
                Rung(one.code, issuer, one.at, one.log, one.leaf_index, one.reasons)
                for one in receipt.events
            ]
    return found
