"""Every record type from every country to every other: `lmx translate --to CC` (section 6).

The origin's own samples cross where it has a layout, else its default table filled from the
standard's examples. What arrives is read by the destination, and what was lost on the way is what
the fidelity tables say.
"""

import copy
import json
import re
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from gateway.catalogue.concerned import require_concerned, require_consent
from gateway.cli.fidelity import PAGES, PRESENT
from gateway.cli.translate import translate
from gateway.model.refusal import Refusal
from gateway.translation import load_countries, read, write
from gateway.translation.codes import alpha_3
from gateway.translation.fidelity import CARRIED, LOST, compared
from tests.support.schemas import SCHEMAS, catalogue

ROOT = SCHEMAS.parent
ADAPTERS = ROOT / "adapters"
COUNTRIES = load_countries(ADAPTERS)
STATES = ("KG", "KZ", "TJ", "UZ")
TYPES = tuple(sorted(catalogue().types))
PENSIONS = {("KG", "KZ"), ("KZ", "KG")}
WAYS = [
    (origin, destination, record_type)
    for origin, destination in permutations(STATES, 2)
    for record_type in TYPES
    if record_type != "InsurancePeriod" or (origin, destination) in PENSIONS
]

Record = dict[str, Any]


def of_citizen(record: Record, state: str) -> None:
    """Make the person a citizen of the state, without numbers and papers of another."""
    person = record["person"]
    person["citizenship"] = [state]
    for name in ("identifier", "document"):
        kept = [one for one in person.get(name, []) if one.get("issuer") == state]
        person.pop(name, None)
        person |= {name: kept} if kept else {}


def order(record: Record, origin: str, _: str) -> None:
    record["workplace"] = {"country": origin}


def licence(record: Record, _: str, destination: str) -> None:
    record["countries"] = [destination]


def candidate(record: Record, origin: str, destination: str) -> None:
    of_citizen(record, origin)
    record["destination"] = destination


def recognition(record: Record, origin: str, destination: str) -> None:
    of_citizen(record, origin)
    record["qualification"]["country"] = origin
    record["authority"].pop("identifier", None)
    record["authority"]["address"] = {"country": destination}


def movement(record: Record, origin: str, destination: str) -> None:
    ways = {"fromCountry": origin, "toCountry": destination}
    record |= ways


def protection(record: Record, _: str, destination: str) -> None:
    record |= {"country": destination, "consentToShare": True}


def statistic(record: Record, origin: str, destination: str) -> None:
    record |= {"reporter": origin, "counterpart": destination}


def of_the_recipient(record: Record, _: str, destination: str) -> None:
    of_citizen(record, destination)


# What makes an example concern the pair, in the direction of section 6.
CONCERNING: dict[str, Callable[[Record, str, str], None]] = {
    "AgencyLicence": licence,
    "CandidateProfile": candidate,
    "EmploymentContract": of_the_recipient,
    "IncidentNotification": of_the_recipient,
    "InsurancePeriod": of_the_recipient,
    "JobOrder": order,
    "MovementEvent": movement,
    "ProtectionCase": protection,
    "QualificationRecognition": recognition,
    "RemittanceStatistic": statistic,
    "ReturnRecord": of_the_recipient,
    "WorkAuthorisation": of_the_recipient,
}


def examples(record_type: str, origin: str, destination: str) -> list[Record]:
    """The standard's examples, made to concern the pair."""
    found = []
    for file in sorted(SCHEMAS.glob(f"records/{record_type}/1/examples/*.json")):
        record = copy.deepcopy(json.loads(file.read_bytes())["record"])
        CONCERNING[record_type](record, alpha_3(origin) or "", alpha_3(destination) or "")
        found.append(record)
    return found


def little(record_type: str) -> list[Record]:
    """The standard's examples, each without one more of the members that it can do without."""
    found = []
    for record in examples(record_type, "KZ", "UZ"):
        for name in [name for name in record if name != "state"]:
            lean = {member: value for member, value in record.items() if member != name}
            try:
                found.append(catalogue().check(record_type, lean) and lean)
            except Refusal:
                continue
    return found


@cache
def samples(origin: str) -> dict[str, list[Path]]:
    """The origin's own sample files by record type."""
    found: dict[str, list[Path]] = {}
    for file in sorted((ADAPTERS / origin.lower() / "samples").iterdir()):
        reading = read(file.read_bytes(), None, COUNTRIES, catalogue(), at=PRESENT)
        for record_type in {result.record_type for result in reading.results}:
            found.setdefault(record_type, []).append(file)
    return found


