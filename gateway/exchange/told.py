"""A verified receipt that does not simply come next: what both sides of an exchange do with it."""

from dataclasses import dataclass

from gateway.exchange.office import Office, digest
from gateway.exchange.record import log_foreign
from gateway.model.instants import read_instant, write_instant
from gateway.model.refusal import Refusal
from gateway.proof.header import Header
from gateway.proof.receipt import Receipt
from gateway.store import exchange_rows, outbox_rows
from gateway.store.alarm_rows import AlarmRow, put_alarm
from gateway.store.connection import Turn
from gateway.store.exchange_rows import ExchangeRow

# What an origin issues after its A.1; a destination takes these, and no others.
OF_ORIGIN = (("B.3",), ("X.9",))
ACCEPTED = "B.1 D.1"


@dataclass(frozen=True, slots=True)
class Told:
    """A verified receipt for an exchange of ours, as `settle` found it, not stored before."""

    exchange: ExchangeRow
    header: Header
    receipt: Receipt
    token: str

    @property
    def codes(self) -> tuple[str, ...]:
        """Give the codes of its events."""
        return tuple(one.code for one in self.receipt.events)

    @property
    def in_time(self) -> bool:
        """Tell whether its first event was at or before the relay deadline, if there is one."""
        if self.header.members.get("historical"):
            return True
        relay = read_instant(self.header.members["expires"]["relay"])
        return read_instant(self.receipt.events[0].at) <= relay


def follows_nothing() -> Refusal:
    """Say that a receipt does not belong where the ladder stands."""
    return wrong("a receipt must follow the last event of the ladder")


def keep(turn: Turn, office: Office, told: Told) -> None:
    """Log and store it as any foreign receipt; the exchange stays as it stands."""
    exchange = told.exchange
    log_foreign(turn, office, told.header, told.receipt, token=told.token, partner=exchange.partner)
    exchange_rows.advance(turn, exchange.x, exchange.state)


def send_receipts(turn: Turn, told: Told) -> None:
    """Have our own receipts of the exchange sent, all of them."""
    x = told.exchange.x
    outbox_rows.enqueue(turn, x, "receipts", told.exchange.partner, x)


def raise_alarm(turn: Turn, office: Office, told: Told, code: str) -> None:
    """Raise an alarm with the receipt as its evidence, last in the turn."""
    exchange, subject = told.exchange, digest(told.token.encode("ascii"))
    at, evidence = write_instant(office.clock()), told.token.encode("ascii")
    put_alarm(turn, AlarmRow(at, code, exchange.partner, exchange.x, subject, evidence))


def wrong(rule: str) -> Refusal:
    """Say which rule of the ladder a receipt breaks."""
    return Refusal("receipt.wrong", step="receipt", rule=rule, place="events")
