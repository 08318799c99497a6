"""Send what waits for a partner: stored bytes, in batches, until each item is answered."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gateway.delivery.link import Link, UnreachableError
from gateway.exchange.handover import decrypted
from gateway.exchange.late import OF_ORIGIN
from gateway.exchange.office import Office
from gateway.exchange.settle import settle
from gateway.proof.canonical import canonical_json
from gateway.store import exchange_rows, outbox_rows
from gateway.store.connection import Turn
from gateway.store.outbox_rows import OutboxRow
from gateway.store.scope import WHOLE

BATCH = 128
LEASE_SECONDS = 60
LONGEST_WAIT = 300
JSON = "application/json"
_OF_ORIGIN = frozenset(" ".join(one) for one in OF_ORIGIN)


@dataclass(frozen=True, slots=True)
class Sent:
    """What one round came to: items answered, items to try again, and why if the link failed."""

    answered: int
    again: int
    failure: str = ""


def deliver_messages(office: Office, link: Link, partner: str) -> Sent:
    """Send due messages to a partner and settle the receipts that it answers."""
    rows = _claim(office, partner, "message")
    if not rows:
        return Sent(0, 0)
    office.reach("K6")
    with office.store.read() as turn:
        items = message_items(office.for_one_work(), turn, [row.x for row in rows])
    answers = _post(office, link, "/peer/v1/messages", {"items": items}, rows)
    if isinstance(answers, Sent):
        return answers
    office.reach("K9")
    named = {str(one.get("x", "")): one.get("receipt") for one in answers}
    told = [named.get(row.x) for row in rows]
    settled = settle(office, [one for one in told if isinstance(one, str)], partner)
    again = _still_waiting(office, rows)
    _put_back(office, again)
    return Sent(settled.count(None), len(again))


def deliver_receipts(office: Office, link: Link, partner: str) -> Sent:
    """Send our later receipts with all earlier ones, so that a lost answer does not matter."""
    rows = _claim(office, partner, "receipts")
    if not rows:
        return Sent(0, 0)
    with office.store.read() as turn:
        found = _own_receipts(turn, [row.x for row in rows])
    items = [{"x": x, "receipts": tokens} for x, tokens in found.items()]
    answers = _post(office, link, "/peer/v1/receipts", {"items": items}, rows)
    if isinstance(answers, Sent):
        return answers
    done = {str(one.get("x")) for one in answers if one.get("stored") is True or _never_had(one)}
    with office.store.write() as turn:
        outbox_rows.finish_rows(turn, [row.n for row in rows if row.x in done])
    again = [row for row in rows if row.x not in done]
    _put_back(office, again)
    return Sent(len(rows) - len(again), len(again))


def _never_had(answer: dict[str, Any]) -> bool:
    # It never had the message that our B.3 ends: there is nobody to tell.
    return answer.get("code") == "request.not-found" and answer.get("retry") is False


def _claim(office: Office, partner: str, kind: str) -> list[OutboxRow]:
    now = int(office.clock().timestamp())
    with office.store.read() as turn:
        if outbox_rows.waiting(turn, partner) is None:
            return []
    with office.store.write() as turn:
        return outbox_rows.claim(turn, partner, kind, now=now, lease=LEASE_SECONDS, limit=BATCH)


def message_items(office: Office, turn: Turn, xs: Sequence[str]) -> list[dict[str, str]]:
    """Give stored messages as they travel: seal, transfer, A.1 receipt. LookupError for no such."""
    exchanges = exchange_rows.exchanges_named(turn, xs, WHOLE)
    receipts = exchange_rows.receipts_named(turn, xs, WHOLE)
    sealed = exchange_rows.sealed_named(turn, xs, ("transfer",), WHOLE)
    return [
        {
            "seal": exchanges[x].seal,
            "transfer": decrypted(office, sealed.get((x, "transfer"))).decode("utf-8"),
            "receipt": receipts[x][0][1],
        }
        for x in xs
    ]


def _own_receipts(turn: Turn, xs: Sequence[str]) -> dict[str, list[str]]:
    roles = {x: one.role for x, one in exchange_rows.exchanges_named(turn, xs, WHOLE).items()}
    return {
        x: [
            token
            for codes, token in found
            if codes != "A.1" and (codes in _OF_ORIGIN) is (roles.get(x) == "origin")
        ]
        for x, found in exchange_rows.receipts_named(turn, xs, WHOLE).items()
    }


def _post(
    office: Office, link: Link, target: str, body: dict[str, Any], rows: Sequence[OutboxRow]
) -> list[dict[str, Any]] | Sent:
    try:
        reply = link.post(target, canonical_json(body), JSON)
        office.reach("K8")
        items = json.loads(reply.body)["items"] if reply.status == 200 else None
        if isinstance(items, list) and all(isinstance(one, dict) for one in items):
            return items
        failure = f"{link.base}{target} answered {reply.status}"
    except UnreachableError as error:
        failure = str(error)
    except (ValueError, KeyError, TypeError):
        failure = f"{link.base}{target} answered what cannot be read"
    _put_back(office, rows)
    return Sent(0, len(rows), failure)


def _put_back(office: Office, rows: Sequence[OutboxRow]) -> None:
    if not rows:
        return
    now = int(office.clock().timestamp())
    attempts = max(row.attempts for row in rows)
    # Half of the wait is fixed, half is chance: partners that were down are not met by a wave.
    wait = min(2 ** min(attempts, 9), LONGEST_WAIT)
    jitter = int.from_bytes(office.entropy(2), "big") % (wait // 2 + 1)
    with office.store.write() as turn:
        outbox_rows.retry_at(turn, [row.n for row in rows], now + wait // 2 + jitter)


def _still_waiting(office: Office, rows: Sequence[OutboxRow]) -> list[OutboxRow]:
    with office.store.read() as turn:
        found = exchange_rows.exchanges_named(turn, [row.x for row in rows], WHOLE)
    return [row for row in rows if row.x in found and found[row.x].state == "A.1"]
