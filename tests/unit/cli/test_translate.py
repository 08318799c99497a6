"""`lmx translate`: lists, produced files, exit codes."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from gateway.cli.translate import translate

ROOT = Path(__file__).resolve().parents[3]
ADAPTERS = ROOT / "adapters"
SHARED = ROOT.parent / "shared/samples"
KZ = ADAPTERS / "kz/samples/01-esutd-contract-shep-sync.xml"
TJ = ADAPTERS / "tj/samples/02-contracts-2026-q3.cp1251-tnr-tj.csv"
CROSSINGS = {
    "x-uz02-kz": ("uz/samples/02-labour-contract-lc.json", "kz.labour-contract"),
    "x-kz01-uz": ("kz/samples/01-esutd-contract-shep-sync.xml", "uz.labour-contract"),
    "x-kg02-kz": ("kg/samples/02-migrant-contract-soap-request.xml", "kz.labour-contract"),
    "x-kz01-kg": ("kz/samples/01-esutd-contract-shep-sync.xml", "kg.migrant-contract"),
    "x-tj02-kz": ("tj/samples/02-contracts-2026-q3.cp1251-tnr-tj.csv", "kz.labour-contract"),
    "x-kz04-kg": ("kz/samples/04-pension-contributions-shep-response.xml", "kg.work-periods"),
    "x-kz01-tj": ("kz/samples/01-esutd-contract-shep-sync.xml", "tj.contracts"),
    "x-uz04-kg": ("uz/samples/04-departure-registration.json", "kg.departures"),
    "x-kg04-uz": ("kg/samples/04-departure-registration-rest.json", "uz.departures"),
    "x-tj01-uz": (
        "tj/samples/01-departure-cards-2026-08.cp1251-degraded.csv",
        "uz.departures",
    ),
}


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(translate, [str(argument) for argument in arguments])
    return result.exit_code, result.output


def test_list_is_printed_without_out() -> None:
    code, output = run(KZ)
    assert (code, json.loads(output)[0]["recordType"]) == (0, "EmploymentContract")


def test_country_stands_for_its_preferred_layout(tmp_path: Path) -> None:
    assert run(KZ, "--to", "UZ", "--out", tmp_path)[0] == 0
    (entry,) = json.loads((tmp_path / f"{KZ.stem}.json").read_text(encoding="utf-8"))
    assert json.loads((tmp_path / entry["native"]).read_bytes())["passport_lc"] == "FA0000017"


def test_record_goes_to_the_first_layout_of_the_country_that_can_carry_it(tmp_path: Path) -> None:
    history = ADAPTERS / "uz/samples/03-citizenhistory-jsonrpc-response.json"
    assert run(history, "--to", "UZ", "--out", tmp_path)[0] == 0
    entries = json.loads((tmp_path / f"{history.stem}.json").read_text(encoding="utf-8"))
    contract, amendment = (json.loads((tmp_path / one["native"]).read_bytes()) for one in entries)
    assert contract["id_lc"] == 771002
    assert amendment["result"]["data"]["experiences"][0]["parent_id"] == 771002


def test_record_that_no_layout_of_the_country_carries_stands_in_the_default_one(
    tmp_path: Path,
) -> None:
    departures = ADAPTERS / "kg/samples/04-departure-registration-rest.json"
    assert run(departures, "--to", "UZ", "--out", tmp_path)[0] == 0
    entries = json.loads((tmp_path / f"{departures.stem}.json").read_text(encoding="utf-8"))
    (table,) = tmp_path.glob("*.csv")
    assert table.read_text("utf-8-sig").startswith("lmx:MovementEvent:1")
    returns = [entry for entry in entries if entry["record"]["kind"] == "return"]
    assert {entry["native"] for entry in returns} == {table.name}
    assert all("DEFAULT-LAYOUT-USED" in {w["code"] for w in one["warnings"]} for one in returns)


def test_answer_about_one_person_becomes_a_file_for_each(tmp_path: Path) -> None:
    sums = ADAPTERS / "kz/samples/10-pension-two-persons.xml"
    assert run(sums, "--to", "KG", "--out", tmp_path)[0] == 0
    entries = json.loads((tmp_path / f"{sums.stem}.json").read_text(encoding="utf-8"))
    answers = [entry for entry in entries if entry["native"].endswith(".xml")]
    people = {entry["native"]: entry["record"]["person"] for entry in answers}
    assert len(people) == 2
    assert all(entry["record"]["person"] == people[entry["native"]] for entry in answers)


def test_common_xml_is_the_record_element(tmp_path: Path) -> None:
    assert run(KZ, "--to", "common-xml", "--out", tmp_path)[0] == 0
    (entry,) = json.loads((tmp_path / f"{KZ.stem}.json").read_text(encoding="utf-8"))
    assert (tmp_path / entry["native"]).read_bytes().startswith(b"<EmploymentContract xmlns=")


def test_every_record_of_a_file_names_its_own_message(tmp_path: Path) -> None:
    run(TJ, "--to", "KZ", "--out", tmp_path)
    entries = json.loads((tmp_path / f"{TJ.stem}.json").read_text(encoding="utf-8"))
    assert len({entry["native"] for entry in entries}) == 2


def test_refused_record_exits_with_one(tmp_path: Path) -> None:
    bad = tmp_path / "bad.xml"
    bad.write_bytes(KZ.read_bytes().replace(b"910314350013", b"910314350014"))
    code, output = run(bad)
    assert code == 1
    assert json.loads(output)[0]["errors"][0]["code"] == "identifier.check-digit"


def test_refusals_are_told_with_row_and_column(tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    good = (ADAPTERS / "tj/samples/02-contracts-2026-q3.expected-utf8.csv").read_text("utf-8-sig")
    bad.write_text(good.replace("15.07.2026", "15.77.2026"), "utf-8")
    code, told = run(bad, "--out", tmp_path)
    assert (code, "1 good, 1 refused" in told) == (1, True)
    assert "row 1, /Сана: A date cannot be read" in told
    assert "15.77.2026" not in told


def test_a_file_that_is_quarantined_is_told_as_a_whole(tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    good = (ADAPTERS / "tj/samples/01-departure-cards-2026-08.expected-utf8.csv").read_text("utf-8")
    bad.write_text(good.replace("Ҷамъ:;3", "Ҷамъ:;4"), "utf-8")
    assert "bad.csv: quarantined as a whole" in run(bad, "--out", tmp_path)[1]


def test_a_country_may_be_written_small(tmp_path: Path) -> None:
    assert run(KZ, "--to", "uz", "--out", tmp_path)[0] == 0


def test_record_that_the_country_cannot_take_exits_with_one() -> None:
    code, output = run(
        ADAPTERS / "kg/samples/04-departure-registration-rest.json", "--to", "uz.departures"
    )
    assert code == 1
    told = {error["code"] for entry in json.loads(output) for error in entry["errors"]}
    assert told == {"layout.cannot-carry"}


def test_unreadable_file_exits_with_two(tmp_path: Path) -> None:
    (tmp_path / "bad.xml").write_bytes(b"<a")
    code, output = run(tmp_path / "bad.xml")
    assert code == 2
    assert json.loads(output)[0]["errors"][0]["code"] == "xml.malformed"


@pytest.mark.parametrize("option", ["--layout", "--to"])
def test_unknown_name_is_a_usage_error(option: str) -> None:
    assert run(KZ, option, "xx.nothing")[0] == 2


def test_two_files_of_one_stem_keep_their_endings(tmp_path: Path) -> None:
    first, second = tmp_path / "one.xml", tmp_path / "one.txt"
    first.write_bytes(KZ.read_bytes())
    second.write_bytes(b"no record")
    assert run(first, second, "--out", tmp_path / "out")[0] == 1
    assert {one.name for one in (tmp_path / "out").iterdir()} == {"one.xml.json", "one.txt.json"}


def test_two_files_of_one_name_are_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / KZ.name).write_bytes(KZ.read_bytes())
    code, output = run(KZ, tmp_path / KZ.name, "--out", tmp_path / "out")
    assert code == 2
    assert "are called" in output
    assert not (tmp_path / "out").exists()


def test_help_shows_an_example() -> None:
    assert "Example: lmx translate" in run("--help")[1]


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared samples and their judge are not here")
def test_independent_judge_passes_every_case_and_crossing(tmp_path: Path) -> None:
    # The judge's own files: every case and every crossing, whatever our samples have become.
    samples = [file for cc in ("kz", "kg", "tj", "uz") for file in (SHARED / cc).iterdir()]
    run(*samples, "--out", tmp_path)
    for case, (sample, layout) in CROSSINGS.items():
        run(ADAPTERS / sample, "--to", layout, "--out", tmp_path / case)
    judge = SHARED / "expected/check.py"
    told = subprocess.run(
        [sys.executable, judge, tmp_path, "--verbose"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stdout


def test_country_without_a_layout_of_the_type_gets_the_default_table(tmp_path: Path) -> None:
    departures = ADAPTERS / "kg/samples/04-departure-registration-rest.json"
    assert run(departures, "--to", "KZ", "--out", tmp_path)[0] == 0
    (made,) = tmp_path.glob("*.KZ.csv")
    code, output = run(made, "--from", "KG")
    assert code == 0
    assert {entry["source"]["layout"] for entry in json.loads(output)} == {"default.movement-event"}
