"""Addresses that ministries have named, and how far each was told of what waits in its inbox."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, insert, select, update

from gateway.store.ministry_tables import WEBHOOK

_NEW = insert(WEBHOOK)
_OPEN = select(WEBHOOK).where(WEBHOOK.c.ended == "")
_DUE = _OPEN.where(WEBHOOK.c.kind == bindparam("kind"), WEBHOOK.c.next_at <= bindparam("now"))
_OF = _OPEN.where(WEBHOOK.c.authority == bindparam("authority")).order_by(WEBHOOK.c.id)
_CLAIM = (
    update(WEBHOOK)
    .where(WEBHOOK.c.id == bindparam("b_id"), WEBHOOK.c.next_at <= bindparam("now"))
    .values(next_at=bindparam("until"))
)
_TOLD = update(WEBHOOK).where(WEBHOOK.c.id == bindparam("b_id")).values(
    cursor=bindparam("b_cursor"),
    attempts=bindparam("b_attempts"),
    since=bindparam("b_since"),
    next_at=bindparam("b_next_at"),
)  # fmt: skip
_ROTATED = (
    update(WEBHOOK)
    .where(WEBHOOK.c.id == bindparam("b_id"), WEBHOOK.c.secrets == bindparam("before"))
    .values(secrets=WEBHOOK.c.secrets + 1, overlap=bindparam("b_overlap"))
)
_ENDED = update(WEBHOOK).where(WEBHOOK.c.id == bindparam("b_id")).values(ended=bindparam("at"))


@dataclass(frozen=True, slots=True)
class WebhookRow:
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


def put_webhook(turn: Connection, row: WebhookRow) -> None:
    """Remember an address."""
    turn.execute(_NEW, {one: getattr(row, one) for one in row.__slots__})


def webhooks(turn: Connection, authority: str) -> Sequence[WebhookRow]:
    """Give an authority's addresses that have not ended."""
    return [WebhookRow(**one) for one in turn.execute(_OF, {"authority": authority}).mappings()]


def due_webhooks(turn: Connection, kind: str, now: int) -> Sequence[WebhookRow]:
    """Give the addresses of a kind that may be told now."""
    rows = turn.execute(_DUE, {"kind": kind, "now": now}).mappings()
    return [WebhookRow(**one) for one in rows]


def claim_webhook(turn: Connection, name: str, now: int, until: int) -> bool:
    """Take an address for a while; False when another worker has it."""
    return turn.execute(_CLAIM, {"b_id": name, "now": now, "until": until}).rowcount == 1


def tell_webhook(turn: Connection, row: WebhookRow) -> None:
    """Remember how far an address was told, and when it is tried again."""
    names = ("id", "cursor", "attempts", "since", "next_at")
    turn.execute(_TOLD, {f"b_{one}": getattr(row, one) for one in names})


def rotate_secret(turn: Connection, row: WebhookRow, overlap: str) -> bool:
    """Count one secret more; overlap: until when the one before holds. False if done meanwhile."""
    values = {"b_id": row.id, "before": row.secrets, "b_overlap": overlap}
    return turn.execute(_ROTATED, values).rowcount == 1


def end_webhook(turn: Connection, name: str, at: str) -> None:
    """Tell an address nothing more."""
    turn.execute(_ENDED, {"b_id": name, "at": at})
