"""Open the database with the durability we promise, or not at all.

SQLite in WAL with synchronous=FULL: with NORMAL a power loss forgets acknowledged rows
(security.md, finding 6). One writer turn at a time: writers queue on a file lock before
BEGIN IMMEDIATE, since two processes starve each other without it (DESIGN section 2).
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import IntegrityError

from gateway.store.migrate import migrate

# One use of the database: a reader's view or the one writer's turn.
Turn = Connection
# A row that must be the only one of its key was there already.
TakenError = IntegrityError

_DURABLE = {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1, "foreign_keys": 1}


class StoreError(Exception):
    """A database that must not be used; says which setting is wrong."""


@dataclass(frozen=True, slots=True)
class Store:
    """One gateway's database; connections are opened after a fork, one a use."""

    engine: Engine
    lock_file: Path

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection that sees one consistent state."""
        with self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give the one writer's connection; when the block ends, its rows survive power loss."""
        with self.lock_file.open("a+b") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            with self.engine.connect() as connection:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                try:
                    yield connection
                except BaseException:
                    connection.exec_driver_sql("ROLLBACK")
                    raise
                connection.exec_driver_sql("COMMIT")


def open_store(file: Path) -> Store:
    """Open or create the database. StoreError when a durability setting does not hold."""
    # Connections are kept: opening one with its settings costs more than most statements do.
    engine = create_engine(f"sqlite:///{file}", isolation_level="AUTOCOMMIT")
    event.listen(engine, "connect", _set_pragmas)
    with engine.connect() as connection:
        for name, wanted in _DURABLE.items():
            found = connection.execute(text(f"PRAGMA {name}")).scalar_one()
            if found != wanted:
                raise StoreError(f"{file}: PRAGMA {name} is {found}, it must be {wanted}")
    store = Store(engine, file.with_name(file.name + ".lock"))
    with store.write() as connection:
        migrate(connection)
    return store


def _set_pragmas(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    for name, wanted in _DURABLE.items():
        cursor.execute(f"PRAGMA {name}={wanted}")
    cursor.execute("PRAGMA busy_timeout=30000")
    cursor.close()
