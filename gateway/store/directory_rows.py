"""Which version of each state's directory each partner has shown to know: it only rises."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, select, update

from gateway.store.once import put_once
from gateway.store.tables import DIRECTORY_SEEN


@dataclass(frozen=True, slots=True)
class Seen:
    """The highest version a partner named, the time of that message, and how often one fell."""

    version: int
    at: str
    fell: int


def seen(connection: Connection, partner: str, state: str) -> Seen | None:
    """Give what a partner has shown to know of a state's directory, None before the first."""
    table = DIRECTORY_SEEN
    row = connection.execute(
        select(table).where(table.c.partner == partner, table.c.state == state)
    ).one_or_none()
    return None if row is None else Seen(row.version, row.at, row.fell)


def put_seen(connection: Connection, partner: str, state: str, new: Seen) -> None:
    """Remember it, in a turn that holds our log for the partner; a higher version stays."""
    table = DIRECTORY_SEEN
    values = {"version": new.version, "at": new.at, "fell": new.fell}
    if put_once(connection, table, {"partner": partner, "state": state, **values}) == 0:
        same = (table.c.partner == partner, table.c.state == state)
        risen = (*same, table.c.version <= new.version)
        connection.execute(update(table).where(*risen).values(**values))


def newest_seen(connection: Connection) -> dict[str, int]:
    """Give the highest version any partner has named, by state."""
    table = DIRECTORY_SEEN
    rows = connection.execute(
        select(table.c.state, func.max(table.c.version)).group_by(table.c.state)
    )
    return {str(state): int(version) for state, version in rows}


def count_fallen(connection: Connection) -> list[tuple[str, int]]:
    """Give, by partner, how often it named a version lower than it had named before."""
    table = DIRECTORY_SEEN
    rows = connection.execute(
        select(table.c.partner, func.sum(table.c.fell)).group_by(table.c.partner)
    )
    return [(str(partner), int(count)) for partner, count in rows]
