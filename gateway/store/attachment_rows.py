"""Attachments: how much of each is here, and to which exchange it belongs; octets are in SEALED."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, func, insert, select, update

from gateway.store.ministry_tables import ATTACHMENT
from gateway.store.tables import EXCHANGE

_NEW = insert(ATTACHMENT)
_ONE = select(ATTACHMENT).where(ATTACHMENT.c.id == bindparam("id"))
_OF = select(ATTACHMENT).where(ATTACHMENT.c.x == bindparam("x")).order_by(ATTACHMENT.c.position)
_OPEN = select(func.count()).where(
    ATTACHMENT.c.authority == bindparam("authority"), ATTACHMENT.c.state == "open"
)
_COMING = (
    select(ATTACHMENT)
    .join(EXCHANGE, EXCHANGE.c.x == ATTACHMENT.c.x)
    .where(ATTACHMENT.c.state == "coming", EXCHANGE.c.partner == bindparam("partner"))
    .order_by(ATTACHMENT.c.id)
    .limit(bindparam("limit"))
)
_GOT = (
    update(ATTACHMENT)
    .where(ATTACHMENT.c.id == bindparam("b_id"), ATTACHMENT.c.got == bindparam("before"))
    .values(got=bindparam("b_got"))
)
_STATE = update(ATTACHMENT).where(ATTACHMENT.c.id == bindparam("b_id")).values(
    state=bindparam("b_state")
)  # fmt: skip
_SENT = (
    update(ATTACHMENT)
    .where(ATTACHMENT.c.id == bindparam("b_id"), ATTACHMENT.c.state == "open")
    .values(state="sent", x=bindparam("b_x"), position=bindparam("b_position"))
)


@dataclass(frozen=True, slots=True)
class AttachmentRow:
    """One attachment: size and how much of it is got, in bytes; position: its place, from 0.

    state: `open` until a record takes it, then `sent`; at the other side `coming`, `here`, `wrong`
    when the octets are not those that were committed to, or `gone` when the origin has it no more.
    x: its exchange, empty while open.
    """

    id: str
    authority: str
    x: str
    position: int
    size: int
    got: int
    state: str


def put_attachment(turn: Connection, row: AttachmentRow) -> None:
    """Remember a new attachment."""
    turn.execute(_NEW, {one: getattr(row, one) for one in row.__slots__})


def attachment(turn: Connection, name: str) -> AttachmentRow | None:
    """Give one by its id."""
    found = turn.execute(_ONE, {"id": name}).mappings().one_or_none()
    return None if found is None else AttachmentRow(**found)


def attachments_of(turn: Connection, x: str) -> Sequence[AttachmentRow]:
    """Give those of an exchange, in their order."""
    return [AttachmentRow(**one) for one in turn.execute(_OF, {"x": x}).mappings()]


def count_open(turn: Connection, authority: str) -> int:
    """Count an authority's attachments that no record has taken."""
    return int(turn.execute(_OPEN, {"authority": authority}).scalar_one())


def coming(turn: Connection, partner: str, limit: int) -> Sequence[AttachmentRow]:
    """Give attachments of a partner's messages that are not whole here yet."""
    rows = turn.execute(_COMING, {"partner": partner, "limit": limit}).mappings()
    return [AttachmentRow(**one) for one in rows]


def note_got(turn: Connection, row: AttachmentRow, got: int) -> bool:
    """Remember how much is here; False when another has brought it further meanwhile."""
    return turn.execute(_GOT, {"b_id": row.id, "before": row.got, "b_got": got}).rowcount == 1


def note_state(turn: Connection, name: str, state: str) -> None:
    """Remember that it is whole, wrong or gone."""
    turn.execute(_STATE, {"b_id": name, "b_state": state})


def bind_attachment(turn: Connection, name: str, x: str, position: int) -> bool:
    """Give an open attachment to an exchange; False when another has taken it."""
    values = {"b_id": name, "b_x": x, "b_position": position}
    return turn.execute(_SENT, values).rowcount == 1
