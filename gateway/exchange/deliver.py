"""Send what waits for a partner: stored bytes, in batches, until each item is answered."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from gateway.delivery.link import Link, UnreachableError
from gateway.exchange.circuit import note_answer, note_failure, room_for, wait_seconds
from gateway.exchange.handover import opened
from gateway.exchange.late import OF_ORIGIN
from gateway.exchange.office import Office
from gateway.exchange.settle import settle
from gateway.exchange.verify import verify_receipt
from gateway.model.instants import write_instant
from gateway.model.refusal import Refusal
from gateway.proof.canonical import canonical_json
from gateway.proof.strict_json import parse
from gateway.store import exchange_rows, outbox_rows
from gateway.store.alarm_rows import AlarmRow, put_alarm
from gateway.store.outbox_rows import ALONE_AFTER, OutboxRow
from gateway.store.scope import WHOLE
from gateway.store.sealed import AlteredError, ErasedError

BATCH = 128
# Of a batch's places, those that what failed before may take.
BUDGET = BATCH // 4
# How many that go alone are sent in one round.
SINGLES = 8
# Longer than the longest request: see `gateway.delivery.link`.
LEASE_SECONDS = 120
JSON = "application/json"
_OF_ORIGIN = frozenset(" ".join(one) for one in OF_ORIGIN)
# Takes the answers to rows that were sent; gives the rows' numbers that are done.
_Take = Callable[[list[dict[str, Any]], Sequence[OutboxRow]], set[int]]
# Gives what is sent for a row.
_Make = Callable[[Any, OutboxRow], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Sent:
    """What one round came to: items answered, items to try again, and why if the link failed."""

    answered: int
    again: int
    failure: str = ""


def deliver_messages(office: Office, link: Link, partner: str) -> Sent:
    """Send due messages to a partner and settle the receipts that it answers."""

    def make(turn: Any, row: OutboxRow) -> dict[str, Any]:
        return message_item(office, turn, row.x)

    def take(answers: list[dict[str, Any]], rows: Sequence[OutboxRow]) -> set[int]:
        office.reach("K9")
        named = {str(one.get("x", "")): one.get("receipt") for one in answers}
        for row in rows:
            _settled(office, named.get(row.x), row.x, partner)
        with office.store.read() as turn:
            left = outbox_rows.still_there(turn, [row.n for row in rows])
        return {row.n for row in rows} - left

    return _deliver(office, link, _Way(partner, "message", "/peer/v1/messages", make, take))


def deliver_receipts(office: Office, link: Link, partner: str) -> Sent:
    """Send our later receipts with all earlier ones, so that a lost answer does not matter."""

    def make(turn: Any, row: OutboxRow) -> dict[str, Any]:
        return {"x": row.x, "receipts": own_receipts(turn, row.x)}

    def take(answers: list[dict[str, Any]], rows: Sequence[OutboxRow]) -> set[int]:
        done = {str(one.get("x")) for one in answers if one.get("stored") is True or _never(one)}
        found = {row.n for row in rows if row.x in done}
        with office.store.write() as turn:
            outbox_rows.finish_rows(turn, list(found))
        return found

    return _deliver(office, link, _Way(partner, "receipts", "/peer/v1/receipts", make, take))


def message_item(office: Office, turn: Any, x: str) -> dict[str, str]:
    """Give a stored message as it travels: seal, transfer, A.1 receipt. LookupError for no such."""
    exchange = exchange_rows.exchange(turn, x, WHOLE)
    if exchange is None:
        raise LookupError(x)
    token = exchange_rows.receipts(turn, x, WHOLE)[0][1]
    transfer = opened(office, turn, x, "transfer", WHOLE).decode("utf-8")
    return {"seal": exchange.seal, "transfer": transfer, "receipt": token}


def own_receipts(turn: Any, x: str) -> list[str]:
    """Give the receipts of an exchange that are ours to send, in the order of the ladder."""
    exchange = exchange_rows.exchange(turn, x, WHOLE)
    ours = exchange is not None and exchange.role == "origin"
    found = exchange_rows.receipts(turn, x, WHOLE)
    return [token for codes, token in found if codes != "A.1" and (codes in _OF_ORIGIN) is ours]


@dataclass(frozen=True, slots=True)
class _Way:
    partner: str
    kind: str
    target: str
    make: _Make
    take: _Take


def _deliver(office: Office, link: Link, way: _Way) -> Sent:
    answered, again = 0, 0
    for rows in _batches(office, way):
        office.reach("K6")
        made = _made(office, way, rows)
        if not made:
            continue
        done = _send(office, link, way, made)
        if isinstance(done, str):
            return Sent(answered, again + len(made), done)
        left = [row for row, _ in made if row.n not in done]
        _later(office, left, 1)
        answered, again = answered + len(done), again + len(left)
    return Sent(answered, again)


def _batches(office: Office, way: _Way) -> Iterator[Sequence[OutboxRow]]:
    """Claim one batch, then what goes alone, each when the one before it has been answered."""
    with office.store.read() as turn:
        if not outbox_rows.something_waits(turn, way.partner):
            return
    room = room_for(office, way.partner, BATCH)
    if not room:
        return
    now = int(office.clock().timestamp())
    with office.store.write() as turn:
        rows = outbox_rows.claim(
            turn,
            way.partner,
            way.kind,
            now=now,
            lease=LEASE_SECONDS,
            limit=room,
            budget=BUDGET,
        )
        alone = outbox_rows.claim_alone(
            turn,
            way.partner,
            way.kind,
            now=now,
            lease=LEASE_SECONDS,
            limit=min(SINGLES, room - len(rows[:1])),
        )
    if rows:
        yield rows
    for row in alone:
        yield [row]


def _made(
    office: Office, way: _Way, rows: Sequence[OutboxRow]
) -> list[tuple[OutboxRow, dict[str, Any]]]:
    found = []
    for row in rows:
        try:
            with office.store.read() as turn:
                found.append((row, way.make(turn, row)))
        except (Refusal, LookupError, AlteredError, ErasedError):
            # Its bytes cannot be read any more. The others go on; somebody must look at this one.
            _unreadable(office, row)
    return found


def _send(
    office: Office, link: Link, way: _Way, made: Sequence[tuple[OutboxRow, dict[str, Any]]]
) -> set[int] | str:
    """Give the numbers of rows that are done, or why the request failed."""
    rows = [row for row, _ in made]
    try:
        reply = link.post(way.target, canonical_json({"items": [one for _, one in made]}), JSON)
        office.reach("K8")
    except UnreachableError as error:
        note_failure(office, way.partner, str(error))
        with office.store.write() as turn:
            outbox_rows.release(turn, [row.n for row in rows])
        return str(error)
    answers = _read(reply.body) if reply.status == 200 else None
    if answers is None:
        why = f"answered {reply.status}" if reply.status != 200 else "answered what cannot be read"
        # One of them may be why: at the second time each goes alone.
        _later(office, rows, ALONE_AFTER // 2)
        note_failure(office, way.partner, f"{link.base}{way.target} {why}")
        return f"{link.base}{way.target} {why}"
    note_answer(office, way.partner)
    return way.take(answers, rows)


def _read(body: bytes) -> list[dict[str, Any]] | None:
    try:
        found = parse(body)
    except Refusal:
        return None
    items = found.get("items") if isinstance(found, dict) else None
    good = isinstance(items, list) and all(isinstance(one, dict) for one in items)
    return items if good else None


def _settled(office: Office, token: Any, x: str, partner: str) -> None:
    """Settle an answer; one that is no receipt for the message is told and changes nothing."""
    if not isinstance(token, str):
        return
    try:
        settle(office, token, partner, asked=x)
    except Refusal as refusal:
        at, evidence = write_instant(office.clock()), _evidence(office, token, partner)
        with office.store.write() as turn:
            put_alarm(turn, AlarmRow(at, refusal.code, partner, x, "answer", evidence))


def _evidence(office: Office, token: str, partner: str) -> bytes:
    # What the partner did not sign proves nothing, and may hold anything, so it is not kept.
    try:
        verify_receipt(office, token, office.trust.directory(partner))
    except Refusal:
        return b""
    return token.encode("ascii")


def _never(answer: dict[str, Any]) -> bool:
    # It never had the message that our B.3 ends: there is nobody to tell.
    return answer.get("code") == "request.not-found" and answer.get("retry") is False


def _later(office: Office, rows: Sequence[OutboxRow], more: int) -> None:
    if not rows:
        return
    now = int(office.clock().timestamp())
    with office.store.write() as turn:
        for row in rows:
            failed = row.failed + more
            # Of what fails with its whole request, the second and third time come soon: alone, it
            # shows which one is the cause.
            times = failed if more == 1 else 1 + failed // more
            outbox_rows.try_later(turn, row, failed, now + wait_seconds(office, times))


def _unreadable(office: Office, row: OutboxRow) -> None:
    at = write_instant(office.clock())
    with office.store.write() as turn:
        put_alarm(turn, AlarmRow(at, "outbox.unreadable", row.partner, row.x, row.kind, b""))
    _later(office, [row], ALONE_AFTER)
