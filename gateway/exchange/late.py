"""Reconcile at the origin receipts that meet the deadline's end: recorded, and each is an alarm.

evidence-log 3.3. The origin's B.3 says that it holds no proof of acceptance. A B.1 given in time
supersedes it: the outcome is accepted, and the origin logs X.9. A B.1 given after the deadline
changes nothing: the destination broke the rule, and the origin logs X.7. What a destination does
that is told of a B.3 stands in `contradicted`.
"""

from collections.abc import Callable, Mapping, Sequence

from gateway.exchange.office import Office, digest
from gateway.exchange.record import (
    Event,
    exchange_members,
    log_events,
    log_foreign,
    receipt_members,
    sign_receipt,
)
from gateway.exchange.told import ACCEPTED, Told, follows_nothing, keep, raise_alarm, send_receipts
from gateway.store import exchange_rows
from gateway.store.connection import Turn
from gateway.store.scope import WHOLE

_REST = (("C.3",), ("C.4",), ("E.1",), ("E.2",))
_ENDS = frozenset({"C.4", "E.1", "E.2"})

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


def _late_taken(told: Told, before: Sequence[str]) -> _Taken | None:
    if told.codes == ("B.1", "D.1"):
        return _supersede if told.in_time and told.exchange.state == "B.3" else _breach
    if told.codes == ("B.2",) and ACCEPTED not in before:
        return _refused
    # The rest of a late acceptance's ladder: kept, and the outcome stays.
    follows = told.codes in _REST and ACCEPTED in before and told.codes[0] not in before
    return keep if follows and not _ENDS & set(before) else None


def _supersede(turn: Turn, office: Office, told: Told) -> None:
    log_foreign(
        turn, office, told.header, told.receipt, token=told.token, partner=told.exchange.partner
    )
    answered = digest(told.token.encode("ascii"))
    members = {**exchange_members(told.header), "re": answered}
    logged = log_events(turn, office, [Event("X.9", office.log(told.exchange.partner), members)])
    told_of: Mapping[str, object] = {**receipt_members(told.header), "re": answered}
    sign_receipt(turn, office, told.exchange.x, logged, told_of)
    send_receipts(turn, told)
    raise_alarm(turn, office, told, "receipt.superseded")


def _breach(turn: Turn, office: Office, told: Told) -> None:
    keep(turn, office, told)
    members = {
        **exchange_members(told.header),
        "ev": digest(told.token.encode("ascii")),
    }
    log = office.log(told.exchange.partner)
    log_events(turn, office, [Event("X.7", log, members, reasons=("receipt.late",))])
    raise_alarm(turn, office, told, "receipt.late")


def _refused(turn: Turn, office: Office, told: Told) -> None:
    keep(turn, office, told)
    raise_alarm(turn, office, told, "receipt.late")
