"""A process ends with the one that started it."""

import signal
import subprocess
import sys
from multiprocessing import get_context

from gateway.cli.with_parent import hold_stops, let_stops_come

WAITS = "import os, time; from gateway.cli.with_parent import end_with_parent; "


def test_one_whose_parent_has_ended_already_ends() -> None:
    found = subprocess.run(
        [sys.executable, "-c", WAITS + "end_with_parent(os.getppid() + 1); time.sleep(60)"],
        check=False,
    )
    assert found.returncode == -signal.SIGTERM


def test_one_whose_parent_lives_goes_on() -> None:
    found = subprocess.run(
        [sys.executable, "-c", WAITS + "end_with_parent(os.getppid())"], check=False
    )
    assert found.returncode == 0


def test_a_stop_that_comes_as_a_process_begins_is_not_forgotten() -> None:
    before = signal.signal(signal.SIGTERM, lambda *_: None)
    process = get_context("fork").Process(target=_until_stopped)
    hold_stops()
    try:
        process.start()
        process.terminate()
    finally:
        let_stops_come()
        signal.signal(signal.SIGTERM, before)
    process.join()
    assert process.exitcode == -signal.SIGTERM


def _until_stopped() -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    let_stops_come()
    signal.pause()
