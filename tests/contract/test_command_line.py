"""Each command as a stranger would use it: the installed program in a process of its own."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.evidence import exchange, packed, write_trust
from tests.support.schemas import SCHEMAS

LMX = Path(sys.executable).parent / "lmx"
EXAMPLE = SCHEMAS / "records/EmploymentContract/1/examples/registered-in-kazakhstan.json"
COUNTER = SCHEMAS / "records/EmploymentContract/1/counter-examples/two-employers.json"
COMMANDS = [
    "translate",
    "preflight",
    "template",
    "validate",
    "convert",
    "schema",
    "fidelity",
    "country",
    "directory",
    "keys",
    "verify",
    "agreement",
    "migrate",
]


def lmx(*arguments: str | Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([LMX, *map(str, arguments)], capture_output=True, check=False)


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help_with_an_example(command: str) -> None:
    ran = lmx(command, "--help")
    assert (ran.returncode, b"Example: lmx " + command.encode() in ran.stdout) == (0, True)


def test_the_help_lists_every_command() -> None:
    shown = lmx("--help").stdout.decode()
    assert [one for one in COMMANDS if f"  {one} " not in shown] == []


def test_a_right_record_is_valid() -> None:
    assert lmx("validate", EXAMPLE).returncode == 0


def test_a_wrong_record_is_refused_with_code_and_place() -> None:
    ran = lmx("validate", COUNTER)
    assert (ran.returncode, b"record.rule at /employer" in ran.stderr) == (1, True)


def test_a_record_converts_to_xml_and_back(tmp_path: Path) -> None:
    file = tmp_path / "contract.xml"
    file.write_bytes(lmx("convert", EXAMPLE, "--to", "xml").stdout)
    back = json.loads(lmx("convert", file, "--to", "json").stdout)
    assert back["record"] == json.loads(EXAMPLE.read_text("utf-8"))["record"]


def test_nothing_generated_is_stale() -> None:
    assert lmx("schema", "check").returncode == 0


def test_a_standard_compared_with_itself_has_no_change() -> None:
    ran = lmx("schema", "diff", SCHEMAS, SCHEMAS)
    assert (ran.returncode, ran.stdout) == (0, b"nothing changed\n")


def test_a_folder_without_schemas_cannot_be_compared(tmp_path: Path) -> None:
    ran = lmx("schema", "diff", tmp_path, SCHEMAS)
    assert (ran.returncode, b"cannot be compared" in ran.stderr) == (2, True)


def test_a_bundle_is_verified(tmp_path: Path) -> None:
    file = tmp_path / "exchange.asice"
    file.write_bytes(packed(exchange().files()))
    assert lmx("verify", file, "--trust", write_trust(tmp_path / "trust")).returncode == 0
