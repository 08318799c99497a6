"""Statements that give the rows of a scope only: the condition of each kind of scope."""

from collections.abc import Callable
from enum import Enum
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, Table, bindparam, exists, or_, true

from gateway.store.ministry_tables import QUESTION
from gateway.store.prepared import Named, Statement, one_of
from gateway.store.scope import Scope, Whole
from gateway.store.tables import EXCHANGE, INBOX
from gateway.store.turns import Turn

_AUTHORITY: BindParameter[str] = bindparam("own_authority")


class Reach(Enum):
    """A kind of scope: every row, those of an authority, or of these only those of some types."""

    WHOLE, AUTHORITY, TYPES = range(3)


class Scoped:
    """One statement for each kind of scope.

    compose: what gives the query for a kind, with a condition below in it.
    """

    def __init__(self, compose: Callable[[Reach], Select[Any]]) -> None:
        self._of = {one: Statement(compose(one)) for one in Reach}

    def rows(self, turn: Turn, scope: Scope, named: Named) -> list[tuple[Any, ...]]:
        """Give the rows that the scope shows."""
        if isinstance(scope, Whole):
            return self._of[Reach.WHOLE].rows(turn, named)
        named = {**named, "own_authority": scope.authority}
        if scope.record_types is None:
            return self._of[Reach.AUTHORITY].rows(turn, named)
        return self._of[Reach.TYPES].rows(turn, {**named, "own_types": scope.record_types})


def of_exchange(reach: Reach) -> ColumnElement[bool]:
    """Give the condition on exchanges: sent or received by the authority, of its types."""
    if reach is Reach.WHOLE:
        return true()
    own = or_(EXCHANGE.c.sender == _AUTHORITY, EXCHANGE.c.recipient == _AUTHORITY)
    return own & _of_types(reach)


def of_inbox(reach: Reach) -> ColumnElement[bool]:
    """Give the condition on inbox files: for the authority, of its types."""
    if reach is Reach.WHOLE:
        return true()
    own = INBOX.c.authority == _AUTHORITY
    return own if reach is Reach.AUTHORITY else own & _with_exchange(INBOX, _of_types(reach))


def of_part(table: Table, reach: Reach) -> ColumnElement[bool]:
    """Give the condition on what belongs to an exchange: it is seen by whom that is seen."""
    return true() if reach is Reach.WHOLE else _with_exchange(table, of_exchange(reach))


def _with_exchange(table: Table, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    # Asked row by row: as a list, the condition would be asked of every exchange there is.
    return exists().where(EXCHANGE.c.x == table.c.x, condition)


def _of_types(reach: Reach) -> ColumnElement[bool]:
    if reach is not Reach.TYPES:
        return true()
    # A question and its answer are of the type that they are about.
    about = exists().where(QUESTION.c.x == EXCHANGE.c.x, one_of(QUESTION.c.asked, "own_types"))
    return one_of(EXCHANGE.c.record_type, "own_types") | about
