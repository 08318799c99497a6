"""PostgreSQL: several nodes on one database, one turn a log at a time (DESIGN section 2).

A writer's turn locks the rows of what it names, in the order of the names, before it reads: under
READ COMMITTED each later statement sees all that earlier holders committed, as SQLite's one writer
does. Readers see one snapshot. A session keeps nothing but prepared statements, and those only
where it is the server's own: a pooler in transaction mode (pgbouncer) may stand between.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, select, text
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from gateway.config.config import ServerDatabase
from gateway.store.group import Queue
from gateway.store.kept import Kept
from gateway.store.migrate import Step, migrate_after, migrate_before, ran
from gateway.store.once import put_once
from gateway.store.packing import PACKED_FROM
from gateway.store.password import with_password
from gateway.store.prepared import Statement, dialect_of, one_of
from gateway.store.scope import WHOLE, Own, Scope
from gateway.store.tables import TURN
from gateway.store.turns import StoreError, Turn, full

OLDEST = 150000
# PostgreSQL appendix A, class 53.
_DISK_FULL = "53100"
# Connections that a process has at once.
MOST = 16
CONNECT_SECONDS = 10
# A statement that ran as often on a connection is prepared there; at most so many are.
PREPARED_AFTER, PREPARED = 2, 400
# What would forget an acknowledged row, and what would let a node that hangs stop all others.
_FORBIDDEN = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "idle_in_transaction_session_timeout": "0",
}
# Any number, the same in every release: nodes that start together migrate one after another.
_MIGRATING = text("SELECT pg_advisory_xact_lock(7305845)")
_BEGIN = b"BEGIN ISOLATION LEVEL READ COMMITTED"
# Of a turn that need not last: its COMMIT is answered before the server's disk has it.
_PASSING = b"; SET LOCAL synchronous_commit = off"
_SNAPSHOT = b"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_ABOVE = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
_HELD = Statement(
    select(TURN.c.name).where(one_of(TURN.c.name, "names")).order_by(TURN.c.name).with_for_update()
)


@dataclass(frozen=True, slots=True)
class PostgresqlStore:
    """A database that several nodes share.

    packs: `lmx migrate --after` has told that no node is left that could not read packed rows;
    writers: who waits in this process for the same names, in turns that last and in others.
    """

    kept: Kept
    packs: bool
    writers: dict[tuple[bytes, *tuple[str, ...]], Queue] = field(default_factory=dict)

    @contextmanager
    def read(self, scope: Scope = WHOLE) -> Iterator[Turn]:
        """Give a connection that sees one consistent state."""
        authority = scope.authority if isinstance(scope, Own) else ""
        turn = _begun(self.kept, _SNAPSHOT, authority)
        try:
            yield turn
        finally:
            # Nothing was written. psycopg forgets what it prepared when it sees a ROLLBACK.
            _end(self.kept, turn, b"COMMIT")

    @contextmanager
    def write(self, *names: str, lasting: bool = True) -> Iterator[Turn]:
        """Give a writer's connection that holds what it names until its rows are durable."""
        try:
            with self._queue(_BEGIN if lasting else _BEGIN + _PASSING, names).turn() as turn:
                yield turn
        except BaseException as error:
            told = error.__cause__ if isinstance(error, StoreError) else error
            if getattr(getattr(told, "orig", told), "sqlstate", "") == _DISK_FULL:
                raise full() from None
            raise

    def _queue(self, begin: bytes, names: Sequence[str]) -> Queue:
        held = sorted(set(names))
        found = self.writers.get((begin, *held))
        if found is None:
            found = Queue(partial(_writing, self.kept, begin, held))
            if held:
                # Turns of no name exclude nobody, and wait for nobody.
                found = self.writers.setdefault((begin, *held), found)
        return found

    def require_room(self) -> None:
        """Refuse nothing: the server's disk is its own, and its operator's to watch."""

    def close(self) -> None:
        """Close the connections that are not in use."""
        self.kept.close()


@dataclass(frozen=True, slots=True)
class _Writing:
    """A writer's transaction that holds what it names."""

    kept: Kept
    turn: Turn

    def run(self, *commands: str) -> None:
        _send(self.turn, "; ".join(commands).encode("ascii"))

    def stands(self) -> bool:
        status = self.turn.cursor.connection.pgconn.transaction_status
        return bool(status == _driver().pq.TransactionStatus.INTRANS)

    def commit(self) -> None:
        try:
            if _send(self.turn, b"COMMIT") != b"COMMIT":
                # A statement failed, and whoever ran it went on.
                raise StoreError("PostgreSQL has not stored what a turn wrote")
        except BaseException:
            self.undo()
            raise
        self.kept.give(self.turn)

    def undo(self) -> None:
        _end(self.kept, self.turn, b"ROLLBACK")


