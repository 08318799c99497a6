"""The page on receiving records: every command and the program on it are run."""

import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gateway.cli.main import main
from gateway.client import client
from tests.support.gateways import SAMPLES, codes, ground, until

PAGE = (Path(__file__).resolve().parents[2] / "docs/how-to/receive-records.md").read_text("utf-8")
CONTRACT = (SAMPLES / "kz/samples/01-esutd-contract-shep-sync.xml").read_bytes()
TO = {"to": "uz.migration-agency", "purpose": "contract-registration"}


def run(command: str, x: str) -> Result:
    found = CliRunner().invoke(main, shlex.split(command.replace("EXCHANGE", x))[1:])
    assert found.exit_code == 0, found.output
    return found


def test_records_are_received_as_the_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, databases: Callable[[], str]
) -> None:
    commands = re.findall(r"^lmx .*$", PAGE, re.MULTILINE)
    wait, decide, take, bundle, webhook = commands
    program = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)[0]
    with ground(tmp_path, databases=databases) as made:
        settings = made.settings["UZ"]
        text = settings.read_text("utf-8") + '\n[webhooks]\nallow = ["127.0.0.0/8"]\n'
        settings.write_text(text, "utf-8")
        for state in ("KZ", "UZ"):
            made.start(state)
        _, kz = made.ready("kz.labour-ministry")
        _, uz = made.ready("uz.migration-agency")
        monkeypatch.chdir(tmp_path / "profiles")
        x = client.submit(kz, CONTRACT, **TO)["records"][0]["exchangeId"]
        assert x in until(lambda: x in run(wait, x).output and run(wait, x).output, "the record")
        assert "C.3" in run(decide, x).output
        assert x in run(take, x).output
        assert [one.stem for one in Path("received").iterdir()] == [x]
        until(lambda: codes(kz, x)[-1] == "E.1", "E.1 at the sender")
        assert codes(kz, x) == ["A.1", "B.1", "D.1", "C.3", "E.1"]
        until(lambda: _ready(bundle, x), "the bundle")
        assert "secret whsec_" in run(webhook, x).output
        second = client.submit(kz, CONTRACT, **TO)["records"][0]["exchangeId"]
        until(lambda: client.inbox(uz), "the second record")
        stored: dict[str, bytes] = {}
        exec(  # noqa: S102 the page's own program
            program,
            {"PROFILE": Path("uz.migration-agency.toml"), "store": stored.__setitem__},
        )
        assert list(stored) == [second]
        assert client.inbox(uz) == []


def _ready(command: str, x: str) -> bool:
    found = CliRunner().invoke(main, shlex.split(command.replace("EXCHANGE", x))[1:])
    return found.exit_code == 0
