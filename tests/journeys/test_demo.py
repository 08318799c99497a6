"""`lmx demo --once` as a stranger runs it, and every promise of its summary."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.cluster import cluster
from tests.support.gateways import ROOT, free_ports
from tests.support.programs import program
from tests.support.stores import CHOSEN, POSTGRESQL

LMX = [sys.executable, "-m", "gateway.cli.main"]
LADDER = ["A.1", "B.1", "D.1", "E.1"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("demo") / "demo"
    command = [*LMX, "demo", "--once", "--dir", str(made), "--base-port", str(free_ports())]
    if CHOSEN == POSTGRESQL:
        command += ["--database", _template()]
    played = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert played.returncode == 0, played.stdout + played.stderr
    (made / "story.txt").write_text(played.stdout, "utf-8")
    return made


def _template() -> str:
    server = cluster()
    server.run("ALTER ROLE lmx CREATEDB")
    return server.at("lmx_{state}").url


@pytest.fixture(scope="module")
def summary(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "summary.json").read_text("utf-8"))
    return found


def test_twelve_exchanges_over_six_directions(summary: dict[str, Any]) -> None:
    ways = {one["direction"] for one in summary["exchanges"]}
    assert len(summary["exchanges"]) >= 12
    assert ways == {"KZ>UZ", "KZ>KG", "KZ>TJ", "UZ>KZ", "KG>KZ", "TJ>KZ"}


def test_each_exchange_has_its_full_ladder(summary: dict[str, Any]) -> None:
    for one in summary["exchanges"]:
        assert [rung["code"] for rung in one["ladder"]] == LADDER


def test_each_bundle_is_proved_by_both_states(folder: Path, summary: dict[str, Any]) -> None:
    for one in summary["exchanges"]:
        origin, destination = one["direction"].lower().split(">")
        for state in (origin, destination):
            trust = folder / summary["gateways"][state]["trust"]
            command = [*LMX, "verify", str(folder / one["bundle"]), "--trust", str(trust)]
            checked = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
            assert checked.returncode == 0, checked.stdout.decode()


def test_the_tampered_bundle_is_false(folder: Path) -> None:
    command = [*LMX, "verify", str(folder / "bundles/tampered.asice")]
    command += ["--trust", str(folder / "kz/trust")]
    checked = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    assert checked.returncode == 1


def test_rows_of_another_country_and_an_unknown_purpose_were_refused(
    summary: dict[str, Any],
) -> None:
    assert {"to.mismatch", "agreement.purpose"} <= {one["code"] for one in summary["refused"]}


def test_each_destination_got_its_own_layout(folder: Path, summary: dict[str, Any]) -> None:
    for one in summary["exchanges"]:
        assert (folder / one["nativeOut"]).stat().st_size > 0
        assert one["layoutOut"] != one["layoutIn"]


def test_xmlsec1_accepts_a_message_from_the_inbox(folder: Path, summary: dict[str, Any]) -> None:
    xmlsec1 = program("xmlsec1")
    messages = sorted((folder / "received/kz.regional-inspection").iterdir())
    trust = folder / summary["gateways"]["kz"]["trust"]
    [root] = trust.glob("directory/uz/targets/authority/*.roots.pem")
    command = [xmlsec1, "--verify", "--id-attr:Id", "SignedProperties", "--trusted-pem", str(root)]
    judged = subprocess.run([*command, str(messages[0])], capture_output=True, check=False)
    assert judged.returncode == 0, judged.stderr.decode()


def test_no_personal_value_reaches_the_gateways_log(folder: Path) -> None:
    log = (folder / "gateways.log").read_text("utf-8")
    assert "FA0000017" not in log
    assert "FA0000017" not in (folder / "story.txt").read_text("utf-8")
