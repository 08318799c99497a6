"""SQLite in WAL with synchronous=FULL: with NORMAL a power loss forgets acknowledged rows.

security.md, finding 6. One writer turn at a time, whatever it names: writers queue on a file lock
before BEGIN IMMEDIATE, since two processes starve each other without it (DESIGN section 2).
"""

import fcntl
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import OperationalError

from gateway.store.migrate import migrate
from gateway.store.prepared import OCTETS
from gateway.store.scope import WHOLE, Scope
from gateway.store.turns import StoreError, Turn, full

# Of a new file. Most rows are too long for half a page of 4096 bytes, and left a third of it empty.
PAGE = 8192
_DURABLE = {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1, "foreign_keys": 1}
# Room for receipts, deadlines and nonces of days while nothing new is taken.
RESERVE = 64 * 1024 * 1024
# What SQLite says when a write or the growth of its shared memory finds no room.
_FULL = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE}


@dataclass(frozen=True, slots=True)
class SqliteStore:
    """A database in one file, and the file on which its writers queue.

    reserve: bytes of its disk that are kept for what must go on.
    """

    engine: Engine
    lock_file: Path
    reserve: int = RESERVE

    @property
    def packs(self) -> bool:
        """Rows are packed: a file has the nodes of one release."""
        return True

    @contextmanager
    def read(self, _scope: Scope = WHOLE) -> Iterator[Turn]:
        """Give a connection that sees one consistent state."""
        with _full_told(), self.engine.connect() as connection:
            # SQLAlchemy's own begin sends nothing, and each statement would see a state of its own.
            driver = _driver(connection)
            driver.execute("BEGIN")
            try:
                yield _turn(connection)
            finally:
                driver.execute("ROLLBACK")

    @contextmanager
    def write(self, *_names: str) -> Iterator[Turn]:
        """Give the one writer's connection."""
        with self.lock_file.open("a+b") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            with _full_told(), self.engine.connect() as connection:
                driver = _driver(connection)
                try:
                    driver.execute("BEGIN IMMEDIATE")
                    yield _turn(connection)
                    driver.execute("COMMIT")
                except BaseException:
                    # A full disk may have ended the transaction already.
                    with suppress(sqlite3.OperationalError):
                        driver.execute("ROLLBACK")
                    raise

    def require_room(self) -> None:
        """Refuse `storage.full` while less than the reserve is free."""
        if shutil.disk_usage(self.lock_file.parent).free < self.reserve:
            raise full()


def _turn(connection: Connection) -> Turn:
    cursor = _driver(connection).cursor()
    return Turn(connection, cursor, "sqlite", sqlite3.IntegrityError, packs=True)


def _driver(connection: Connection) -> sqlite3.Connection:
    """Give the driver's own connection: through SQLAlchemy a BEGIN costs as much as a SELECT."""
    return cast("sqlite3.Connection", connection.connection.driver_connection)


@contextmanager
def _full_told() -> Iterator[None]:
    # A reader may need room too: its part of the memory that all connections share.
    try:
        yield
    except (OperationalError, sqlite3.OperationalError) as error:
        told = error.orig if isinstance(error, OperationalError) else error
        if int(getattr(told, "sqlite_errorcode", 0)) in _FULL:
            raise full() from None
        raise


def open_sqlite(file: Path) -> SqliteStore:
    """Open or create the database. StoreError when a durability setting does not hold."""
    # Connections are kept: opening one with its settings costs more than most statements do.
    engine = create_engine(f"sqlite:///{file}", isolation_level="AUTOCOMMIT")
    event.listen(engine, "connect", _set_pragmas)
    with engine.connect() as connection:
        for name, wanted in _DURABLE.items():
            found = connection.execute(text(f"PRAGMA {name}")).scalar_one()
            if found != wanted:
                raise StoreError(f"{file}: PRAGMA {name} is {found}, it must be {wanted}")
    store = SqliteStore(engine, file.with_name(file.name + ".lock"))
    with store.write() as turn:
        migrate(turn)
    return store


def _set_pragmas(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA page_size={PAGE}")
    for name, wanted in _DURABLE.items():
        cursor.execute(f"PRAGMA {name}={wanted}")
    cursor.execute("PRAGMA busy_timeout=30000")
    cursor.close()
    connection.create_function(OCTETS, 1, bytes.fromhex, deterministic=True)
