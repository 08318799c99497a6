"""The process that serves a port, until its server runs."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from multiprocessing import get_context
from pathlib import Path

import pytest

from gateway.cli.port import application
from gateway.cli.with_parent import hold_stops, let_stops_come
from gateway.config.config import Config, load_config
from gateway.web.door import Door
from tests.support.written import four_states

# What the process gives back when it went on.
BUILT, WENT_ON = 3, 4


@pytest.fixture
def config(tmp_path: Path) -> Iterator[Config]:
    with four_states(tmp_path) as settings:
        yield load_config(settings["KZ"])


def _ended(config: Config, port: str, told: str) -> int | None:
    hold_stops()
    process = get_context("fork").Process(target=_serve, args=(config, port, told))
    process.start()
    let_stops_come()
    process.join()
    return process.exitcode


def _serve(config: Config, port: str, told: str) -> None:
    # As a server's process begins: with a way to end that only takes notice.
    signal.signal(signal.SIGTERM, lambda *_: None)
    if told == "before":
        os.kill(os.getpid(), signal.SIGTERM)
    door = application(config, port, os.getppid())
    if told == "after":
        os.kill(os.getpid(), signal.SIGTERM)
    os._exit(BUILT if isinstance(door, Door) and told == "never" else WENT_ON)


@pytest.mark.parametrize("port", ["api", "peer", "console", "directory"])
def test_every_port_has_its_application_behind_a_door(config: Config, port: str) -> None:
    assert _ended(config, port, "never") == BUILT


def test_a_stop_that_came_before_ends_it_at_once(config: Config) -> None:
    assert _ended(config, "directory", "before") == -signal.SIGTERM


def test_a_stop_ends_it_while_its_server_does_not_run_yet(config: Config) -> None:
    assert _ended(config, "directory", "after") == -signal.SIGTERM


def test_a_start_imports_nothing_that_a_gateway_may_never_need() -> None:
    served = "from gateway.cli.port import served_by; served_by('api'); import sys; "
    told = "print(*sys.modules, sep='\\n')"
    found = subprocess.run(
        [sys.executable, "-c", served + told], capture_output=True, text=True, check=True
    )
    imported = set(found.stdout.splitlines())
    assert "gateway.web.submitters" in imported
    assert imported.isdisjoint({"sqlalchemy.dialects.postgresql", "prometheus_client", "alembic"})
