"""Durability is asserted, not hoped for."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from gateway.store.connection import Store, open_store

ROOT = Path(__file__).resolve().parents[3]
KILLED = """
import os, signal, sys
from pathlib import Path
from gateway.store.connection import open_store
from gateway.transparency.append import append
store = open_store(Path(sys.argv[1]))
for number in range(10):
    with store.write() as turn:
        append(turn, "log", b"kept")
with store.write() as turn:
    append(turn, "log", b"lost")
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(tmp_path / "gateway.sqlite")


@pytest.mark.parametrize(
    ("name", "value"), [("journal_mode", "wal"), ("synchronous", 2), ("secure_delete", 1)]
)
def test_every_connection_has_the_durable_settings(store: Store, name: str, value: object) -> None:
    with store.read() as turn:
        assert turn.execute(text(f"PRAGMA {name}")).scalar_one() == value


def test_a_killed_writer_leaves_whole_turns_only(tmp_path: Path) -> None:
    file = tmp_path / "gateway.sqlite"
    command = [sys.executable, "-c", KILLED, str(file)]
    ran = subprocess.run(command, cwd=ROOT, check=False, timeout=120)
    with open_store(file).read() as turn:
        found = turn.execute(text("SELECT count(*) FROM entry")).scalar_one()
    assert (ran.returncode, found) == (-9, 10)
