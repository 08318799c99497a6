"""`lmx translate`: native files to the common record or to another country's layout, offline."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from gateway.catalogue import Catalogue, load_catalogue
from gateway.cli.told import line, sentence
from gateway.model.refusal import Refusal, Warned
from gateway.proof.forms import record_xml
from gateway.translation import Countries, Reading, Result, load_countries, read, write
from gateway.translation.codes import alpha_3
from gateway.translation.files import plan_files
from gateway.translation.unreadable import UNREADABLE
from gateway.translation.warning_texts import warning_text

ROOT = Path(__file__).resolve().parents[2]
COMMON = ("common-json", "common-xml")
_TOLD = 20
DEFAULT_USED = Warned("DEFAULT-LAYOUT-USED", "")

Entry = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Task:
    """What one run of the command does with each file."""

    layout: str | None
    to: str
    origin: str
    out: Path | None
    countries: Countries
    catalogue: Catalogue


@click.command(epilog="Example: lmx translate contract.xml --to uz.labour-contract --out build/out")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--layout", help="Native layout of the files; told by content when left out.")
@click.option(
    "--to",
    default="common-json",
    show_default=True,
    help="common-json, common-xml, a country (KZ) or a layout (kz.labour-contract, "
    "default.job-order.xlsx.ru).",
)
@click.option(
    "--from",
    "origin",
    help="Country that submits (KZ), for files in a default layout, which name none.",
)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Folder for results.")
@click.pass_context
def translate(
    context: click.Context,
    files: tuple[Path, ...],
    *,
    layout: str | None,
    to: str,
    origin: str | None,
    out: Path | None,
) -> None:
    """Translate native FILES; no server is needed and nothing leaves this machine.

    Writes NAME.json for every file below --out, or prints it. Exit 0: all is well; 1: some
    record was refused; 2: a file could not be read.
    """
    countries = load_countries(ROOT / "adapters")
    if layout is not None and not countries.knows(layout):
        known = (*countries.names(), *countries.default_names())
        raise click.UsageError(f"--layout is one of: {', '.join(known)}")
    to = to.upper() if countries.is_country(to.upper()) else to
    if to not in COMMON and not countries.is_country(to) and not countries.knows(to):
        known = (*COMMON, *countries.names(), *countries.default_names())
        raise click.UsageError(f"--to is a country (KZ) or one of: {', '.join(known)}")
    if origin is not None and not countries.is_country(origin):
        raise click.UsageError("--from is a country that has layouts, e.g. KZ")
    task = Task(layout, to, origin or "", out, countries, load_catalogue(ROOT / "schemas"))
    names = _names(files)
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
    context.exit(max(_translate_file(file, name, task) for file, name in names.items()))


def _names(files: Sequence[Path]) -> dict[Path, str]:
    """Give what each file's results are called: its stem, its whole name where two share it."""
    stems, names = Counter(file.stem for file in files), Counter(file.name for file in files)
    if twice := next((name for name, count in names.items() if count > 1), None):
        raise click.UsageError(
            f"two FILES are called {twice}, and one result would replace the other; "
            "give them in two commands, each with its own --out"
        )
    return {file: file.stem if stems[file.stem] == 1 else file.name for file in files}


def _translate_file(file: Path, name: str, task: Task) -> int:
    # Births in a file lie before it was written, so the file's own time is the present (R19).
    at = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    home = alpha_3(task.origin) or ""
    reading = read(file.read_bytes(), task.layout, task.countries, task.catalogue, at=at, home=home)
    entries = [_entry(result) for result in reading.results]
    if not entries:
        entries = [_file_entry(reading)]
    Crossing(name, task, reading, entries).run()
    text = json.dumps(entries, ensure_ascii=False, indent=2) + "\n"
    if task.out is None:
        click.echo(text, nl=False)
    else:
        (task.out / f"{name}.json").write_text(text, encoding="utf-8")
        _tell(file, task.out / f"{name}.json", entries)
    if reading.error is not None and reading.error.code in UNREADABLE:
        return 2
    return int(any(entry["status"] != "ok" for entry in entries))


