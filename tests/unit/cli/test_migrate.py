"""Shared databases are changed around a deploy by a command; files need none."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from gateway.cli.main import main
from tests.support.cluster import cluster

PORTS = "".join(f'[{one}]\nhost = "127.0.0.1"\nport = 8600\n' for one in ("api", "peer", "console"))
SETTINGS = (
    'state = "KZ"\nname = "gw.kz.example"\ndata = "data"\nkeys = "keys"\ntrust = "trust"\n' + PORTS
)
Run = Callable[..., str]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def told(when: str, store: str = "") -> str:
        file = tmp_path / "gateway.toml"
        file.write_text(SETTINGS + store, "utf-8")
        return CliRunner().invoke(main, ["migrate", *when.split(), "--config", str(file)]).output

    return told


@pytest.mark.parametrize("when", ["--before", "--after"])
def test_both_databases_are_brought_up_to_date(run: Run, when: str) -> None:
    told = run(when, cluster().section())
    assert told == "data: nothing to do\nday keys: nothing to do\n"


def test_files_are_brought_up_to_date_by_themselves(run: Run) -> None:
    assert "when a gateway starts" in run("--before")


def test_before_or_after_is_said(run: Run) -> None:
    assert "--before or --after" in run("")


@pytest.mark.parametrize(
    "store",
    [
        'url = "postgresql://lmx@db.example/lmx"\nkeys_url = "postgresql+psycopg://x@y/z"',
        'url = "postgresql+psycopg://lmx:word@db.example/lmx"\nkeys_url = "postgresql+psycopg://x@y/z"',
        'url = "postgresql+psycopg://x@y/z"\nkeys_url = "postgresql+psycopg://x@y/z"',
        'url = "postgresql+psycopg://x@y/z"',
        'url = "postgresql+psycopg://x@y/z"\nkeys_url = "postgresql+psycopg://x@y/k"\nuser = "x"',
    ],
    ids=["other driver", "password inside", "keys beside data", "no keys", "another member"],
)
def test_a_store_that_is_not_told_rightly_stops_the_start(run: Run, store: str) -> None:
    told = run("--before", f"[store]\n{store}\n")
    assert "is missing or of the wrong kind" in told
    assert "word@" not in told
