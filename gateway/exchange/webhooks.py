"""Tell a ministry's own address what waits in its inbox: pointers, never content.

An address belongs to a submitter and is told of what that submitter may read. Each message lists
exchange ids behind the last one it took (2xx). What it does not take is told again, with growing
gaps, for 72 hours; then these pointers are given up with an alarm, and the inbox still holds all.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from gateway.delivery.push import Push, PushError
from gateway.exchange.authenticate import Caller
from gateway.exchange.handover import not_found
from gateway.exchange.office import Office
from gateway.exchange.seal import NUMBERS_DAY
from gateway.model.ids import random_id
from gateway.model.instants import read_instant, write_instant
from gateway.model.refusal import Refusal
from gateway.model.rights import read_submitter, record_types
from gateway.proof.canonical import canonical_json
from gateway.proof.strict_json import parse
from gateway.store import exchange_rows, webhook_rows
from gateway.store.alarm_rows import AlarmRow, put_alarm
from gateway.store.connection import Turn
from gateway.store.exchange_rows import InboxRow
from gateway.store.scope import WHOLE, Own
from gateway.store.sealed import Binding, open_bytes, seal_bytes
from gateway.store.webhook_rows import WebhookRow

KINDS = ("events", "queries")
SECRET_SIZE = 32
OVERLAP = timedelta(hours=24)
GIVEN_UP_AFTER = timedelta(hours=72)
LONGEST_GAP = 3600
LEASE_SECONDS = 60
MOST_TOLD = 100
MOST_ADDRESSES = 8


@dataclass(frozen=True, slots=True)
class Told:
    """What one round came to: pointers taken, and why an address did not take them, by its id."""

    taken: int
    failed: Mapping[str, str]


def add_webhook(office: Office, caller: Caller, body: bytes) -> dict[str, Any]:
    """Take an address `{url, kind?}`; gives its id and secret, which is told this once.

    Refuses `webhook.wrong`.
    """
    found = parse(body)
    if not isinstance(found, dict) or not {"url"} <= found.keys() <= {"url", "kind"}:
        raise _wrong("the body is {url, kind?}", "body")
    url, kind = found["url"], found.get("kind", KINDS[0])
    if not isinstance(url, str) or kind not in KINDS:
        raise _wrong("url is a text, kind is events or queries", "kind")
    try:
        office.pusher.judged(url)
    except PushError as error:
        raise _wrong(str(error), "url") from None
    name = random_id(office.entropy)
    row = WebhookRow(name, kind, caller.authority, caller.name, url, 1, "", "", 0, 0, "", 0)
    secret = office.entropy(SECRET_SIZE)
    with office.store.write(f"inbox {caller.authority}") as turn:
        if len(webhook_rows.webhooks(turn, caller.authority)) >= MOST_ADDRESSES:
            raise _wrong(f"an authority has at most {MOST_ADDRESSES} addresses", "url")
        webhook_rows.put_webhook(turn, row)
        _keep(turn, office, row, secret)
    return {"webhook": name, "kind": kind, "url": url, "secret": _text(secret)}


def list_webhooks(office: Office, caller: Caller) -> dict[str, Any]:
    """Give the addresses of this submitter, with how they fare, without secrets."""
    with office.store.read() as turn:
        rows = webhook_rows.webhooks(turn, caller.authority)
    return {
        "items": [
            {"webhook": one.id, "kind": one.kind, "url": one.url, "failing": one.since}
            for one in rows
            if one.submitter == caller.name
        ]
    }


def rotate_webhook(office: Office, caller: Caller, body: bytes) -> dict[str, Any]:
    """Give a new secret to `{webhook}`; the one before signs beside it for 24 hours.

    Refuses `webhook.wrong`, `request.not-found`.
    """
    name = _named(body)
    secret, until = office.entropy(SECRET_SIZE), write_instant(office.clock() + OVERLAP)
    with office.store.write(f"inbox {caller.authority}") as turn:
        row = _own(turn, caller, name)
        if not webhook_rows.rotate_secret(turn, row, until):
            raise _wrong("its secret was changed just now; ask again", "webhook")
        _keep(turn, office, row._replace(secrets=row.secrets + 1), secret)
    return {"webhook": name, "secret": _text(secret), "overlap": until}


def end_webhook(office: Office, caller: Caller, body: bytes) -> dict[str, Any]:
    """Tell the address `{webhook}` nothing more. Refuses `webhook.wrong`, `request.not-found`."""
    name = _named(body)
    with office.store.write() as turn:
        row = _own(turn, caller, name)
        webhook_rows.end_webhook(turn, row.id, write_instant(office.clock()))
    return {"webhook": name, "ended": True}


def secrets_of(office: Office, turn: Turn, row: WebhookRow) -> list[bytes]:
    """Give the secrets that sign now: the newest first, then the one before while it holds."""
    numbers = [row.secrets]
    if row.overlap and office.clock() < read_instant(row.overlap):
        numbers.append(row.secrets - 1)
    found = [exchange_rows.sealed(turn, row.id, f"secret-{one}", WHOLE) for one in numbers]
    return [open_bytes(one[1], one[0], office.day_keys) for one in found if one is not None]


def scope_of(office: Office, row: WebhookRow) -> Own | None:
    """Give what an address's submitter may read now, None when it may nothing."""
    listed = office.trust.directory(office.state).submitters.get(row.submitter)
    if listed is None:
        return None
    submitter = read_submitter(row.submitter, listed, state=office.state)
    over = submitter.suspended is not None and office.clock() >= submitter.suspended
    if over or submitter.authority != row.authority:
        return None
    return Own(row.authority, record_types(submitter))


