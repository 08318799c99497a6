"""What authorities' signed status lists say, found by an HMAC of each document's number."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, insert, select, update

from gateway.store.ministry_tables import STATUS, STATUS_LIST
from gateway.store.once import put_once

_NEW_LIST = insert(STATUS_LIST)
_LIST = select(STATUS_LIST).where(STATUS_LIST.c.id == bindparam("id"))
# Ids are UUIDv7, so the greatest is the newest.
_NEWEST = (
    select(STATUS_LIST)
    .where(
        STATUS_LIST.c.authority == bindparam("authority"),
        STATUS_LIST.c.record_type == bindparam("record_type"),
    )
    .order_by(STATUS_LIST.c.id.desc())
    .limit(1)
)
_SAID = ("list", "verdict", "state", "valid_from", "valid_to")
_STATUS = select(STATUS).where(STATUS.c.hmac == bindparam("hmac"))
_CHANGE = (
    update(STATUS)
    .where(STATUS.c.hmac == bindparam("b_hmac"))
    .values({one: bindparam(f"b_{one}") for one in _SAID})
)


@dataclass(frozen=True, slots=True)
class StatusListRow:
    """One signed list: whose, of which type, who signed, its digest, its day, and until when.

    as_of: the day of its data; until: an instant after which it says nothing any more.
    """

    id: str
    authority: str
    record_type: str
    submitter: str
    sha256: str
    as_of: str
    until: str


@dataclass(frozen=True, slots=True)
class StatusRow:
    """One document of a list; state, valid_from and valid_to are empty where it tells none."""

    hmac: bytes
    list: str
    verdict: str
    state: str
    valid_from: str
    valid_to: str


def put_status_list(turn: Connection, row: StatusListRow, entries: Sequence[StatusRow]) -> None:
    """Store a list; what it says of a number takes the place of what was said before."""
    turn.execute(_NEW_LIST, {one: getattr(row, one) for one in row.__slots__})
    for entry in entries:
        values = {one: getattr(entry, one) for one in entry.__slots__}
        if put_once(turn, STATUS, values) == 0:
            turn.execute(_CHANGE, {f"b_{name}": one for name, one in values.items()})


def newest_list(turn: Connection, authority: str, record_type: str) -> StatusListRow | None:
    """Give the newest list of an authority for a record type."""
    wanted = {"authority": authority, "record_type": record_type}
    found = turn.execute(_NEWEST, wanted).mappings().one_or_none()
    return None if found is None else StatusListRow(**found)


def status(turn: Connection, hmac: bytes) -> tuple[StatusRow, StatusListRow] | None:
    """Give what is said of a number, and the list that says it."""
    found = turn.execute(_STATUS, {"hmac": hmac}).mappings().one_or_none()
    if found is None:
        return None
    row = StatusRow(**{**found, "hmac": bytes(found["hmac"])})
    return row, StatusListRow(**turn.execute(_LIST, {"id": row.list}).mappings().one())
