"""What is sent to a partner and what becomes of its answers: messages, and our later receipts.

The same items travel whether we send them (`deliver`) or the partner fetches them (`outbox`).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gateway.exchange.circuit import wait_seconds
from gateway.exchange.handover import decrypted
from gateway.exchange.office import Office
from gateway.exchange.settle import Given, settle_all, tell_wrong
from gateway.exchange.told import OF_ORIGIN
from gateway.model.instants import write_instant
from gateway.model.refusal import Refusal
from gateway.model.refusal_codes import REFUSALS
from gateway.proof.canonical import canonical_json, parse
from gateway.store import exchange_rows, outbox_rows
from gateway.store.alarm_rows import AlarmRow, put_alarm
from gateway.store.connection import Turn
from gateway.store.outbox_rows import ALONE_AFTER, Later, OutboxRow
from gateway.store.scope import WHOLE
from gateway.store.sealed import AlteredError, ErasedError

BATCH = 128
# Of a batch's places, those that what failed before may take.
BUDGET = BATCH // 4
# What a batch holds, in bytes; one item may be larger and then goes without others.
LARGEST_BATCH = 16 * 1024 * 1024
# Items whose bytes are read together: a message may have megabytes.
READ_TOGETHER = 32
# Why an item waits still, where no refusal says it.
UNANSWERED, UNREADABLE = "answer.missing", "outbox.unreadable"
_OF_ORIGIN = frozenset(" ".join(one) for one in OF_ORIGIN)
# Takes the answers to rows that were sent; gives the rows' numbers that are not done, and why.
_Take = Callable[[list[dict[str, Any]], Sequence[OutboxRow]], Mapping[int, str]]
# Gives what is sent for an exchange.
_One = Callable[[str], dict[str, Any]]
# Reads what belongs to exchanges, in few statements.
_Make = Callable[[Turn, Sequence[str]], _One]
Made = list[tuple[OutboxRow, bytes]]


@dataclass(frozen=True, slots=True)
class Way:
    """One kind of item for a partner; target: where it is sent."""

    partner: str
    kind: str
    target: str
    make: _Make
    take: _Take


def message_way(office: Office, partner: str) -> Way:
    """Give messages: each is done when its B.1 or B.2 is settled."""

    def make(turn: Turn, xs: Sequence[str]) -> _One:
        return stored_messages(office.for_one_work(), turn, xs)

    def take(answers: list[dict[str, Any]], rows: Sequence[OutboxRow]) -> Mapping[int, str]:
        office.reach("K9")
        named = _named(answers)
        why = _settled(office, named, rows, partner)
        if not any(why.values()):
            # What stands was taken off the outbox in the turn that stored it.
            return {}
        with office.store.read() as turn:
            left = outbox_rows.still_there(turn, list(why))
        return {n: why[n] for n in left}

    return Way(partner, "message", "/peer/v1/messages", make, take)


def receipts_way(office: Office, partner: str) -> Way:
    """Give our later receipts, with all earlier ones, so that a lost answer does not matter."""

    def make(turn: Turn, xs: Sequence[str]) -> _One:
        found = own_receipts(turn, xs)
        return lambda x: {"x": x, "receipts": found[x]}

    def take(answers: list[dict[str, Any]], rows: Sequence[OutboxRow]) -> Mapping[int, str]:
        named = _named(answers)
        why = {row.n: _refused(named.get(row.x, {})) for row in rows if not _over(named, row.x)}
        # Undone by power loss, it has them sent once more.
        with office.store.write(lasting=False) as turn:
            outbox_rows.finish_rows(turn, [row.n for row in rows if row.n not in why])
        return why

    return Way(partner, "receipts", "/peer/v1/receipts", make, take)


def message_item(office: Office, turn: Turn, x: str) -> dict[str, Any]:
    """Give one stored message as it travels. Raises as `stored_messages` says."""
    return stored_messages(office, turn, [x])(x)


def stored_messages(office: Office, turn: Turn, xs: Sequence[str]) -> _One:
    """Give what gives each stored message as it travels: seal, transfer, A.1 receipt.

    That raises LookupError, Refusal, AlteredError or ErasedError for what cannot be read.
    """
    exchanges = exchange_rows.exchanges_named(turn, xs, WHOLE)
    receipts = exchange_rows.receipts_named(turn, xs, WHOLE)
    sealed = exchange_rows.sealed_named(turn, xs, ("transfer",), WHOLE)

    def one(x: str) -> dict[str, Any]:
        seal = exchanges[x].seal
        transfer = decrypted(office, sealed.get((x, "transfer"))).decode("utf-8")
        return {"seal": seal, "transfer": transfer, "receipt": receipts[x][0][1]}

    return one


def own_receipts(turn: Turn, xs: Sequence[str]) -> dict[str, list[str]]:
    """Give the receipts of exchanges that are ours to send, in the order of their ladders."""
    roles = exchange_rows.roles_of(turn, xs)
    later = exchange_rows.receipts_named(turn, xs, WHOLE, lambda codes: codes != "A.1")
    return {
        x: [token for codes, token in found if (codes in _OF_ORIGIN) is (roles.get(x) == "origin")]
        for x, found in later.items()
    }


def written(office: Office, way: Way, rows: Sequence[OutboxRow]) -> Made:
    """Write the items, as many as a batch holds; the rest is released."""
    found: Made = []
    size = 0
    for place, (row, octets) in enumerate(_items(office, way, rows)):
        if octets is None:
            continue
        size += len(octets)
        if found and size > LARGEST_BATCH:
            release(office, rows[place:])
            break
        found.append((row, octets))
    return found


def _items(
    office: Office, way: Way, rows: Sequence[OutboxRow]
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


def read_answers(body: bytes) -> list[dict[str, Any]] | None:
    """Read the answers of a partner to a batch, None when they are none."""
    try:
        found = parse(body)
    except Refusal:
        return None
    return answers_of(found, "items")


def answers_of(found: Any, name: str) -> list[dict[str, Any]] | None:
    """Give a member that lists objects, None when it is no such list."""
    items = found.get(name) if isinstance(found, dict) else None
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
    settled = settle_all(office, list(given.values()), partner)
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


def later(office: Office, rows: Mapping[OutboxRow, str], more: int) -> None:
    """Offer rows again later; more: how many failures this one counts for."""
    if not rows:
        return
    now = int(office.clock().timestamp())
    with office.store.write() as turn:
        for row, why in rows.items():
            # What passes by itself (the partner's disk, a directory it fetches) is no fault of it.
            passes = more == 1 and why != UNANSWERED and REFUSALS[why].retry
            failed = row.failed if passes else row.failed + more
            # Of what fails with its whole request, the second and third time come soon: alone, it
            # shows which one is the cause.
            times = failed if more == 1 else 1 + failed // more
            times = row.attempts if passes else times
            later = Later(failed, now + wait_seconds(office, times), why)
            outbox_rows.try_later(turn, row, later)


def release(office: Office, rows: Sequence[OutboxRow]) -> None:
    """Offer rows again at once: it was not for them that nobody took them."""
    with office.store.write(lasting=False) as turn:
        outbox_rows.release(turn, [row.n for row in rows])


def _unreadable(office: Office, row: OutboxRow) -> None:
    at = write_instant(office.clock())
    with office.store.write() as turn:
        put_alarm(turn, AlarmRow(at, UNREADABLE, row.partner, row.x, row.kind, b""))
    later(office, {row: UNREADABLE}, ALONE_AFTER)