def tell_webhooks(office: Office) -> Told:
    """Tell every address that is due, once; one that fails holds up no other."""
    now = int(office.clock().timestamp())
    taken = 0
    failed: dict[str, str] = {}
    with office.store.read() as turn:
        rows = webhook_rows.due_webhooks(turn, "events", now)
        waiting = [(row, found) for row in rows if (found := _waiting(office, turn, row))]
    for row, items in waiting:
        with office.store.write() as turn:
            mine = webhook_rows.claim_webhook(turn, row.id, now, now + LEASE_SECONDS)
        if not mine:
            continue
        why = _tell(office, row, items)
        taken += 0 if why else len(items)
        failed |= {row.id: why} if why else {}
    return Told(taken, failed)


def _waiting(office: Office, turn: Turn, row: WebhookRow) -> list[InboxRow]:
    scope = scope_of(office, row)
    return [] if scope is None else exchange_rows.inbox(turn, scope, row.cursor, MOST_TOLD)


def _tell(office: Office, row: WebhookRow, items: list[InboxRow]) -> str:
    told = [{"exchangeId": one.x, "cursor": one.n} for one in items]
    body = canonical_json({"type": "inbox.waiting", "webhook": row.id, "items": told})
    with office.store.read() as turn:
        secrets = secrets_of(office, turn, row)
    try:
        # The same pointers told again have the same id, by which the ministry knows them.
        answer = office.pusher.push(
            Push(row.url, f"{row.id}.{items[0].n}-{items[-1].n}", body, secrets)
        )
        why = "" if 200 <= answer.status < 300 else f"answered {answer.status}"
    except PushError as error:
        why = str(error)
    with office.store.write("alarm") as turn:
        webhook_rows.tell_webhook(turn, _after(office, turn, row, items, why))
    return why


def _after(
    office: Office, turn: Turn, row: WebhookRow, items: list[InboxRow], why: str
) -> WebhookRow:
    at = office.clock()
    done = row._replace(cursor=items[-1].n, attempts=0, since="", next_at=0)
    if not why:
        return done
    since = row.since or write_instant(at)
    if at - read_instant(since) >= GIVEN_UP_AFTER:
        told = canonical_json({"webhook": row.id, "from": items[0].n, "to": items[-1].n})
        x, subject = items[0].x, f"{row.id}.{items[-1].n}"
        put_alarm(turn, AlarmRow(write_instant(at), "webhook.given-up", "", x, subject, told))
        return done
    attempts = row.attempts + 1
    gap = min(2 ** min(attempts, 12), LONGEST_GAP)
    # Half of the gap is fixed, half is chance: those that were down are not met by a wave.
    jitter = int.from_bytes(office.entropy(2), "big") % (gap // 2 + 1)
    when = int(at.timestamp()) + gap // 2 + jitter
    return row._replace(attempts=attempts, since=since, next_at=when)


def _keep(turn: Turn, office: Office, row: WebhookRow, secret: bytes) -> None:
    home = Binding("home", NUMBERS_DAY, "", row.id)
    sealed = seal_bytes(secret, home, office.day_keys)
    exchange_rows.put_sealed(turn, f"secret-{row.secrets}", home, sealed)


def _named(body: bytes) -> str:
    found = parse(body)
    if not isinstance(found, dict) or found.keys() != {"webhook"}:
        raise _wrong("the body is {webhook}", "body")
    return str(found["webhook"])


def _own(turn: Turn, caller: Caller, name: str) -> WebhookRow:
    for one in webhook_rows.webhooks(turn, caller.authority):
        if (one.id, one.submitter) == (name, caller.name):
            return one
    raise not_found()


def _text(secret: bytes) -> str:
    return "whsec_" + base64.b64encode(secret).decode("ascii")


def _wrong(rule: str, place: str) -> Refusal:
    return Refusal("webhook.wrong", step="validate", rule=rule, place=place)
