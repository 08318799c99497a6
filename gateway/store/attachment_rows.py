"""Attachments: how much of each is here, and to which exchange it belongs; octets are in SEALED."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, func, select, update

from gateway.store.ministry_tables import ATTACHMENT
from gateway.store.prepared import Statement, columns, insert, members, values
from gateway.store.tables import EXCHANGE
from gateway.store.turns import Turn


class AttachmentRow(NamedTuple):
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


_NAMED = ATTACHMENT.c.id == bindparam("b_id")
_ALL = select(*columns(ATTACHMENT, AttachmentRow))
_NEW = insert(ATTACHMENT, members(AttachmentRow))
_ONE = Statement(_ALL.where(_NAMED))
_OF = Statement(_ALL.where(ATTACHMENT.c.x == bindparam("x")).order_by(ATTACHMENT.c.position))
_OPEN = Statement(
    select(func.count()).where(
        ATTACHMENT.c.authority == bindparam("authority"), ATTACHMENT.c.state == "open"
    )
)
_COMING = Statement(
    _ALL.join(EXCHANGE, EXCHANGE.c.x == ATTACHMENT.c.x)
    .where(ATTACHMENT.c.state == "coming", EXCHANGE.c.partner == bindparam("partner"))
    .order_by(ATTACHMENT.c.id)
    .limit(bindparam("limit"))
)
_GOT = Statement(
    update(ATTACHMENT)
    .where(_NAMED, ATTACHMENT.c.got == bindparam("before"))
    .values(got=bindparam("b_got"))
)
_STATE = Statement(update(ATTACHMENT).where(_NAMED).values(state=bindparam("b_state")))
_SENT = Statement(
    update(ATTACHMENT)
    .where(_NAMED, ATTACHMENT.c.state == "open")
    .values(state="sent", x=bindparam("b_x"), position=bindparam("b_position"))
)


def put_attachment(turn: Turn, row: AttachmentRow) -> None:
    """Remember a new attachment."""
    _NEW.run(turn, values(row))


def attachment(turn: Turn, name: str) -> AttachmentRow | None:
    """Give one by its id."""
    found = _ONE.row(turn, {"b_id": name})
    return None if found is None else AttachmentRow(*found)


def attachments_of(turn: Turn, x: str) -> Sequence[AttachmentRow]:
    """Give those of an exchange, in their order."""
    return [AttachmentRow(*one) for one in _OF.rows(turn, {"x": x})]


def count_open(turn: Turn, authority: str) -> int:
    """Count an authority's attachments that no record has taken."""
    return int(_OPEN.value(turn, {"authority": authority}))


def coming(turn: Turn, partner: str, limit: int) -> Sequence[AttachmentRow]:
    """Give attachments of a partner's messages that are not whole here yet."""
    rows = _COMING.rows(turn, {"partner": partner, "limit": limit})
    return [AttachmentRow(*one) for one in rows]


def note_got(turn: Turn, row: AttachmentRow, got: int) -> bool:
    """Remember how much is here; False when another has brought it further meanwhile."""
    return _GOT.run(turn, {"b_id": row.id, "before": row.got, "b_got": got}) == 1


def note_state(turn: Turn, name: str, state: str) -> None:
    """Remember that it is whole, wrong or gone."""
    _STATE.run(turn, {"b_id": name, "b_state": state})


def bind_attachment(turn: Turn, name: str, x: str, position: int) -> bool:
    """Give an open attachment to an exchange; False when another has taken it."""
    return _SENT.run(turn, {"b_id": name, "b_x": x, "b_position": position}) == 1
