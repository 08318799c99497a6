"""Reconcile receipts that meet a deadline's end: each is recorded, and each is an alarm.

evidence-log 3.3. The origin's B.3 says that it holds no proof of acceptance. A B.1 given in time
supersedes it: the outcome is accepted, and the origin logs X.9. A B.1 given after the deadline
changes nothing: the destination broke the rule, and the origin logs X.7. The destination that is
told of a B.3 for what it accepted answers with its own receipts.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from gateway.exchange.office import Office, digest
from gateway.exchange.record import (
    Event,
    exchange_members,
    log_events,
    log_foreign,
    receipt_members,
    sign_receipt,
)
from gateway.model.instants import read_instant, write_instant
from gateway.model.refusal import Refusal
from gateway.proof.header import Header
from gateway.proof.receipt import Receipt
from gateway.store import exchange_rows, outbox_rows
from gateway.store.alarm_rows import AlarmRow, put_alarm
from gateway.store.connection import Turn
from gateway.store.exchange_rows import ExchangeRow
from gateway.store.scope import WHOLE

# What an origin issues after its A.1; a destination takes these, and no others.
OF_ORIGIN = (("B.3",), ("X.9",))
_ACCEPTED = "B.1 D.1"
_REST = (("C.3",), ("C.4",), ("E.1",), ("E.2",))
_ENDS = frozenset({"C.4", "E.1", "E.2"})


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


_Taken = Callable[[Turn, Office, Told], None]


def is_late(told: Told) -> bool:
    """Tell whether a relay receipt came after B.3, or was given after the relay deadline."""
    if told.exchange.state == "B.3":
        return True
    return told.exchange.state == "A.1" and told.codes[0] == "B.1" and not told.in_time


def take_late(turn: Turn, office: Office, told: Told) -> None:
    """Record a late receipt at the origin. Refuses `receipt.wrong` when it follows nothing."""
    before = [codes for codes, _ in exchange_rows.receipts(turn, told.exchange.x, WHOLE)]
    taken = _late_taken(told, before)
    if taken is None or " ".join(told.codes) in before:
        raise follows_nothing()
    taken(turn, office, told)


def take_of_origin(turn: Turn, office: Office, told: Told) -> None:
    """Record the origin's B.3 or X.9 at the destination; a B.3 is answered with our receipts.

    Refuses `receipt.wrong` for a B.3 before its deadline, and for an X.9 without a B.3.
    """
    before = [codes for codes, _ in exchange_rows.receipts(turn, told.exchange.x, WHOLE)]
    if " ".join(told.codes) in before:
        raise follows_nothing()
    if told.codes == ("X.9",):
        if "B.3" not in before:
            raise follows_nothing()
        _keep(turn, office, told)
        return
    if told.in_time:
        raise _wrong("a B.3 is issued after the relay deadline")
    _keep(turn, office, told)
    if _ACCEPTED in before:
        _alarm(turn, office, told, "receipt.contradicted")
    _send_receipts(turn, told)


def follows_nothing() -> Refusal:
    """Say that a receipt does not belong where the ladder stands."""
    return _wrong("a receipt must follow the last event of the ladder")


def _late_taken(told: Told, before: Sequence[str]) -> _Taken | None:
    if told.codes == ("B.1", "D.1"):
        return _supersede if told.in_time and told.exchange.state == "B.3" else _breach
    if told.codes == ("B.2",) and _ACCEPTED not in before:
        return _refused
    # The rest of a late acceptance's ladder: kept, and the outcome stays.
    follows = told.codes in _REST and _ACCEPTED in before and told.codes[0] not in before
    return _keep if follows and not _ENDS & set(before) else None


def _supersede(turn: Turn, office: Office, told: Told) -> None:
    log_foreign(
        turn, office, told.header, told.receipt, token=told.token, partner=told.exchange.partner
    )
    answered = digest(told.token.encode("ascii"))
    members = {**exchange_members(told.header), "re": answered}
    logged = log_events(turn, office, [Event("X.9", office.log(told.exchange.partner), members)])
    told_of: Mapping[str, object] = {**receipt_members(told.header), "re": answered}
    sign_receipt(turn, office, told.exchange.x, logged, told_of)
    _send_receipts(turn, told)
    _alarm(turn, office, told, "receipt.superseded")


def _breach(turn: Turn, office: Office, told: Told) -> None:
    _keep(turn, office, told)
    members = {
        **exchange_members(told.header),
        "ev": digest(told.token.encode("ascii")),
    }
    log = office.log(told.exchange.partner)
    log_events(turn, office, [Event("X.7", log, members, reasons=("receipt.late",))])
    _alarm(turn, office, told, "receipt.late")


def _refused(turn: Turn, office: Office, told: Told) -> None:
    _keep(turn, office, told)
    _alarm(turn, office, told, "receipt.late")


def _keep(turn: Turn, office: Office, told: Told) -> None:
    # Logged and stored as any foreign receipt; the exchange stays as it stands.
    exchange = told.exchange
    log_foreign(turn, office, told.header, told.receipt, token=told.token, partner=exchange.partner)
    exchange_rows.advance(turn, exchange.x, exchange.state)


def _send_receipts(turn: Turn, told: Told) -> None:
    x = told.exchange.x
    outbox_rows.enqueue(turn, x, "receipts", told.exchange.partner, x)


def _alarm(turn: Turn, office: Office, told: Told, code: str) -> None:
    exchange, subject = told.exchange, digest(told.token.encode("ascii"))
    at, evidence = write_instant(office.clock()), told.token.encode("ascii")
    put_alarm(turn, AlarmRow(at, code, exchange.partner, exchange.x, subject, evidence))


def _wrong(rule: str) -> Refusal:
    return Refusal("receipt.wrong", step="receipt", rule=rule, place="events")
