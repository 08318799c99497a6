"""A new gateway's files are written once, and what they say can be loaded."""

import json
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner

from gateway.cli.main import main
from gateway.config.config import load_config

BEGIN = ("begin", "kz", "--state", "KZ", "--name", "gw.kz.example")


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def lmx(*words: str) -> tuple[int, str]:
    ran = CliRunner().invoke(main, words)
    return ran.exit_code, ran.output


def test_settings_and_directory_name_the_same_ports(tmp_path: Path) -> None:
    assert lmx(*BEGIN, "--port", "9000", "--public", "kz.example")[0] == 0
    config = load_config(tmp_path / "kz/gateway.toml")
    told = json.loads((tmp_path / "kz/files/member/gateway.json").read_text("utf-8"))
    assert [one.port for one in (config.api, config.peer, config.console)] == [9000, 9001, 9002]
    assert str(config.directory.address) == "127.0.0.1:9003"
    assert config.directory.renew_with == tmp_path / "kz/keys/directory"
    assert told["endpoints"]["peer"] == "https://kz.example:9001"


def test_the_master_key_is_read_by_its_owner_alone_and_never_written_over(tmp_path: Path) -> None:
    lmx(*BEGIN)
    file = tmp_path / "kz/keys/master.key"
    before = file.read_bytes()
    code, told = lmx(*BEGIN)
    assert (code, "is there already" in told) == (1, True)
    assert (file.read_bytes(), len(before)) == (before, 32)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "more", [("--state", "kz"), ("--name", 'gw"'), ("--host", 'a"b'), ("--public", "a b")]
)
def test_what_settings_cannot_hold_is_refused(tmp_path: Path, more: tuple[str, ...]) -> None:
    assert (lmx(*BEGIN, *more)[0], list(tmp_path.iterdir())) == (2, [])
