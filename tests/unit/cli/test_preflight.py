"""`lmx preflight`: reports, exit codes, and that nothing leaves the machine."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from gateway.catalogue import load_catalogue
from gateway.cli.preflight import preflight
from gateway.translation import load_countries, read

ROOT = Path(__file__).resolve().parents[3]
ADAPTERS = ROOT / "adapters"
TJ = ADAPTERS / "tj/samples/02-contracts-2026-q3.expected-utf8.csv"
KZ = ADAPTERS / "kz/samples/01-esutd-contract-shep-sync.xml"

# Python's own audit events tell of every socket, whoever opens it.
FORBIDDING = """
import sys
def forbid(event, _arguments):
    if event.startswith("socket."):
        raise SystemExit("a socket was asked for: " + event)
sys.addaudithook(forbid)
from gateway.cli.main import main
try:
    main(sys.argv[1:], standalone_mode=False)
finally:
    strangers = {"requests", "urllib3", "http.client", "ssl", "gateway.delivery", "gateway.client"}
    print(sorted(strangers & set(sys.modules)), file=sys.stderr)
"""


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(preflight, [str(argument) for argument in arguments])
    return result.exit_code, result.output


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "export"
    (made / "august").mkdir(parents=True)
    shutil.copy(TJ, made / "august" / "contracts.csv")
    return made


def report(folder: Path, to: str) -> tuple[int, dict[str, Any]]:
    code, output = run(folder, "--to", to, "--json")
    return code, json.loads(output)


def test_refused_rows_are_told_by_code_and_place(folder: Path) -> None:
    code, told = report(folder, "KZ")
    (refused,) = told["refused"]
    assert (code, refused["code"], refused["count"]) == (1, "to.mismatch", 1)
    assert refused["examples"] == [{"file": "august/contracts.csv", "rows": [2], "place": "to"}]


def test_nothing_refused_exits_with_zero(tmp_path: Path) -> None:
    shutil.copy(KZ, tmp_path)
    assert run(tmp_path, "--to", "uz")[0] == 0


def test_an_unreadable_file_exits_with_two_and_the_others_are_told(folder: Path) -> None:
    (folder / "cut.xml").write_bytes(b"<a")
    code, told = report(folder, "KZ")
    assert (code, told["files"]["unreadable"], told["files"]["read"]) == (2, 1, 1)


def test_hidden_files_are_left_out(folder: Path) -> None:
    (folder / ".DS_Store").write_bytes(b"\0\1")
    assert report(folder, "KZ")[1]["files"]["unreadable"] == 0


@pytest.mark.parametrize("arguments", [[], ["--to", "XX"], ["--to", "KZ", "--report", "x.pdf"]])
def test_wrong_usage_exits_with_four(folder: Path, arguments: list[str]) -> None:
    assert run(folder, *arguments)[0] == 4


@pytest.mark.parametrize("to", ["KZ", "KG", "TJ", "UZ"])
def test_no_name_and_no_number_of_a_person_is_told(tmp_path: Path, to: str) -> None:
    countries, catalogue = load_countries(ADAPTERS), load_catalogue(ROOT / "schemas")
    secrets = set()
    for sample in ADAPTERS.glob("*/samples/*"):
        shutil.copy(sample, tmp_path)
        for result in read(sample.read_bytes(), None, countries, catalogue).results:
            person = (result.record or {}).get("person", {})
            secrets |= {name["full"] for name in person.get("name", [])}
            secrets |= {one["value"] for one in person.get("identifier", [])}
            secrets |= {one["number"] for one in person.get("document", [])}
    page = tmp_path / "report.html"
    text = run(tmp_path, "--to", to, "--report", page)[1] + page.read_text("utf-8")
    assert [secret for secret in secrets if secret in text] == []


def test_the_page_needs_nothing_else(folder: Path, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    run(folder, "--to", "KZ", "--report", page)
    text = page.read_text("utf-8")
    assert [mark for mark in ("src=", "href=", "<script", "url(", "@import") if mark in text] == []
    assert "august/contracts.csv row 2" in text


def test_a_name_in_a_heading_is_shown_as_text(folder: Path, tmp_path: Path) -> None:
    file = folder / "august" / "<b>.csv"
    (folder / "august" / "contracts.csv").rename(file)
    page = tmp_path / "report.html"
    run(folder, "--to", "KZ", "--report", page)
    assert "<b>.csv" not in page.read_text("utf-8")


def test_reports_are_the_same_every_time(folder: Path) -> None:
    assert report(folder, "KZ") == report(folder, "KZ")


def test_no_socket_is_asked_for_and_no_network_is_imported(folder: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", FORBIDDING, "preflight", str(folder), "--to", "KZ"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    # In a pipe there is no progress, so this line is all that stands on the error stream.
    assert (ran.stderr, "to.mismatch" in ran.stdout) == ("[]\n", True)


def test_help_shows_an_example() -> None:
    assert "Example: lmx preflight" in run("--help")[1]