def _tell(file: Path, list_file: Path, entries: list[Entry]) -> None:
    """Say on the error stream what was refused; the list holds all of it."""
    refused = [entry for entry in entries if entry["errors"]]
    if not refused:
        return
    counts = f"{len(entries) - len(refused)} good, {len(refused)} refused"
    whole = all(entry["recordType"] is None for entry in refused)
    click.echo(f"{file}: {refused[0]['status'] + ' as a whole' if whole else counts}", err=True)
    lines = [
        line(entry.get("rows", ()), error["code"], error["path"], error["text"])
        for entry in refused
        for error in entry["errors"]
    ]
    for one in lines[:_TOLD]:
        click.echo(f"  {one}", err=True)
    if len(lines) > _TOLD:
        click.echo(f"  and {len(lines) - _TOLD} more, all in {list_file}", err=True)


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
    return [{"code": e.code, "path": e.place, "text": sentence(e)} for e in errors]


@dataclass(frozen=True, slots=True)
class Crossing:
    """The records of one file on their way into the wanted form."""

    stem: str
    task: Task
    reading: Reading
    entries: list[Entry]

    def run(self) -> None:
        """Write the records; an entry then names the file that holds its record."""
        good = [p for p, result in enumerate(self.reading.results) if result.status == "ok"]
        if self.task.to == "common-json" or not good:
            return
        if self.task.to == "common-xml":
            for place in good:
                octets = record_xml(self.task.catalogue.mapping, *self._record(place))
                self._keep([place], octets, "xml")
            return
        record_type = self.reading.results[good[0]].record_type
        layouts = self._layouts(record_type)
        if not layouts:
            rule = f"the country has no layout for {record_type}"
            for place in good:
                self._refuse(place, Refusal("layout.cannot-carry", step="translate", rule=rule))
            return
        triples = [(*self._record(place), self._source) for place in good]
        files = plan_files(triples, layouts, self.task.countries)
        for layout, places in files.made:
            self._write([good[place] for place in places], layout)
        for place, refusal in files.refused.items():
            self._refuse(good[place], refusal)

    def _layouts(self, record_type: str) -> tuple[str, ...]:
        """The layouts that may take the records, the preferred one first."""
        to, countries = self.task.to, self.task.countries
        return countries.targets(to, record_type) if countries.is_country(to) else (to,)

    def _record(self, place: int) -> tuple[str, dict[str, Any]]:
        result = self.reading.results[place]
        return result.record_type, result.record or {}

    @property
    def _source(self) -> str:
        source = self.task.countries.named(self.reading.layout or "").country
        return source or self.task.origin

    def _write(self, places: list[int], layout: str) -> None:
        countries = self.task.countries
        triples = [(*self._record(place), self._source) for place in places]
        try:
            written = write(triples, layout, countries)
        except Refusal as refusal:
            # A record that shows only in writing that it does not fit stops no other.
            fitting = [place for place in places if self._fits_alone(place, layout)]
            if 0 < len(fitting) < len(places):
                self._write(fitting, layout)
            for place in places if len(fitting) == len(places) else ():
                self._refuse(place, refusal)
            return
        own = countries.of(self.task.to, triples[0][0])
        told = (*((DEFAULT_USED,) if own and layout not in own else ()), *written.warnings)
        for place in places:
            self.entries[place]["warnings"] += _warnings(told)
            self.entries[place]["residue"] += written.residue
        self._keep(places, written.data, written.extension)

    def _fits_alone(self, place: int, layout: str) -> bool:
        try:
            write([(*self._record(place), self._source)], layout, self.task.countries)
        except Refusal as refusal:
            self._refuse(place, refusal)
            return False
        return True

    def _refuse(self, place: int, refusal: Refusal) -> None:
        self.entries[place]["status"] = "refused"
        self.entries[place]["errors"] += _errors((refusal,))

    def _keep(self, places: list[int], data: bytes, extension: str) -> None:
        if self.task.out is None:
            return
        alone = len(places) == 1 and len(self.entries) > 1
        name = f"{self.stem}.{self.task.to}.{extension}"
        if alone or any(entry.get("native") == name for entry in self.entries):
            name = f"{self.stem}.{places[0] + 1}.{self.task.to}.{extension}"
        (self.task.out / name).write_bytes(data)
        for place in places:
            self.entries[place]["native"] = name
