"""What authorities' signed status lists say, found by an HMAC of each document's number."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, select

from gateway.store.ministry_tables import STATUS, STATUS_LIST
from gateway.store.prepared import Statement, columns, insert, members, upsert, values
from gateway.store.turns import Turn


class StatusListRow(NamedTuple):
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


class StatusRow(NamedTuple):
    """One document of a list; state, valid_from and valid_to are empty where it tells none."""

    hmac: bytes
    list: str
    verdict: str
    state: str
    valid_from: str
    valid_to: str


_LISTS = select(*columns(STATUS_LIST, StatusListRow))
_LIST = Statement(_LISTS.where(STATUS_LIST.c.id == bindparam("id")))
# Ids are UUIDv7, so the greatest is the newest.
_NEWEST = Statement(
    _LISTS.where(
        STATUS_LIST.c.authority == bindparam("authority"),
        STATUS_LIST.c.record_type == bindparam("record_type"),
    )
    .order_by(STATUS_LIST.c.id.desc())
    .limit(1)
)
_NEW_LIST = insert(STATUS_LIST, members(StatusListRow))
_STATUS = Statement(select(*columns(STATUS, StatusRow)).where(STATUS.c.hmac == bindparam("hmac")))
_PUT = upsert(STATUS, members(StatusRow), "hmac")


def put_status_list(turn: Turn, row: StatusListRow, entries: Sequence[StatusRow]) -> None:
    """Store a list; what it says of a number takes the place of what was said before."""
    _NEW_LIST.run(turn, values(row))
    _PUT.run_all(turn, [values(one) for one in entries])


def newest_list(turn: Turn, authority: str, record_type: str) -> StatusListRow | None:
    """Give the newest list of an authority for a record type."""
    found = _NEWEST.row(turn, {"authority": authority, "record_type": record_type})
    return None if found is None else StatusListRow(*found)


def status(turn: Turn, hmac: bytes) -> tuple[StatusRow, StatusListRow] | None:
    """Give what is said of a number, and the list that says it."""
    found = _STATUS.row(turn, {"hmac": hmac})
    if found is None:
        return None
    row = StatusRow(*found)
    (told,) = _LIST.rows(turn, {"id": row.list})
    return row, StatusListRow(*told)
