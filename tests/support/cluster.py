"""A PostgreSQL of the tests' own: one a test process, one database a test, and it ends with it."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import event
from sqlalchemy.pool import Pool

from gateway.config.config import ServerDatabase
from gateway.store.connection import open_store
from tests.support.scratch import scratch
from tests.support.waiting import until

_BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda one: int(one.parts[4]))
_SETTINGS = {
    "listen_addresses": "",
    "max_connections": "300",
    "idle_in_transaction_session_timeout": "60s",
    "shared_buffers": "64MB",
    # Each new database is written into the log too, which may stand in memory.
    "max_wal_size": "256MB",
}
_opened: list[psycopg.Connection] = []
_running: "list[Cluster]" = []


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running server; folder: where its socket is; standing: the databases made for tests."""

    folder: Path
    server: "subprocess.Popen[bytes]"
    standing: list[str] = field(default_factory=list)
    _numbers: "count[int]" = field(default_factory=count)

    def database(self, more: str = "TEMPLATE lmx") -> ServerDatabase:
        """Make a database with the newest tables, of a role that is no superuser."""
        name = f"t{next(self._numbers)}"
        self.run(f"CREATE DATABASE {name} OWNER lmx {more}")
        self.standing.append(name)
        return self.at(name)

    def drop(self, since: int = 0) -> None:
        """Drop databases that nobody uses any more, all but the first so many."""
        while len(self.standing) > since:
            self.run(f"DROP DATABASE {self.standing.pop()} WITH (FORCE)")

    def at(self, name: str, role: str = "lmx") -> ServerDatabase:
        return ServerDatabase(f"postgresql+psycopg://{role}@/{name}?host={self.folder}")

    def section(self, through: Path | None = None, more: str = "TEMPLATE lmx") -> str:
        """Make both databases of a gateway; gives the `[store]` of its settings.

        through: the folder of a pooler's socket, in place of the server's own; more: how the
        database of the data is made.
        """
        data, keys = self.database(more).url, self.database().url
        if through is not None:
            data, keys = (one.replace(str(self.folder), str(through)) for one in (data, keys))
        return f'\n[store]\nurl = "{data}"\nkeys_url = "{keys}"\n'

    def files(self, database: str) -> list[Path]:
        """Give the files of a database, all written."""
        self.run("CHECKPOINT")
        own = "SELECT oid FROM pg_database WHERE datname = current_database()"
        with psycopg.connect(host=str(self.folder), user="postgres", dbname=database) as admin:
            (oid,) = admin.execute(own).fetchone() or ("",)
        return list((self.folder / f"data/base/{oid}").iterdir())

    def run(self, statement: str, database: str = "postgres") -> None:
        """Run a statement of an administrator."""
        with psycopg.connect(
            host=str(self.folder), user="postgres", dbname=database, autocommit=True
        ) as admin:
            admin.execute(statement)  # type: ignore[call-overload]


def cluster() -> Cluster:
    """Give the server, started at first use; skips if absent, fails under LMX_REQUIRE_ALL=1."""
    if _running:
        return _running[0]
    if _BINARIES:
        _running.append(started())
        event.listen(Pool, "connect", _remember)
        return _running[0]
    reason = "SKIPPED PostgreSQL: no server is installed in /usr/lib/postgresql"
    if os.environ.get("LMX_REQUIRE_ALL") == "1":
        pytest.fail(reason)
    print(reason)
    pytest.skip(reason)


def close_connections() -> None:
    """Close what stores have opened since the last call: a store lives as long as its process."""
    while _opened:
        _opened.pop().close()


def release() -> None:
    """Give back what tests of a module have used."""
    close_connections()
    for one in _running:
        one.drop()


@contextmanager
def given_back() -> Iterator[None]:
    """Drop at the end of the block the databases that were made in it."""
    before = len(_running[0].standing) if _running else 0
    try:
        yield
    finally:
        for one in _running:
            one.drop(before)


def end() -> None:
    """End the server, if one was started. Workers of xdist run nothing at their exit."""
    close_connections()
    while _running:
        stop(_running.pop())


def not_as_root(folder: Path) -> list[str]:
    """Give a folder to whom these servers may run as; gives how to run one so."""
    if os.getuid() != 0:
        return []
    owner = "postgres" if any(one.pw_name == "postgres" for one in pwd.getpwall()) else "nobody"
    shutil.chown(folder, owner)
    return ["setpriv", f"--reuid={owner}", "--clear-groups", "--pdeathsig=INT"]


def started(
    before: Callable[[Path], Sequence[str]] = lambda _: (), at: Path | None = None
) -> Cluster:
    """Start a server. before: what its program is started by, told its folder; at: where that is
    made."""
    folder = Path(tempfile.mkdtemp(prefix="lmx-pg-", dir=at or scratch()))
    as_user = not_as_root(folder)
    binaries, data = _BINARIES[-1], folder / "data"
    initdb = [f"{binaries}/initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8"]
    with (folder / "log").open("wb") as log:
        subprocess.run(
            [*as_user, *initdb, "--locale=C.UTF-8", "--no-sync"],
            check=True, stdout=log, stderr=log, cwd="/",
        )  # fmt: skip
        told = {**_SETTINGS, "unix_socket_directories": str(folder)}
        options = [part for name, one in told.items() for part in ("-c", f"{name}={one}")]
        server = subprocess.Popen(
            [*before(folder), *as_user, f"{binaries}/postgres", "-D", data, *options],
            stdout=log, stderr=log, cwd="/",
        )  # fmt: skip
    made = Cluster(folder, server)
    try:
        ready = [f"{binaries}/pg_isready", "-q", "-h", folder]
        until(lambda: subprocess.run(ready, check=False).returncode == 0, "PostgreSQL")
        made.run("CREATE ROLE lmx LOGIN")
        made.run("CREATE DATABASE lmx OWNER lmx")
        open_store(made.at("lmx")).close()
    except BaseException:
        stop(made)
        raise
    return made


def stop(one: Cluster) -> None:
    """End a server and all it held: it was for tests only, no need to write it out first."""
    one.server.send_signal(signal.SIGQUIT)
    try:
        one.server.wait(20)
    except subprocess.TimeoutExpired:
        one.server.kill()
        one.server.wait()
    shutil.rmtree(one.folder, ignore_errors=True)


def _remember(connection: object, _record: object) -> None:
    if isinstance(connection, psycopg.Connection):
        _opened.append(connection)
