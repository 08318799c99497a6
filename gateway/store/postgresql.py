"""PostgreSQL: several nodes on one database, one turn a log at a time (DESIGN section 2).

A writer's turn locks the rows of what it names, in the order of the names, before it reads: under
READ COMMITTED each later statement sees all that earlier holders committed, as SQLite's one writer
does. Readers see one snapshot. Prepared statements are off and nothing is kept in a session, so
that a pooler in transaction mode (pgbouncer) may stand between.
"""

import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, select, text
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from gateway.config.config import ServerDatabase
from gateway.store.migrate import Step, migrate_after, migrate_before, ran
from gateway.store.once import put_once
from gateway.store.packing import PACKED_FROM
from gateway.store.prepared import Statement, one_of
from gateway.store.scope import WHOLE, Own, Scope
from gateway.store.tables import TURN
from gateway.store.turns import StoreError, Turn, full

OLDEST = 150000
# PostgreSQL appendix A, class 53.
_DISK_FULL = "53100"
# Connections a process keeps, and opens beyond these while all are in use.
KEPT, MORE = 4, 12
CONNECT_SECONDS = 10
# What would forget an acknowledged row, and what would let a node that hangs stop all others.
_FORBIDDEN = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "idle_in_transaction_session_timeout": "0",
}
# Any number, the same in every release: nodes that start together migrate one after another.
_MIGRATING = text("SELECT pg_advisory_xact_lock(7305845)")
# Until the transaction ends: the next one on this connection is somebody else's.
_AS = text("SELECT set_config('lmx.authority', :authority, true)")
_ABOVE = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
_HELD = Statement(
    select(TURN.c.name).where(one_of(TURN.c.name, "names")).order_by(TURN.c.name).with_for_update()
)


@dataclass(frozen=True, slots=True)
class PostgresqlStore:
    """A database that several nodes share.

    packs: `lmx migrate --after` has told that no node is left that could not read packed rows.
    """

    engine: Engine
    packs: bool

    @contextmanager
    def read(self, scope: Scope = WHOLE) -> Iterator[Turn]:
        """Give a connection that sees one consistent state."""
        with self.engine.connect() as connection:
            snapshot = connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
            with snapshot.begin():
                if isinstance(scope, Own):
                    snapshot.execute(_AS, {"authority": scope.authority})
                yield _turn(snapshot, packs=self.packs)

    @contextmanager
    def write(self, *names: str) -> Iterator[Turn]:
        """Give a writer's connection that holds what it names until its rows are durable."""
        with self.engine.connect() as connection:
            turn = _turn(connection, packs=self.packs)
            try:
                _hold(turn, sorted(set(names)))
                yield turn
                turn.cursor.connection.commit()
            except BaseException as error:
                turn.cursor.connection.rollback()
                told = getattr(error, "orig", error)
                if getattr(told, "sqlstate", "") == _DISK_FULL:
                    raise full() from None
                raise

    def require_room(self) -> None:
        """Refuse nothing: the server's disk is its own, and its operator's to watch."""


def open_postgresql(place: ServerDatabase) -> PostgresqlStore:
    """Open a database, its steps before deploy run.

    StoreError when it cannot be reached, a setting is not sound, or a step stands in the way.
    """
    engine = _engine(place)
    _migrated(engine, migrate_before)
    with engine.connect() as connection:
        packs = ran(_turn(connection, packs=False), PACKED_FROM)
    return PostgresqlStore(engine, packs)


def prepare(place: ServerDatabase) -> Sequence[Step]:
    """Run the steps before a deploy, while nodes of the release before it work on; gives them."""
    return _migrated(_engine(place), migrate_before)


def clear_away(place: ServerDatabase) -> Sequence[Step]:
    """Run the steps after a deploy, when no node of the release before it works; gives them."""
    return _migrated(_engine(place), migrate_after)


def _engine(place: ServerDatabase) -> Engine:
    try:
        engine = create_engine(
            _with_password(place),
            isolation_level="READ COMMITTED",
            pool_size=KEPT,
            max_overflow=MORE,
            # A connection that a fail-over cut is found before it is used.
            pool_pre_ping=True,
            connect_args={"prepare_threshold": None, "connect_timeout": CONNECT_SECONDS},
        )
    except ModuleNotFoundError:
        raise StoreError("PostgreSQL needs a package: pip install 'lmx[postgresql]'") from None
    except ArgumentError:
        raise StoreError("store.url: this is no database URL") from None
    event.listen(engine, "connect", _require_sound)
    return engine


def _migrated(engine: Engine, run: Callable[[Turn], Sequence[Step]]) -> Sequence[Step]:
    try:
        with engine.begin() as connection:
            connection.execute(_MIGRATING)
            return run(_turn(connection, packs=False))
    except SQLAlchemyError as error:
        # The driver's text may hold the address and the user, never the password.
        raise StoreError(f"the database cannot be used: {error.__cause__ or error}") from None


def _turn(connection: Connection, *, packs: bool) -> Turn:
    import psycopg  # noqa: PLC0415 an extra

    driver = cast("psycopg.Connection", connection.connection.driver_connection)
    # In binary, octets go over the line as they are.
    cursor = psycopg.RawCursor(driver)
    cursor.format = psycopg.pq.Format.BINARY
    return Turn(connection, cursor, "postgresql", psycopg.IntegrityError, packs)


def _hold(turn: Turn, names: Sequence[str]) -> None:
    if not names or len(_HELD.rows(turn, {"names": names})) == len(names):
        return
    # First use of a name. Its row is committed by itself: put while others are held, it could wait
    # for a turn that waits for these.
    turn.cursor.connection.rollback()
    for name in names:
        put_once(turn, TURN, {"name": name})
        turn.cursor.connection.commit()
    _HELD.rows(turn, {"names": names})


def _require_sound(connection: Any, _record: Any) -> None:
    with connection.cursor() as cursor:
        for name, wrong in _FORBIDDEN.items():
            found = cursor.execute(f"SHOW {name}").fetchone()[0]
            if found == wrong:
                raise StoreError(f"PostgreSQL has {name} = {found}; see docs/how-to/operate.md")
        if connection.info.server_version < OLDEST:
            raise StoreError("PostgreSQL must be version 15 or later")
        if cursor.execute(_ABOVE).fetchone()[0]:
            raise StoreError("the database role is above row-level security: use an ordinary one")
    connection.rollback()


def _with_password(place: ServerDatabase) -> URL:
    url = make_url(place.url)
    if place.password_file is None:
        return url
    return url.set(password=_secret(place.password_file))


def _secret(file: Path) -> str:
    try:
        mode = stat.S_IMODE(file.stat().st_mode)
        found = file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(f"{file}: the database's password cannot be read") from error
    if mode & 0o077:
        raise StoreError(f"{file}: mode {mode:04o} lets others read it; run chmod 600")
    return found
