"""Authorities' signed decisions, one an exchange, kept for ever."""

from typing import NamedTuple

from sqlalchemy import bindparam, select

from gateway.store.ministry_tables import DECISION
from gateway.store.prepared import Statement, columns, insert, members, values
from gateway.store.turns import Turn


class DecisionRow(NamedTuple):
    """A decision: code `C.3` or `C.4`, and what names the token by which the authority gave it."""

    x: str
    code: str
    token: str


_NEW = insert(DECISION, members(DecisionRow))
_ONE = Statement(select(*columns(DECISION, DecisionRow)).where(DECISION.c.x == bindparam("x")))


def put_decision(turn: Turn, row: DecisionRow) -> None:
    """Keep a decision; TakenError when there is one."""
    _NEW.run(turn, values(row))


def decision(turn: Turn, x: str) -> DecisionRow | None:
    """Give the decision on an exchange."""
    found = _ONE.row(turn, {"x": x})
    return None if found is None else DecisionRow(*found)
