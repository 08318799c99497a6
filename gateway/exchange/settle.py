"""Take receipts that a partner gives for exchanges: verified, logged, stored, once."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from gateway.exchange.contradicted import take_of_origin
from gateway.exchange.late import is_late, take_late
from gateway.exchange.ledger import Ledger
from gateway.exchange.office import Office
from gateway.exchange.record import note_foreign
from gateway.exchange.told import OF_ORIGIN, Told, follows_nothing
from gateway.exchange.verify import require_receipt_for, verify_receipt
from gateway.model.instants import write_instant
from gateway.model.refusal import Refusal
from gateway.proof.header import stored_header
from gateway.proof.receipt import Receipt
from gateway.store import exchange_rows, outbox_rows
from gateway.store.alarm_rows import AlarmRow, put_alarm
from gateway.store.connection import TakenError, Turn
from gateway.store.exchange_rows import ExchangeRow
from gateway.store.scope import WHOLE

_NEXT = {
    "A.1": (("B.1", "D.1"), ("B.2",)),
    "D.1": (("C.3",), ("C.4",), ("E.1",), ("E.2",)),
    "C.3": (("E.1",), ("E.2",)),
}
# What a partner gives for what we sent it.
_OF_PARTNER = frozenset(" ".join(one) for each in _NEXT.values() for one in each)


@dataclass(frozen=True, slots=True)
class _Verified:
    """A receipt that a partner's gateway signed; nothing is said yet of what it is for."""

    receipt: Receipt
    token: str

    @property
    def x(self) -> str:
        """Give the exchange it names."""
        return str(self.receipt.members.get("x", ""))

    @property
    def codes(self) -> tuple[str, ...]:
        """Give the codes of its events."""
        return tuple(one.code for one in self.receipt.events)

    @property
    def role(self) -> str:
        """Give our part: a partner's receipts are for what we sent it, but for those of `OF_ORIGIN`
        that end its own messages."""
        return "destination" if self.codes in OF_ORIGIN else "origin"


@dataclass(frozen=True, slots=True)
class Given:
    """A receipt as it came; asked: the exchange that it must be for, empty for any."""

    token: str
    asked: str = ""


def settle(office: Office, token: str, state: str, asked: str = "") -> None:
    """Store one receipt of a partner state; the same one again is no error.

    asked: the exchange that the receipt must be for, when it answers a message.
    Refuses `receipt.wrong`, `signature.*`, `request.not-found`.
    """
    (refusal,) = settle_all(office, [Given(token, asked)], state)
    if refusal is not None:
        raise refusal


def settle_all(office: Office, given: Sequence[Given], state: str) -> list[Refusal | None]:
    """Store receipts of a partner state; gives why each was not, None for what stands.

    The same one again is no error. Those that simply come next in their ladders are stored in one
    commit, all others in one of their own, in their order.
    Gives `receipt.wrong`, `signature.*`, `request.not-found`.
    """
    office = office.for_one_work()
    known = _known(office, given, state)
    found: dict[int, Refusal | None] = {}
    verified: dict[int, _Verified] = {}
    for place, one in enumerate(given):
        if (one.asked, one.token) in known:
            found[place] = None
            continue
        try:
            verified[place] = _verified(office, one, state)
        except Refusal as refusal:
            found[place] = refusal
    if verified:
        office.reach("K10")
        # Where another process stores the same at this moment, each goes on its own.
        with suppress(TakenError):
            found |= _together(office, verified, state)
        for place, receipt in verified.items():
            if place not in found:
                found[place] = _alone(office, receipt, state)
    return [found[place] for place in range(len(given))]


def _known(office: Office, given: Sequence[Given], state: str) -> set[tuple[str, str]]:
    """Give exchange and token of the partner's receipts that stand already.

    With a later receipt all earlier ones come again, octet for octet; they were verified when they
    were stored. Where each exchange has one receipt, none is looked for.
    """
    xs = list({one.asked for one in given if one.asked})
    if len(xs) == len(given):
        return set()
    with office.store.read() as turn:
        if exchange_rows.partners(turn, xs) != [state]:
            return set()
        rows = exchange_rows.receipts_named(turn, xs, WHOLE, _OF_PARTNER.__contains__)
    return {(x, token) for x, found in rows.items() for _, token in found}


def _verified(office: Office, given: Given, state: str) -> _Verified:
    receipt = verify_receipt(office, given.token, office.trust.directory(state))
    found = _Verified(receipt, given.token)
    if given.asked and found.x != given.asked:
        raise Refusal(
            "receipt.wrong", step="receipt", rule="an answer is for the message it names", place="x"
        )
    return found


