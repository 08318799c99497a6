"""Which version of each state's directory each partner has shown to know: it only rises."""

from typing import NamedTuple

from sqlalchemy import bindparam, func, select

from gateway.store.prepared import Statement, columns, members, upsert, values
from gateway.store.tables import DIRECTORY_SEEN
from gateway.store.turns import Turn


class Seen(NamedTuple):
    """The highest version a partner named, the time of that message, and how often one fell."""

    version: int
    at: str
    fell: int


_SEEN = DIRECTORY_SEEN.c
_ONE = Statement(
    select(*columns(DIRECTORY_SEEN, Seen)).where(
        _SEEN.partner == bindparam("partner"), _SEEN.state == bindparam("state")
    )
)
_KEY = ("partner", "state")
_PUT = upsert(DIRECTORY_SEEN, (*_KEY, *members(Seen)), *_KEY, rising="version")
_NEWEST = Statement(select(_SEEN.state, func.max(_SEEN.version)).group_by(_SEEN.state))
_FALLEN = Statement(select(_SEEN.partner, func.sum(_SEEN.fell)).group_by(_SEEN.partner))


def seen(turn: Turn, partner: str, state: str) -> Seen | None:
    """Give what a partner has shown to know of a state's directory, None before the first."""
    row = _ONE.row(turn, {"partner": partner, "state": state})
    return None if row is None else Seen(*row)


def put_seen(turn: Turn, partner: str, state: str, new: Seen) -> None:
    """Remember it, in a turn that holds our log for the partner; a higher version stays."""
    _PUT.run(turn, {"partner": partner, "state": state, **values(new)})


def newest_seen(turn: Turn) -> dict[str, int]:
    """Give the highest version any partner has named, by state."""
    return dict(_NEWEST.rows(turn, {}))


def count_fallen(turn: Turn) -> list[tuple[str, int]]:
    """Give, by partner, how often it named a version lower than it had named before."""
    return [(partner, int(count)) for partner, count in _FALLEN.rows(turn, {})]
