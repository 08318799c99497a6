"""Insert a row unless one of its key is there: a failed insert would end the turn on PostgreSQL.

PostgreSQL refuses every further statement of a transaction in which one failed, so a row that may
be there already is put with ON CONFLICT, which both dialects know (PostgreSQL 9.5, SQLite 3.24)
and SQLAlchemy Core spells in the same words.
"""

from collections.abc import Mapping, Sequence
from functools import cache

from sqlalchemy import Table

from gateway.store.prepared import Statement, insert_once
from gateway.store.turns import Turn


def put_once(turn: Turn, table: Table, row: Mapping[str, object]) -> int:
    """Give 1 when the row was stored, 0 when one of its key was there, which stays as it is."""
    return _once(table, tuple(row)).run(turn, row)


@cache
def _once(table: Table, names: Sequence[str]) -> Statement:
    return insert_once(table, names)
