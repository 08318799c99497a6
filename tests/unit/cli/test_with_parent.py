"""A process ends with the one that started it."""

import signal
import subprocess
import sys

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
