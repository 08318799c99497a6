"""Send what waits for a partner: stored bytes, in batches, until each item is answered."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from gateway.delivery.link import Link, UnreachableError
from gateway.exchange.circuit import note_answer, note_failure, note_further_failure, room_of
from gateway.exchange.office import Office
from gateway.exchange.ways import (
    BATCH,
    BUDGET,
    UNANSWERED,
    Made,
    Way,
    later,
    message_way,
    read_answers,
    receipts_way,
    release,
    written,
)
from gateway.store import outbox_rows
from gateway.store.circuit_rows import CircuitRow, circuit
from gateway.store.outbox_rows import ALONE_AFTER, OutboxRow

# How many that go alone are sent in one round.
SINGLES = 8
# Longer than a partner may be silent (`gateway.delivery.link`). What a node that was killed had
# claimed waits so long; an answer that takes longer, drop by drop, may be asked for by another node
# too, and then comes twice and is taken once.
LEASE_SECONDS = 40
# The partner's own trouble, and none of any item: too many requests, not ready, disk full.
_PASSES = (429, 503, 507)
JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Sent:
    """What one round came to: items answered, items to try again, and why if the link failed."""

    answered: int
    again: int
    failure: str = ""


def deliver(office: Office, link: Link, partner: str) -> Iterator[Sent]:
    """Send what is due to a partner; gives what it came to: messages, then our later receipts."""
    now = int(office.clock().timestamp())
    with office.store.read() as turn:
        due = [
            way
            for way in (message_way(office, partner), receipts_way(office, partner))
            if outbox_rows.something_is_due(turn, _due(way, now, 1))
        ]
        known = circuit(turn, partner) if due else None
    for way in due if room_of(office, known, BATCH) else ():
        sent = _deliver(office, link, way, known)
        yield sent
        if sent.failure:
            return


def begin_again(office: Office) -> None:
    """Offer what a worker that died had claimed: a start must not wait for the lease's end.

    What another node is sending at this moment goes out twice then, and is answered alike.
    """
    with office.store.write() as turn:
        outbox_rows.release_claimed(turn, int(office.clock().timestamp()))


def offer_again(office: Office, partner: str) -> None:
    """Offer what a turn had claimed for a partner that ended before it could settle the answers."""
    with office.store.write() as turn:
        outbox_rows.release_claimed(turn, int(office.clock().timestamp()), partner)


def _deliver(office: Office, link: Link, way: Way, known: CircuitRow | None) -> Sent:
    answered, again = 0, 0
    for rows in _batches(office, way, room_of(office, known, BATCH)):
        office.reach("K6")
        items = written(office, way, rows)
        if not items:
            continue
        why = _send(office, link, way, items, known)
        if isinstance(why, str):
            return Sent(answered, again + len(items), why)
        later(office, {row: why[row.n] for row, _ in items if row.n in why}, 1)
        answered, again = answered + len(items) - len(why), again + len(why)
    return Sent(answered, again)


def _due(way: Way, now: int, limit: int) -> outbox_rows.Due:
    return outbox_rows.Due(way.partner, way.kind, now, LEASE_SECONDS, limit)


def _batches(office: Office, way: Way, room: int) -> Iterator[Sequence[OutboxRow]]:
    """Claim one batch, then what goes alone, each when the one before it has been answered."""
    now = int(office.clock().timestamp())
    # A claim that power loss undoes is one more time that a message is sent, which is taken once.
    with office.store.write(lasting=False) as turn:
        rows = outbox_rows.claim(turn, _due(way, now, room), budget=BUDGET)
        alone = outbox_rows.something_goes_alone(turn, _due(way, now, 1))
    if rows:
        yield rows
    for _ in range(min(SINGLES, room - len(rows[:1])) if alone else 0):
        with office.store.write(lasting=False) as turn:
            one = outbox_rows.claim_alone(turn, _due(way, now, 1))
        if not one:
            return
        yield one


def _send(
    office: Office, link: Link, way: Way, items: Made, known: CircuitRow | None
) -> Mapping[int, str] | str:
    """Give the numbers of rows that are not done and why, or why the request failed.

    known: how the partner failed before, None when it did not.
    """
    rows = [row for row, _ in items]
    # Canonical JSON of canonical members: the whole is canonical too (RFC 8785 section 3.2).
    body = b'{"items":[' + b",".join(octets for _, octets in items) + b"]}"
    try:
        reply = link.post(way.target, body, JSON)
        office.reach("K8")
    except UnreachableError as error:
        note_failure(office, way.partner, str(error))
        release(office, rows)
        return str(error)
    answers = read_answers(reply.body) if reply.status == 200 else None
    if answers is not None:
        if known is not None:
            note_answer(office, way.partner)
        return way.take(answers, rows)
    told = f"answered {reply.status}" if reply.status != 200 else "answered what cannot be read"
    why = f"{link.base}{way.target} {told}"
    if reply.status in _PASSES:
        note_failure(office, way.partner, why, reply.after)
        release(office, rows)
        return why
    if all(row.failed >= ALONE_AFTER for row in rows):
        # What goes alone is why, as far as is known: it opens no circuit that holds up others.
        note_further_failure(office, way.partner, why)
    else:
        note_failure(office, way.partner, why)
    # One of them may be why: at the second time each goes alone.
    later(office, dict.fromkeys(rows, UNANSWERED), ALONE_AFTER // 2)
    return why
