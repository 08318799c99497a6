"""Whose rows a query may give: every query for a caller names it, and none has a default."""

from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import ColumnElement, Table, exists, false, or_, true

from gateway.store.ministry_tables import QUESTION
from gateway.store.tables import EXCHANGE, INBOX


@dataclass(frozen=True, slots=True)
class Own:
    """The rows of one authority, and of these record types; None is each type.

    ValueError for no authority, so that a missing name never reads as everybody's.
    """

    authority: str
    record_types: frozenset[str] | None

    def __post_init__(self) -> None:
        """Refuse a scope of nobody."""
        if not self.authority:
            raise ValueError("a scope is that of an authority")


@dataclass(frozen=True, slots=True)
class Whole:
    """Every row: for the gateway's own steps, and for auditors, who are asked for their ground."""


Scope = Own | Whole
WHOLE = Whole()
# A condition is put together once a scope, of which there are as many as authorities with rights.
_kept = lru_cache(maxsize=1024)


@_kept
def of_exchange(scope: Scope) -> ColumnElement[bool]:
    """Give the condition on exchanges: sent or received by the authority, of its types."""
    if isinstance(scope, Whole):
        return true()
    own = or_(EXCHANGE.c.sender == scope.authority, EXCHANGE.c.recipient == scope.authority)
    return own & _of_types(scope)


@_kept
def of_inbox(scope: Scope) -> ColumnElement[bool]:
    """Give the condition on inbox files: for the authority, of its types."""
    if isinstance(scope, Whole):
        return true()
    own = INBOX.c.authority == scope.authority
    if scope.record_types is None:
        return own
    return own & _with_exchange(INBOX, _of_types(scope))


@_kept
def of_part(table: Table, scope: Scope) -> ColumnElement[bool]:
    """Give the condition on what belongs to an exchange: it is seen by whom that is seen."""
    if isinstance(scope, Whole):
        return true()
    return _with_exchange(table, of_exchange(scope))


def _with_exchange(table: Table, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    # Asked row by row: as a list, the condition would be asked of every exchange there is.
    return exists().where(EXCHANGE.c.x == table.c.x, condition)


def _of_types(scope: Own) -> ColumnElement[bool]:
    if scope.record_types is None:
        return true()
    if not scope.record_types:
        return false()
    own = sorted(scope.record_types)
    # A question and its answer are of the type that they are about.
    about = exists().where(QUESTION.c.x == EXCHANGE.c.x, QUESTION.c.asked.in_(own))
    return EXCHANGE.c.record_type.in_(own) | about
