"""Authorities' signed decisions, one an exchange, kept for ever."""

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, insert, select

from gateway.store.ministry_tables import DECISION

_NEW = insert(DECISION)
_ONE = select(DECISION).where(DECISION.c.x == bindparam("x"))


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A decision: code `C.3` or `C.4`, and what names the token by which the authority gave it."""

    x: str
    code: str
    token: str


def put_decision(turn: Connection, row: DecisionRow) -> None:
    """Keep a decision; TakenError when there is one."""
    turn.execute(_NEW, {"x": row.x, "code": row.code, "token": row.token})


def decision(turn: Connection, x: str) -> DecisionRow | None:
    """Give the decision on an exchange."""
    found = turn.execute(_ONE, {"x": x}).mappings().one_or_none()
    return None if found is None else DecisionRow(**found)
