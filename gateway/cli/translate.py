"""`lmx translate`: native files to the common record or to another country's layout, offline."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from gateway.catalogue import Catalogue, load_catalogue
from gateway.model.refusal import Refusal, Warned
from gateway.proof.forms import record_xml
from gateway.translation import Countries, Reading, Result, load_countries, read, write
from gateway.translation.warning_texts import warning_text

ROOT = Path(__file__).resolve().parents[2]
COMMON = ("common-json", "common-xml")
UNREADABLE = frozenset(
    {"xml.malformed", "xml.doctype", "xml.profile", "json.malformed", "json.duplicate-name"}
    | {"csv.malformed", "text.encoding", "layout.unknown", "layout.ambiguous"}
    | {"submission.too-large"}
)

Entry = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Task:
    """What one run of the command does with each file."""

    layout: str | None
    to: str
    out: Path | None
    countries: Countries
    catalogue: Catalogue
    at: datetime


@click.command(epilog="Example: lmx translate contract.xml --to uz.labour-contract --out build/out")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--layout", help="Native layout of the files; told by content when left out.")
@click.option(
    "--to",
    default="common-json",
    show_default=True,
    help="common-json, common-xml, a country (KZ) or a layout (kz.labour-contract).",
)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Folder for results.")
@click.pass_context
def translate(
    context: click.Context, files: tuple[Path, ...], layout: str | None, to: str, out: Path | None
) -> None:
    """Translate native FILES; no server is needed and nothing leaves this machine.

    Writes NAME.json for every file below --out, or prints it. Exit 0: all is well; 1: some
    record was refused; 2: a file could not be read.
    """
    countries = load_countries(ROOT / "adapters")
    if layout is not None and layout not in countries.names():
        raise click.UsageError(f"--layout is one of: {', '.join(countries.names())}")
    if to not in (*COMMON, *countries.names()) and not countries.is_country(to):
        raise click.UsageError("--to is common-json, common-xml, a country or a layout")
    task = Task(layout, to, out, countries, load_catalogue(ROOT / "schemas"), _now())
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
    context.exit(max(_translate_file(file, task) for file in files))


def _now() -> datetime:
    return datetime.now(UTC)


def _translate_file(file: Path, task: Task) -> int:
    reading = read(file.read_bytes(), task.layout, task.countries, task.catalogue, at=task.at)
    entries = [_entry(result) for result in reading.results]
    if not entries:
        entries = [_file_entry(reading)]
    _cross(file, task, reading, entries)
    text = json.dumps(entries, ensure_ascii=False, indent=2) + "\n"
    if task.out is None:
        click.echo(text, nl=False)
    else:
        (task.out / f"{file.stem}.json").write_text(text, encoding="utf-8")
    if reading.error is not None and reading.error.code in UNREADABLE:
        return 2
    return int(any(entry["status"] != "ok" for entry in entries))


def _entry(result: Result) -> Entry:
    entry: Entry = {
        "status": result.status,
        "rows": list(result.rows),
        "recordType": result.record_type,
        "record": result.record,
        "source": result.source.members(),
        "warnings": _warnings(result.warnings),
        "residue": list(result.residue),
        "errors": _errors(result.errors),
    }
    if result.consent_ref is not None:
        entry["consentRef"] = result.consent_ref
    return entry


def _file_entry(reading: Reading) -> Entry:
    return {
        "status": reading.status,
        "recordType": None,
        "record": None,
        "source": None,
        "warnings": _warnings(reading.warnings),
        "residue": [],
        "errors": _errors(() if reading.error is None else (reading.error,)),
    }


def _warnings(warnings: Sequence[Warned]) -> list[dict[str, str]]:
    return [{"code": w.code, "path": w.path, "text": warning_text(w.code)} for w in warnings]


def _errors(errors: Sequence[Refusal]) -> list[dict[str, str]]:
    return [{"code": e.code, "path": e.place, "text": e.rule} for e in errors]


def _cross(file: Path, task: Task, reading: Reading, entries: list[Entry]) -> None:
    """Write the records in the wanted form; an entry says which file holds its record."""
    good = [place for place, result in enumerate(reading.results) if result.status == "ok"]
    if task.to == "common-json" or not good:
        return
    if task.to == "common-xml":
        for place in good:
            octets = record_xml(task.catalogue.mapping, *_record(reading, place))
            _keep(file, task, entries, [place], octets, "xml")
        return
    record_type = reading.results[good[0]].record_type
    wanted = _target(task, record_type)
    if wanted is None:
        for place in good:
            _refuse(entries[place], _no_layout(record_type))
        return
    _cross_native(file, task, reading, entries, good, wanted)


def _record(reading: Reading, place: int) -> tuple[str, dict[str, Any]]:
    result = reading.results[place]
    return result.record_type, result.record or {}


def _target(task: Task, record_type: str) -> str | None:
    if not task.countries.is_country(task.to):
        return task.to
    fitting = task.countries.of(task.to, record_type)
    return fitting[0] if len(fitting) == 1 else None


def _no_layout(record_type: str) -> Refusal:
    rule = f"the country has no single layout for {record_type}"
    return Refusal("layout.cannot-carry", step="translate", rule=rule)


def _cross_native(
    file: Path,
    task: Task,
    reading: Reading,
    entries: list[Entry],
    good: list[int],
    wanted: str,
) -> None:
    source = task.countries.named(reading.layout or "").country
    layout = task.countries.named(wanted).layout
    triples = [(*_record(reading, place), source) for place in good]
    unfit = layout.unfit(triples)
    for index, refusal in unfit.items():
        _refuse(entries[good[index]], refusal)
    fitting = [index for index in range(len(good)) if index not in unfit]
    groups = [fitting] if layout.medium.many else [[index] for index in fitting]
    for group in filter(None, groups):
        written = write([triples[index] for index in group], wanted, task.countries)
        places = [good[index] for index in group]
        for place in places:
            entries[place]["warnings"] += _warnings(written.warnings)
            entries[place]["residue"] += written.residue
        _keep(file, task, entries, places, written.data, written.extension)


def _refuse(entry: Entry, refusal: Refusal) -> None:
    entry["status"] = "refused"
    entry["errors"] += _errors((refusal,))


def _keep(
    file: Path, task: Task, entries: list[Entry], places: list[int], data: bytes, extension: str
) -> None:
    if task.out is None:
        return
    several = len(places) == 1 and len(entries) > 1
    name = (
        f"{file.stem}.{places[0] + 1}.{task.to}.{extension}"
        if several
        else (f"{file.stem}.{task.to}.{extension}")
    )
    (task.out / name).write_bytes(data)
    for place in places:
        entries[place]["native"] = name