def _together(
    office: Office, verified: Mapping[int, _Verified], state: str
) -> dict[int, Refusal | None]:
    """Store what comes next in its ladder; gives nothing for places that need a turn of their own.

    Behind such a place nothing of the same exchange is stored here either.
    """
    found: dict[int, Refusal | None] = {}
    xs = list({one.x for one in verified.values()})
    with office.store.write(office.log(state)) as turn:
        exchanges = exchange_rows.exchanges_named(turn, xs, WHOLE)
        given = {" ".join(one.codes) for one in verified.values()}
        before = exchange_rows.receipts_named(turn, xs, WHOLE, given.__contains__)
        ledger, apart, answered = Ledger(turn, office), set[str](), list[str]()
        for place, one in verified.items():
            if one.x in apart:
                continue
            try:
                told = _told(one, exchanges.get(one.x), state)
            except Refusal as refusal:
                found[place] = refusal
                continue
            if (" ".join(one.codes), one.token) in before[one.x]:
                found[place] = None
            elif not _is_next(told):
                apart.add(one.x)
            else:
                _note(ledger, office, told)
                before[one.x].append((" ".join(one.codes), one.token))
                exchanges[one.x] = told.exchange._replace(state=one.codes[-1])
                answered += [one.x] if one.codes[0].startswith("B.") else []
                found[place] = None
        ledger.close()
        outbox_rows.finish(turn, "message", answered)
    return found


def _alone(office: Office, one: _Verified, state: str) -> Refusal | None:
    try:
        with office.store.write(office.log(state)) as turn:
            told = _told(one, exchange_rows.exchange(turn, one.x, WHOLE), state)
            if (" ".join(one.codes), one.token) in exchange_rows.receipts(turn, one.x, WHOLE):
                return None
            _take(turn, office, told)
    except Refusal as refusal:
        return refusal
    return None


def _told(one: _Verified, exchange: ExchangeRow | None, state: str) -> Told:
    if exchange is None or exchange.role != one.role or exchange.partner != state:
        raise Refusal(
            "request.not-found",
            step="receipt",
            rule="a receipt is for a message that went between its issuer and us",
        )
    header = stored_header(exchange.header)
    require_receipt_for(one.receipt, header)
    return Told(exchange, header, one.receipt, one.token)


def _is_next(told: Told) -> bool:
    ours = told.exchange.role == "origin" and not is_late(told)
    return ours and told.codes in _NEXT.get(told.exchange.state, ())


def _note(ledger: Ledger, office: Office, told: Told) -> None:
    log = office.log(told.exchange.partner)
    note_foreign(ledger, told.header, told.receipt, log=log, token=told.token)
    ledger.rows.ended.append(told.exchange.x)


def take_receipts(
    office: Office, items: Sequence[Mapping[str, Any]], state: str
) -> list[dict[str, Any]]:
    """Settle items of a partner's later receipts; gives an answer each.

    Refuses `request.malformed` when an item is no `{x, receipts}`.
    """
    read = [_read(one) for one in items]
    given = [Given(token, x) for x, tokens in read for token in tokens]
    refusals = iter(zip(given, settle_all(office, given, state), strict=True))
    return [_stored(office, x, [next(refusals) for _ in tokens], state) for x, tokens in read]


def _read(item: Mapping[str, Any]) -> tuple[str, list[str]]:
    x, tokens = item.get("x"), item.get("receipts")
    good = isinstance(tokens, list) and all(isinstance(one, str) for one in tokens)
    if not isinstance(x, str) or not isinstance(tokens, list) or not good:
        raise Refusal(
            "request.malformed", step="receipt", rule="an item has x and receipts", place="items"
        )
    return x, tokens


def _stored(
    office: Office, x: str, settled: Sequence[tuple[Given, Refusal | None]], state: str
) -> dict[str, Any]:
    for given, refusal in settled:
        if refusal is not None:
            tell_wrong(office, state, x, given.token, refusal)
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
    exchange = told.exchange
    if exchange.role == "destination":
        take_of_origin(turn, office, told)
        return
    if is_late(told):
        take_late(turn, office, told)
    elif _is_next(told):
        ledger = Ledger(turn, office)
        _note(ledger, office, told)
        ledger.close()
    else:
        raise follows_nothing()
    if told.codes[0].startswith("B."):
        outbox_rows.finish(turn, "message", [exchange.x])
