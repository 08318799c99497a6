"""Send what waits for a partner: stored bytes, in batches, until each item is answered."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from gateway.delivery.link import Link, UnreachableError
from gateway.exchange.circuit import (
    note_answer,
    note_failure,
    note_further_failure,
    room_for,
    wait_seconds,
)
from gateway.exchange.office import Office
from gateway.exchange.outgoing import One, own_receipts, stored_messages
from gateway.exchange.settle import Given, settle, tell_wrong
from gateway.model.instants import write_instant
from gateway.model.refusal import Refusal
from gateway.model.refusal_codes import REFUSALS
from gateway.proof.canonical import canonical_json
from gateway.proof.strict_json import parse
from gateway.store import outbox_rows
from gateway.store.alarm_rows import AlarmRow, put_alarm
from gateway.store.connection import Turn
from gateway.store.outbox_rows import ALONE_AFTER, Later, OutboxRow
from gateway.store.sealed import AlteredError, ErasedError

BATCH = 128
# Of a batch's places, those that what failed before may take.
BUDGET = BATCH // 4
# How many that go alone are sent in one round.
SINGLES = 8
# What a batch holds, in bytes; one item may be larger and then goes without others.
LARGEST_BATCH = 16 * 1024 * 1024
# Items whose bytes are read together: a message may have megabytes.
READ_TOGETHER = 32
# Longer than the longest request: see `gateway.delivery.link`.
LEASE_SECONDS = 120
# The partner's own trouble, and none of any item: too many requests, not ready, disk full.
_PASSES = (429, 503, 507)
# Why an item waits still, where no refusal says it.
UNANSWERED, UNREADABLE = "answer.missing", "outbox.unreadable"
JSON = "application/json"
# Takes the answers to rows that were sent; gives the rows' numbers that are not done, and why.
_Take = Callable[[list[dict[str, Any]], Sequence[OutboxRow]], Mapping[int, str]]
# Reads what belongs to exchanges, in few statements.
_Make = Callable[[Turn, Sequence[str]], One]
_Made = list[tuple[OutboxRow, bytes]]


@dataclass(frozen=True, slots=True)
class Sent:
    """What one round came to: items answered, items to try again, and why if the link failed."""

    answered: int
    again: int
    failure: str = ""


def deliver_messages(office: Office, link: Link, partner: str) -> Sent:
    """Send due messages to a partner and settle the receipts that it answers."""

    def make(turn: Turn, xs: Sequence[str]) -> One:
        return stored_messages(office.for_one_work(), turn, xs)

    def take(answers: list[dict[str, Any]], rows: Sequence[OutboxRow]) -> Mapping[int, str]:
        office.reach("K9")
        named = _named(answers)
        why = _settled(office, named, rows, partner)
        with office.store.read() as turn:
            left = outbox_rows.still_there(turn, list(why))
        return {n: why[n] for n in left}

    return _deliver(office, link, _Way(partner, "message", "/peer/v1/messages", make, take))


def deliver_receipts(office: Office, link: Link, partner: str) -> Sent:
    """Send our later receipts with all earlier ones, so that a lost answer does not matter."""

    def make(turn: Turn, xs: Sequence[str]) -> One:
        found = own_receipts(turn, xs)
        return lambda x: {"x": x, "receipts": found[x]}

    def take(answers: list[dict[str, Any]], rows: Sequence[OutboxRow]) -> Mapping[int, str]:
        named = _named(answers)
        why = {row.n: _refused(named.get(row.x, {})) for row in rows if not _over(named, row.x)}
        with office.store.write() as turn:
            outbox_rows.finish_rows(turn, [row.n for row in rows if row.n not in why])
        return why

    return _deliver(office, link, _Way(partner, "receipts", "/peer/v1/receipts", make, take))


def begin_again(office: Office) -> None:
    """Offer what a worker that died had claimed: a start must not wait for the lease's end.

    What another node is sending at this moment goes out twice then, and is answered alike.
    """
    with office.store.write() as turn:
        outbox_rows.release_claimed(turn, int(office.clock().timestamp()))


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
        why = _send(office, link, way, made)
        if isinstance(why, str):
            return Sent(answered, again + len(made), why)
        _later(office, {row: why[row.n] for row, _ in made if row.n in why}, 1)
        answered, again = answered + len(made) - len(why), again + len(why)
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
    due = partial(outbox_rows.Due, way.partner, way.kind, now, LEASE_SECONDS)
    with office.store.write() as turn:
        rows = outbox_rows.claim(turn, due(room), budget=BUDGET)
    if rows:
        yield rows
    for _ in range(min(SINGLES, room - len(rows[:1]))):
        with office.store.read() as turn:
            if not outbox_rows.something_goes_alone(turn, due(1)):
                return
        with office.store.write() as turn:
            alone = outbox_rows.claim_alone(turn, due(1))
        if alone:
            yield alone


def _made(office: Office, way: _Way, rows: Sequence[OutboxRow]) -> _Made:
    """Write the items, as many as a batch holds; the rest is released."""
    found: _Made = []
    size = 0
    for place, (row, octets) in enumerate(_items(office, way, rows)):
        if octets is None:
            continue
        size += len(octets)
        if found and size > LARGEST_BATCH:
            _release(office, rows[place:])
            break
        found.append((row, octets))
    return found


def _items(
    office: Office, way: _Way, rows: Sequence[OutboxRow]
) -> Iterator[tuple[OutboxRow, bytes | None]]:
    for begin in range(0, len(rows), READ_TOGETHER):
        some = rows[begin : begin + READ_TOGETHER]
        with office.store.read() as turn:
            one = way.make(turn, [row.x for row in some])
        for row in some:
            try:
                yield row, canonical_json(one(row.x))
            except (Refusal, LookupError, AlteredError, ErasedError):
                # Its bytes cannot be read any more. The others go on; somebody must look at it.
                _unreadable(office, row)
                yield row, None


def _send(office: Office, link: Link, way: _Way, made: _Made) -> Mapping[int, str] | str:
    """Give the numbers of rows that are not done and why, or why the request failed."""
    rows = [row for row, _ in made]
    # Canonical JSON of canonical members: the whole is canonical too (RFC 8785 section 3.2).
    body = b'{"items":[' + b",".join(octets for _, octets in made) + b"]}"
    try:
        reply = link.post(way.target, body, JSON)
        office.reach("K8")
    except UnreachableError as error:
        note_failure(office, way.partner, str(error))
        _release(office, rows)
        return str(error)
    answers = _read(reply.body) if reply.status == 200 else None
    if answers is not None:
        note_answer(office, way.partner)
        return way.take(answers, rows)
    told = f"answered {reply.status}" if reply.status != 200 else "answered what cannot be read"
    why = f"{link.base}{way.target} {told}"
    if reply.status in _PASSES:
        note_failure(office, way.partner, why, reply.after)
        _release(office, rows)
        return why
    if all(row.failed >= ALONE_AFTER for row in rows):
        # What goes alone is why, as far as is known: it opens no circuit that holds up others.
        note_further_failure(office, way.partner, why)
    else:
        note_failure(office, way.partner, why)
    # One of them may be why: at the second time each goes alone.
    _later(office, dict.fromkeys(rows, UNANSWERED), ALONE_AFTER // 2)
    return why


def _read(body: bytes) -> list[dict[str, Any]] | None:
    try:
        found = parse(body)
    except Refusal:
        return None
    items = found.get("items") if isinstance(found, dict) else None
    good = isinstance(items, list) and all(isinstance(one, dict) for one in items)
    return items if good else None


def _named(answers: Sequence[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {str(one.get("x", "")): one for one in answers}


def _settled(
    office: Office,
    named: Mapping[str, Mapping[str, Any]],
    rows: Sequence[OutboxRow],
    partner: str,
) -> dict[int, str]:
    """Settle the answers; gives by row why one does not stand, empty for what stands.

    One that does not stand changes nothing.
    """
    why, given = {}, {}
    for row in rows:
        token = named.get(row.x, {}).get("receipt")
        if isinstance(token, str):
            given[row] = Given(token, row.x)
        else:
            why[row.n] = _refused(named.get(row.x, {}))
    settled = settle(office, list(given.values()), partner)
    for (row, one), refusal in zip(given.items(), settled, strict=True):
        why[row.n] = "" if refusal is None else refusal.code
        if refusal is not None:
            tell_wrong(office, partner, row.x, one.token, refusal)
    return why


def _refused(answer: Mapping[str, Any]) -> str:
    # A partner may write anything there; only what our table knows is kept.
    code = answer.get("code")
    return code if isinstance(code, str) and code in REFUSALS else UNANSWERED


def _over(named: Mapping[str, Mapping[str, Any]], x: str) -> bool:
    answer = named.get(x, {})
    # It never had the message that our B.3 ends: there is nobody to tell.
    never = answer.get("code") == "request.not-found" and answer.get("retry") is False
    return answer.get("stored") is True or never


def _later(office: Office, rows: Mapping[OutboxRow, str], more: int) -> None:
    if not rows:
        return
    now = int(office.clock().timestamp())
    with office.store.write() as turn:
        for row, why in rows.items():
            failed = row.failed + more
            # Of what fails with its whole request, the second and third time come soon: alone, it
            # shows which one is the cause.
            times = failed if more == 1 else 1 + failed // more
            later = Later(failed, now + wait_seconds(office, times), why)
            outbox_rows.try_later(turn, row, later)


def _release(office: Office, rows: Sequence[OutboxRow]) -> None:
    with office.store.write() as turn:
        outbox_rows.release(turn, [row.n for row in rows])


def _unreadable(office: Office, row: OutboxRow) -> None:
    at = write_instant(office.clock())
    with office.store.write() as turn:
        put_alarm(turn, AlarmRow(at, UNREADABLE, row.partner, row.x, row.kind, b""))
    _later(office, {row: UNREADABLE}, ALONE_AFTER)
