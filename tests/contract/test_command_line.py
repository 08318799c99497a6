"""Each command as a stranger would use it: the installed program in a process of its own."""

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.evidence import exchange, packed, write_trust
from tests.support.ports import free_ports
from tests.support.schemas import SCHEMAS
from tests.support.written import four_states

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


def _sentence(ran: subprocess.CompletedProcess[bytes]) -> str:
    """What a command that failed says, which is no trace of this program."""
    told = ran.stderr.decode()
    assert ran.returncode != 0
    assert "Traceback" not in told
    return told


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    file = tmp_path / "absent" / "order.xlsx"
    told = _sentence(lmx("template", "JobOrder", "-o", file))
    assert f"{file} cannot be used: No such file or directory" in told


def _begun(folder: Path) -> Path:
    base = free_ports()
    ran = lmx("begin", folder, "--state", "KZ", "--name", "gw.kz.example", "--port", str(base))
    assert ran.returncode == 0
    return folder / "gateway.toml"


def test_a_gateway_that_lacks_its_trust_says_so_without_a_trace(tmp_path: Path) -> None:
    told = _sentence(lmx("serve", "--config", _begun(tmp_path / "kz"), "--only", "api"))
    assert "gw.kz.example does not start. trust.missing" in told


def test_a_file_that_is_no_root_is_not_followed(tmp_path: Path) -> None:
    config = _begun(tmp_path / "kz")
    root = tmp_path / "root.json"
    root.write_text("nonsense", "utf-8")
    state = ("--state", "TJ", "--root", root, "--config", config)
    told = _sentence(lmx("directory", "follow", "http://127.0.0.1:1", *state))
    assert f"{root} is no root of a directory" in told
    assert list((tmp_path / "kz").rglob("tj.root.json")) == []


def test_a_log_is_for_a_state(tmp_path: Path) -> None:
    config = _begun(tmp_path / "kz")
    ran = lmx("keys", "make", "log", "--partner", "Tajikistan", "--config", config)
    assert "a state is alpha-2" in _sentence(ran)


def test_no_keys_are_told_as_none(tmp_path: Path) -> None:
    ran = lmx("keys", "show", "--config", _begun(tmp_path / "kz"))
    assert b"no keys yet; make one with lmx keys make" in ran.stdout


def test_a_text_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    first, second = tmp_path / "v1.json", tmp_path / "v2.json"
    assert lmx("agreement", "draft", "KZ-UZ", "-o", first).returncode == 0
    second.write_text("nonsense", "utf-8")
    assert f"{second}: " in _sentence(lmx("agreement", "diff", first, second))


def test_a_gateway_that_does_not_answer_is_told_with_what_to_look_at(tmp_path: Path) -> None:
    with four_states(tmp_path):
        profile = tmp_path / "profiles/kz.labour-ministry.toml"
        told = _sentence(lmx("inbox", "--profile", profile))
    assert f"see that the gateway runs, and that url in {profile} is its API" in told


def test_a_journal_that_is_none_is_named(tmp_path: Path) -> None:
    journal = tmp_path / "journal.json"
    journal.write_text("nonsense", "utf-8")
    with four_states(tmp_path / "states"):
        profile = tmp_path / "states/profiles/kz.labour-ministry.toml"
        asked = ("--to", "uz.migration-agency", "--purpose", "contract-registration")
        more = ("--count", "1", "--journal", journal, "--profile", profile)
        told = _sentence(lmx("history", EXAMPLE, *asked, *more))
    assert f"{journal} is no journal of this command" in told


def test_a_demonstration_on_ports_in_use_does_not_begin(tmp_path: Path) -> None:
    base = free_ports()
    with socket.socket() as other:
        other.bind(("127.0.0.1", base))
        other.listen()
        folder = ("--once", "--dir", tmp_path / "demo", "--base-port", str(base))
        assert f"cannot listen at 127.0.0.1:{base}" in _sentence(lmx("demo", *folder))
    assert not (tmp_path / "demo").exists()
