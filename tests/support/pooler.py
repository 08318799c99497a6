"""pgbouncer in transaction mode before the tests' PostgreSQL."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.cluster import Cluster, not_as_root
from tests.support.gateways import PATIENCE_SECONDS, until
from tests.support.programs import program

SETTINGS = """[databases]
* = host={server} user=lmx
[pgbouncer]
listen_addr =
unix_socket_dir = {folder}
listen_port = 5432
auth_type = any
pool_mode = transaction
default_pool_size = 3
max_client_conn = 500
"""


@contextmanager
def pooler(server: Cluster) -> Iterator[Path]:
    """Give the folder of its socket. Three connections to each database serve all clients."""
    found = program("pgbouncer")
    folder = Path(tempfile.mkdtemp(prefix="lmx-pool-"))
    settings = folder / "pgbouncer.ini"
    settings.write_text(SETTINGS.format(server=server.folder, folder=folder), "utf-8")
    with (folder / "log").open("wb") as log:
        running = subprocess.Popen(
            [*not_as_root(folder), found, str(settings)], stdout=log, stderr=log, cwd="/"
        )
    try:
        until((folder / ".s.PGSQL.5432").exists, "pgbouncer")
        yield folder
    finally:
        running.terminate()
        running.wait(PATIENCE_SECONDS)
        shutil.rmtree(folder, ignore_errors=True)