def _writing(kept: Kept, begin: bytes, names: Sequence[str]) -> _Writing:
    turn = _begun(kept, begin)
    try:
        _hold(turn, names, begin)
    except BaseException:
        _end(kept, turn, b"ROLLBACK")
        raise
    return _Writing(kept, turn)


def _begun(kept: Kept, begin: bytes, authority: str = "") -> Turn:
    while True:
        idle = kept.idle()
        turn = idle or kept.opened()
        try:
            _send(turn, begin + _as(turn, authority))
        except _driver().Error:
            kept.drop(turn)
            # A fail-over cut it while it was idle: nothing was done on it yet.
            if idle is None:
                raise
        else:
            return turn


def _end(kept: Kept, turn: Turn, end: bytes) -> None:
    """End a transaction that nothing is left of; a connection that cannot is dropped."""
    with suppress(_driver().Error):
        _send(turn, end)
    if turn.cursor.connection.pgconn.transaction_status == _driver().pq.TransactionStatus.IDLE:
        kept.give(turn)
    else:
        kept.drop(turn)


def load_postgresql() -> None:
    """Import what opens such a database; a package that is not there is told when it is opened."""
    dialect_of("postgresql")
    with suppress(ModuleNotFoundError):
        _driver()


def open_postgresql(place: ServerDatabase) -> PostgresqlStore:
    """Open a database, its steps before deploy run.

    StoreError when it cannot be reached, a setting is not sound, or a step stands in the way.
    """
    engine = _engine(place)
    _migrated(engine, migrate_before)
    with engine.connect() as connection:
        packs = ran(_turn(connection, packs=False), PACKED_FROM)
    # A connection must not be carried into a process that is forked from here.
    engine.dispose()
    return PostgresqlStore(Kept(engine, partial(_turn, packs=packs)), packs)


def prepare(place: ServerDatabase) -> Sequence[Step]:
    """Run the steps before a deploy, while nodes of the release before it work on; gives them."""
    return _migrated(_engine(place), migrate_before)


def clear_away(place: ServerDatabase) -> Sequence[Step]:
    """Run the steps after a deploy, when no node of the release before it works; gives them."""
    return _migrated(_engine(place), migrate_after)


def _engine(place: ServerDatabase) -> Engine:
    try:
        engine = create_engine(
            with_password(place),
            # A turn sends its own BEGIN: one command, with the level it needs.
            isolation_level="AUTOCOMMIT",
            # Those that are kept stay out of the pool.
            pool_size=1,
            max_overflow=MOST - 1,
            # A turn has ended its transaction before it gives its connection back.
            pool_reset_on_return=None,
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
        whole = engine.execution_options(isolation_level="READ COMMITTED")
        with whole.begin() as connection:
            connection.execute(_MIGRATING)
            return run(_turn(connection, packs=False))
    except SQLAlchemyError as error:
        # The driver's text may hold the address and the user, never the password.
        raise StoreError(f"the database cannot be used: {error.__cause__ or error}") from None


@cache
def _driver() -> Any:
    import psycopg  # noqa: PLC0415 an extra

    return psycopg


def _turn(connection: Connection, *, packs: bool) -> Turn:
    # In binary, octets go over the line as they are.
    cursor = _driver().RawCursor(connection.connection.driver_connection)
    cursor.format = _driver().pq.Format.BINARY
    return Turn(connection, cursor, "postgresql", _driver().IntegrityError, packs)


def _send(turn: Turn, command: bytes) -> bytes:
    """Run commands that give nothing; gives what the last one tells that it did.

    By a cursor, which makes itself ready for parameters and rows, a BEGIN costs as much as a query.
    """
    done = turn.cursor.connection.pgconn.exec_(command)
    if done.status != _driver().pq.ExecStatus.COMMAND_OK:
        raise _driver().errors.error_from_result(done)
    return bytes(done.command_status)


def _as(turn: Turn, authority: str) -> bytes:
    if not authority:
        return b""
    # Until the transaction ends: the next one on this connection is somebody else's.
    own = _driver().pq.Escaping(turn.cursor.connection.pgconn).escape_literal(authority.encode())
    return b"; SET LOCAL lmx.authority = " + bytes(own)


def _hold(turn: Turn, names: Sequence[str], begin: bytes) -> None:
    if not names or len(_HELD.rows(turn, {"names": names})) == len(names):
        return
    # First use of a name. Its row is committed by itself: put while others are held, it could wait
    # for a turn that waits for these.
    _send(turn, b"ROLLBACK")
    for name in names:
        put_once(turn, TURN, {"name": name})
    _send(turn, begin)
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
        # A pooler makes up the number that clients are told. Behind one, the next transaction may
        # be in another session, where nothing that was prepared in this one is known.
        if cursor.execute("SELECT pg_backend_pid()").fetchone()[0] == connection.info.backend_pid:
            connection.prepare_threshold, connection.prepared_max = PREPARED_AFTER, PREPARED
    connection.rollback()
