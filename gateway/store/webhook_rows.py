"""Addresses that ministries have named, and how far each was told of what waits in its inbox."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, select, update

from gateway.store.ministry_tables import WEBHOOK
from gateway.store.prepared import Statement, columns, insert, members, values
from gateway.store.turns import Turn


class WebhookRow(NamedTuple):
    """One address: kind `events` or `queries`; secrets: the number of the newest one.

    overlap: until when the secret before signs too, an instant, empty for never; ended: since when
    it is no more. cursor: the last inbox row told; attempts, since: of what was not taken yet;
    next_at: not before this second.
    """

    id: str
    kind: str
    authority: str
    submitter: str
    url: str
    secrets: int
    overlap: str
    ended: str
    cursor: int
    attempts: int
    since: str
    next_at: int


_NAMED = WEBHOOK.c.id == bindparam("b_id")
_OPEN = select(*columns(WEBHOOK, WebhookRow)).where(WEBHOOK.c.ended == "")
_NEW = insert(WEBHOOK, members(WebhookRow))
_DUE = Statement(
    _OPEN.where(WEBHOOK.c.kind == bindparam("kind"), WEBHOOK.c.next_at <= bindparam("now"))
)
_OF = Statement(_OPEN.where(WEBHOOK.c.authority == bindparam("authority")).order_by(WEBHOOK.c.id))
_CLAIM = Statement(
    update(WEBHOOK)
    .where(_NAMED, WEBHOOK.c.next_at <= bindparam("now"))
    .values(next_at=bindparam("until"))
)
_SAID = ("cursor", "attempts", "since", "next_at")
_TOLD = Statement(
    update(WEBHOOK).where(_NAMED).values({one: bindparam(f"b_{one}") for one in _SAID})
)
_ROTATED = Statement(
    update(WEBHOOK)
    .where(_NAMED, WEBHOOK.c.secrets == bindparam("before"))
    .values(secrets=WEBHOOK.c.secrets + 1, overlap=bindparam("b_overlap"))
)
_ENDED = Statement(update(WEBHOOK).where(_NAMED).values(ended=bindparam("at")))


def put_webhook(turn: Turn, row: WebhookRow) -> None:
    """Remember an address."""
    _NEW.run(turn, values(row))


def webhooks(turn: Turn, authority: str) -> Sequence[WebhookRow]:
    """Give an authority's addresses that have not ended."""
    return [WebhookRow(*one) for one in _OF.rows(turn, {"authority": authority})]


def due_webhooks(turn: Turn, kind: str, now: int) -> Sequence[WebhookRow]:
    """Give the addresses of a kind that may be told now."""
    return [WebhookRow(*one) for one in _DUE.rows(turn, {"kind": kind, "now": now})]


def claim_webhook(turn: Turn, name: str, now: int, until: int) -> bool:
    """Take an address for a while; False when another worker has it."""
    return _CLAIM.run(turn, {"b_id": name, "now": now, "until": until}) == 1


def tell_webhook(turn: Turn, row: WebhookRow) -> None:
    """Remember how far an address was told, and when it is tried again."""
    _TOLD.run(turn, {f"b_{one}": getattr(row, one) for one in ("id", *_SAID)})


def rotate_secret(turn: Turn, row: WebhookRow, overlap: str) -> bool:
    """Count one secret more; overlap: until when the one before holds. False if done meanwhile."""
    told = {"b_id": row.id, "before": row.secrets, "b_overlap": overlap}
    return _ROTATED.run(turn, told) == 1


def end_webhook(turn: Turn, name: str, at: str) -> None:
    """Tell an address nothing more."""
    _ENDED.run(turn, {"b_id": name, "at": at})
