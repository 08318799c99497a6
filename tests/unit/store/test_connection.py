"""Durability is asserted, not hoped for."""

import subprocess
import sys
import threading
from pathlib import Path

from sqlalchemy import text

from gateway.config.config import ServerDatabase
from gateway.store.connection import Store, open_store
from gateway.store.log_rows import size_of
from gateway.transparency.append import append
from tests.support.places import write_place

ROOT = Path(__file__).resolve().parents[3]
KILLED = """
import os, signal, sys
from gateway.store.connection import open_store
from gateway.transparency.append import append
from tests.support.places import read_place
store = open_store(read_place(sys.argv[1]))
for number in range(10):
    with store.write(lasting=number % 2 == 0) as turn:
        append(turn, "log", b"kept")
with store.write() as turn:
    append(turn, "log", b"lost")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_writer_leaves_whole_turns_only(place: Path | ServerDatabase) -> None:
    command = [sys.executable, "-c", KILLED, write_place(place)]
    ran = subprocess.run(command, cwd=ROOT, check=False, timeout=120)
    with open_store(place).read() as turn:
        found = turn.execute(text("SELECT count(*) FROM entry")).scalar_one()
    assert (ran.returncode, found) == (-9, 10)


def test_only_a_turn_that_need_not_last_ends_before_the_disk_has_it(store: Store) -> None:
    asked = {"sqlite": "PRAGMA synchronous", "postgresql": "SHOW synchronous_commit"}
    found = []
    for lasting in (True, False, True):
        with store.write("log", lasting=lasting) as turn:
            found.append(str(turn.execute(text(asked[turn.dialect])).scalar_one()))
            append(turn, "log", b"a")
    told = {"sqlite": ["2", "1", "2"], "postgresql": ["on", "off", "on"]}
    assert found == told[turn.dialect]
    with store.read() as turn:
        assert size_of(turn, "log") == 3


def test_a_turn_of_the_same_name_waits_for_the_first(store: Store) -> None:
    order: list[str] = []
    inside = threading.Event()

    def second() -> None:
        inside.wait()
        with store.write("log"):
            order.append("second")

    other = threading.Thread(target=second)
    other.start()
    with store.write("log") as turn:
        inside.set()
        # The second asks for the log while this turn still works.
        for number in range(50):
            append(turn, "log", str(number).encode())
        order.append("first")
    other.join()
    assert order == ["first", "second"]


def test_a_reader_sees_one_state(store: Store) -> None:
    with store.write("log") as turn:
        append(turn, "log", b"a")
    with store.read() as turn:
        size_of(turn, "log")
        with store.write("log") as other:
            append(other, "log", b"b")
        assert size_of(turn, "log") == 1
