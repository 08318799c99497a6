"""SQLite in WAL with synchronous=FULL: with NORMAL a power loss forgets acknowledged rows.

Only turns that need not last run with NORMAL. security.md, finding 6. One writer turn at a time,
whatever it names: writers queue on a file lock before BEGIN IMMEDIATE, since two processes starve
each other without it (DESIGN section 2).
"""

import fcntl
import os
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import OperationalError

from gateway.store.group import Queue
from gateway.store.kept import Kept
from gateway.store.migrate import migrate
from gateway.store.prepared import OCTETS
from gateway.store.scope import WHOLE, Scope
from gateway.store.turns import StoreError, Turn, full

# Of a new file. Most rows are too long for half a page of 4096 bytes, and left a third of it empty.
PAGE = 8192
_DURABLE: dict[str, str | int] = {
    "journal_mode": "wal",
    "synchronous": 2,
    "secure_delete": 1,
    "foreign_keys": 1,
}
# Of a turn that need not last: its commit waits for no disk, and outlives the process all the same.
_PASSING = {"synchronous": 1}
# Room for receipts, deadlines and nonces of days while nothing new is taken.
RESERVE = 64 * 1024 * 1024
# What SQLite says when a write or the growth of its shared memory finds no room.
_FULL = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE}


@dataclass(frozen=True, slots=True)
class SqliteStore:
    """A database in one file, and the file on which its writers queue.

    passing: connections whose turns need not last; writers, others: who waits for a turn of the one
    kind and of the other; reserve: bytes of its disk that are kept for what must go on.
    """

    kept: Kept
    passing: Kept
    writers: Queue
    others: Queue
    lock_file: Path
    reserve: int = RESERVE

    @property
    def packs(self) -> bool:
        """Rows are packed: a file has the nodes of one release."""
        return True

    @contextmanager
    def read(self, _scope: Scope = WHOLE) -> Iterator[Turn]:
        """Give a connection that sees one consistent state."""
        turn = _begun(self.kept, "BEGIN")
        try:
            yield turn
        except (OperationalError, sqlite3.OperationalError) as error:
            _tell_full(error)
            raise
        finally:
            _undo(self.kept, turn)

    @contextmanager
    def write(self, *_names: str, lasting: bool = True) -> Iterator[Turn]:
        """Give the one writer's connection."""
        try:
            with (self.writers if lasting else self.others).turn() as turn:
                yield turn
        except BaseException as error:
            _tell_full(error)
            raise

    def require_room(self) -> None:
        """Refuse `storage.full` while less than the reserve is free."""
        if shutil.disk_usage(self.lock_file.parent).free < self.reserve:
            raise full()

    def close(self) -> None:
        """Close the connections that are not in use."""
        self.kept.close()
        self.passing.close()


@dataclass(frozen=True, slots=True)
class _Writing:
    """The one writer's transaction; lock: the file on which writers queue, held."""

    kept: Kept
    turn: Turn
    lock: int

    def run(self, *commands: str) -> None:
        for one in commands:
            self.turn.cursor.execute(one)

    def stands(self) -> bool:
        return bool(self.turn.cursor.connection.in_transaction)

    def commit(self) -> None:
        try:
            self.turn.cursor.execute("COMMIT")
        except BaseException:
            self.undo()
            raise
        self.kept.give(self.turn)
        os.close(self.lock)

    def undo(self) -> None:
        try:
            _undo(self.kept, self.turn)
        finally:
            os.close(self.lock)


def _writing(kept: Kept, lock_file: Path) -> _Writing:
    lock = os.open(lock_file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return _Writing(kept, _begun(kept, "BEGIN IMMEDIATE"), lock)
    except BaseException:
        os.close(lock)
        raise


def _begun(kept: Kept, begin: str) -> Turn:
    turn = kept.idle() or kept.opened()
    try:
        turn.cursor.execute(begin)
    except BaseException as error:
        kept.drop(turn)
        _tell_full(error)
        raise
    return turn


def _undo(kept: Kept, turn: Turn) -> None:
    # A full disk may have ended the transaction already.
    with suppress(sqlite3.OperationalError):
        turn.cursor.execute("ROLLBACK")
    if turn.cursor.connection.in_transaction:
        kept.drop(turn)
    else:
        kept.give(turn)


def _turn(connection: Connection) -> Turn:
    # The driver's own connection: through SQLAlchemy a BEGIN costs as much as a SELECT.
    driver = cast("sqlite3.Connection", connection.connection.driver_connection)
    return Turn(connection, driver.cursor(), "sqlite", sqlite3.IntegrityError, packs=True)


def _tell_full(error: BaseException) -> None:
    # A reader may need room too: its part of the memory that all connections share.
    told = error.__cause__ if isinstance(error, StoreError) else error
    told = told.orig if isinstance(told, OperationalError) else told
    if int(getattr(told, "sqlite_errorcode", 0)) in _FULL:
        raise full() from None


def open_sqlite(file: Path) -> SqliteStore:
    """Open or create the database. StoreError when a durability setting does not hold."""
    engine, passing = _engine(file, _DURABLE), _engine(file, {**_DURABLE, **_PASSING})
    with engine.connect() as connection:
        for name, wanted in _DURABLE.items():
            found = connection.execute(text(f"PRAGMA {name}")).scalar_one()
            if found != wanted:
                raise StoreError(f"{file}: PRAGMA {name} is {found}, it must be {wanted}")
    lock_file = file.with_name(file.name + ".lock")
    lasting, loose = Kept(engine, _turn), Kept(passing, _turn)
    queues = [Queue(partial(_writing, kept, lock_file)) for kept in (lasting, loose)]
    store = SqliteStore(lasting, loose, queues[0], queues[1], lock_file)
    with store.write() as turn:
        migrate(turn)
    # A file must not be carried open into a process that is forked from here.
    store.close()
    return store


def _engine(file: Path, pragmas: Mapping[str, str | int]) -> Engine:
    engine = create_engine(f"sqlite:///{file}", isolation_level="AUTOCOMMIT")
    event.listen(engine, "connect", partial(_set_pragmas, pragmas))
    return engine


def _set_pragmas(pragmas: Mapping[str, str | int], connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA page_size={PAGE}")
    for name, wanted in pragmas.items():
        cursor.execute(f"PRAGMA {name}={wanted}")
    cursor.execute("PRAGMA busy_timeout=30000")
    cursor.close()
    connection.create_function(OCTETS, 1, bytes.fromhex, deterministic=True)
