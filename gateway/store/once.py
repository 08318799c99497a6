"""Insert a row unless one of its key is there: a failed insert would end the turn on PostgreSQL.

PostgreSQL refuses every further statement of a transaction in which one failed, so a row that may
be there already is put with ON CONFLICT DO NOTHING, which both dialects know (PostgreSQL 9.5,
SQLite 3.24) and SQLAlchemy Core spells in the dialect's own insert.
"""

from collections.abc import Callable, Mapping
from functools import cache

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

_Insert = Callable[[Table], sqlite.Insert | postgresql.Insert]
_INSERT: dict[str, _Insert] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


@cache
def _statement(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    return _INSERT[dialect](table).on_conflict_do_nothing()


def put_once(turn: Connection, table: Table, row: Mapping[str, object]) -> int:
    """Give 1 when the row was stored, 0 when one of its key was there, which stays as it is."""
    statement = _statement(turn.dialect.name, table)
    # Without this option SQLAlchemy gives -1 for an insert through psycopg.
    counted = {"preserve_rowcount": True}
    return turn.execute(statement, dict(row), execution_options=counted).rowcount
