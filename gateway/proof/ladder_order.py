"""Judge the order of an exchange's events, and its deadlines (evidence-log 3.3, 6.3).

B.3 and E.2 come after their deadlines. A B.1 in time beside a B.3 needs the origin's X.9, and then
the outcome is what follows the B.1; a B.1 after the deadline changes nothing: the outcome is B.3.
"""

from collections.abc import Sequence

from gateway.model.instants import read_instant
from gateway.model.refusal import Refusal
from gateway.proof.claims import Claim, failed, passed
from gateway.proof.header import Header
from gateway.proof.receipt import ReceiptEvent

_NEXT: dict[str, frozenset[str]] = {
    "": frozenset({"A.1"}),
    "A.1": frozenset({"B.1", "B.2", "B.3"}),
    "B.1": frozenset({"D.1"}),
    "D.1": frozenset({"C.3", "C.4", "E.1", "E.2"}),
    "C.3": frozenset({"E.1", "E.2"}),
}
_TERMINAL = frozenset({"B.2", "B.3", "C.4", "E.1", "E.2"})
_NEGATIVE = frozenset({"B.2", "B.3", "C.4", "E.2"})
# Which deadline an event may not come before.
_AFTER = {"B.3": "relay", "E.2": "handover"}


def check_order(events: Sequence[ReceiptEvent], header: Header) -> Claim:
    """Give the claim that the events are a whole ladder in its order, whoever stored them."""
    try:
        _require_deadlines(events, header)
        _require_reasons(events)
        counted = _counted(events, header)
        _require_order(counted)
    except Refusal as refusal:
        return failed("ladder", refusal)
    codes = " ".join(one.code for one in events)
    outcome = counted[-1].code
    told = "" if len(counted) == len(events) else f"; the outcome is {outcome}"
    return passed("ladder", f"the events are {codes}{told}")


def _require_deadlines(events: Sequence[ReceiptEvent], header: Header) -> None:
    for event in events:
        name = _AFTER.get(event.code)
        if name and read_instant(event.at) <= read_instant(header.members["expires"][name]):
            raise _refused("ladder.early", "the event comes after its deadline", event.code)


def _require_reasons(events: Sequence[ReceiptEvent]) -> None:
    # evidence-log 3.2: reasons are mandatory on every negative event.
    for event in events:
        if event.code in _NEGATIVE and not event.reasons:
            raise _refused("ladder.order", "a negative event tells its reason", event.code)


def _counted(events: Sequence[ReceiptEvent], header: Header) -> list[ReceiptEvent]:
    """Give the events that make the outcome: those of a contradiction's losing side are left."""
    codes = {one.code for one in events}
    relay = read_instant(header.members["expires"]["relay"])
    if not {"B.3", "X.9"} & codes:
        return list(events)
    first = next((one for one in events if one.code == "B.1"), None)
    if first is None or read_instant(first.at) > relay:
        if "X.9" in codes:
            raise _refused("ladder.order", "X.9 follows a B.1 that was given in time", "X.9")
        return [one for one in events if one.code in {"A.1", "B.3"}]
    if not codes >= {"B.3", "X.9"}:
        raise _refused("ladder.superseded", "a B.3 beside a B.1 in time needs an X.9", "B.3")
    return [one for one in events if one.code not in {"B.3", "X.9"}]


def _require_order(events: Sequence[ReceiptEvent]) -> None:
    last, ends = "", False
    for event in events:
        if ends or event.code not in _NEXT.get(last, frozenset()):
            raise _refused("ladder.order", "each event follows the one before it", event.code)
        last, ends = event.code, event.code in _TERMINAL
    if not ends:
        raise _refused("ladder.open", "the ladder must reach its end", last)


def _refused(code: str, rule: str, place: str) -> Refusal:
    return Refusal(code, step="verify", rule=rule, place=place)