class Arrived:
    """What one run of the command made of all types of one pair."""

    def __init__(self, folder: Path, origin: str, destination: str) -> None:
        self.out = folder / "out"
        self.files: dict[str, list[Path]] = {}
        for record_type in TYPES:
            own = samples(origin).get(record_type)
            self.files[record_type] = own or [self._table(folder, record_type, origin, destination)]
        given = [str(file) for files in self.files.values() for file in files]
        options = ["--to", destination.lower(), "--from", origin, "--out", str(self.out)]
        self.run = CliRunner().invoke(translate, [*given, *options])

    def _table(self, folder: Path, record_type: str, origin: str, destination: str) -> Path:
        layout = COUNTRIES.default(origin, record_type)
        assert layout is not None
        records = examples(record_type, origin, destination)
        triples = [(record_type, record, origin) for record in records]
        file = folder / f"{record_type}.csv"
        file.write_bytes(write(triples, layout, COUNTRIES).data)
        return file

    def entries(self, record_type: str) -> list[dict[str, Any]]:
        return [
            entry
            for file in self.files[record_type]
            for entry in json.loads((self.out / f"{file.stem}.json").read_bytes())
        ]


@pytest.fixture(scope="module")
def arrivals(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], Arrived]:
    @cache
    def arrived(origin: str, destination: str) -> Arrived:
        folder = tmp_path_factory.mktemp(f"{origin}-{destination}")
        return Arrived(folder, origin, destination)

    return arrived


def told(record_type: str, origin_layout: str, target_layout: str) -> dict[str, str]:
    """Member path → the word of the checked-in fidelity table."""
    page = (PAGES / f"{record_type}.md").read_text("utf-8")
    section = page.partition(f"## From `{bare(origin_layout)}`\n")[2].partition("\n## ")[0]
    rows = [line.split(" | ") for line in section.splitlines() if line.startswith("| ")]
    column = [cell.strip("`| ") for cell in rows[0]].index(bare(target_layout))
    return {row[0].strip("`| "): row[column].strip(" |*").partition(" ")[0] for row in rows[1:]}


def bare(layout: str) -> str:
    """A layout's name without form and language."""
    return re.sub(r"^(default\.[a-z-]+).*", r"\1", layout)


@pytest.mark.parametrize(("origin", "destination", "record_type"), WAYS)
def test_record_crosses(
    arrivals: Callable[[str, str], Arrived], origin: str, destination: str, record_type: str
) -> None:
    arrived = arrivals(origin, destination)
    entries = arrived.entries(record_type)
    assert [(one["status"], one["errors"]) for one in entries] == [("ok", [])] * len(entries)
    for name in dict.fromkeys(entry["native"] for entry in entries):
        sent = [entry for entry in entries if entry["native"] == name]
        data = (arrived.out / name).read_bytes()
        reading = read(data, None, COUNTRIES, catalogue(), at=PRESENT, home=alpha_3(destination))
        assert reading.error is None
        assert [error for result in reading.results for error in result.errors] == []
        assert reading.layout in {bare(one) for one in COUNTRIES.targets(destination, record_type)}
        back = [result.record for result in reading.results if result.record]
        for place, entry in enumerate(sent):
            table = told(record_type, entry["source"]["layout"], reading.layout or "")
            mine = [back[place]] if len(back) == len(sent) else back
            for path, outcome, _ in compared(entry["record"], mine, {}):
                assert not (outcome == LOST and table[path] == CARRIED), path
                assert not (outcome == CARRIED and table[path] == LOST), path


@pytest.mark.parametrize(("origin", "destination", "record_type"), WAYS)
def test_example_may_leave_in_the_direction_of_its_type(
    origin: str, destination: str, record_type: str
) -> None:
    for record in examples(record_type, origin, destination):
        catalogue().check(record_type, record)
        require_consent(record_type, record)
        require_concerned(catalogue(), record_type, record, destination, origin=origin)


@pytest.mark.parametrize(
    ("sample", "destination", "layout"),
    [
        ("uz/samples/02-labour-contract-lc.json", "kz", "kz.labour-contract"),
        ("kz/samples/04-pension-contributions-shep-response.xml", "kg", "kg.work-periods"),
        ("kz/samples/05-contract-kyrgyz-worker.xml", "tj", "tj.contracts"),
        ("tj/samples/06-returns-2026-q4.xlsx", "uz", "default.return-record"),
    ],
)
def test_the_command_itself_makes_the_destination_s_file(
    tmp_path: Path, sample: str, destination: str, layout: str
) -> None:
    lmx = [sys.executable, "-m", "gateway.cli.main", "translate", str(ADAPTERS / sample)]
    ran = subprocess.run([*lmx, "--to", destination, "--out", str(tmp_path)], cwd=ROOT, check=False)
    assert ran.returncode == 0
    (listed,) = tmp_path.glob("*.json") if destination != "uz" else tmp_path.glob("06*q4.json")
    entry = json.loads(listed.read_bytes())[0]
    reading = read((tmp_path / entry["native"]).read_bytes(), None, COUNTRIES, catalogue())
    assert reading.layout == layout


@pytest.mark.parametrize("layout", COUNTRIES.names())
def test_file_with_little_in_it_is_recognised_all_the_same(layout: str) -> None:
    record_type = COUNTRIES.named(layout).record_type
    for record in little(record_type):
        triples = [(record_type, record, "")]
        if COUNTRIES.named(layout).layout.unfit(triples):
            continue
        data = write(triples, layout, COUNTRIES).data
        reading = read(data, None, COUNTRIES, catalogue(), at=PRESENT)
        assert (reading.layout, [one.errors for one in reading.results]) == (layout, [()])
