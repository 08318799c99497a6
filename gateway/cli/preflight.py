"""`lmx preflight`: what of a folder of native files would be refused, lost or flagged, offline."""

import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from gateway.catalogue import load_catalogue
from gateway.cli.preflight_report import html_of, json_of, report_of, text_of
from gateway.cli.translate import ROOT
from gateway.model.refusal import Refusal
from gateway.translation import load_countries
from gateway.translation.codes import alpha_3
from gateway.translation.media.foreign import LARGEST
from gateway.translation.preflight import Preflight
from gateway.translation.read import stream

_EVERY = 250


class _Usage(click.UsageError):
    """Exits with 4, since 2 says that a file could not be read."""

    exit_code = 4


class _Flight(click.Command):
    def make_context(self, *given: Any, **named: Any) -> click.Context:
        """Parse the arguments; what is wrong with them exits as `_Usage` does."""
        try:
            return super().make_context(*given, **named)
        except click.UsageError as error:
            raise _Usage(error.format_message(), error.ctx) from None


@click.command(
    cls=_Flight, epilog="Example: lmx preflight exports/2026-11 --to KZ --report kz.html"
)
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False))
@click.option("--to", required=True, help="The recipient's country, e.g. KZ.")
@click.option(
    "--from",
    "origin",
    default="",
    help="The country that sends, for files in a default layout, which name none.",
)
@click.option(
    "--report",
    "reports",
    multiple=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also write the report: FILE.html for people, FILE.json for programs.",
)
@click.option("--json", "as_json", is_flag=True, help="Stable output for programs.")
@click.pass_context
def preflight(
    context: click.Context,
    folder: str,
    *,
    to: str,
    origin: str,
    reports: tuple[Path, ...],
    as_json: bool,
) -> None:
    """Tell what of the files below DIR would be refused, lost or flagged on the way to --to.

    Reports counts and places (file names below DIR, rows, members), never values. Hidden files
    are left out. Nothing leaves this machine. Exit 0: nothing is refused; 1: something is; 2: a
    file could not be read; 4: usage.
    """
    countries = load_countries(ROOT / "adapters")
    to, origin = to.upper(), origin.upper()
    for code in (to, origin) if origin else (to,):
        if not countries.is_country(code):
            raise _Usage(f"{code}: no folder adapters/{code.lower()}/ tells how that country reads")
    if to == origin:
        raise _Usage("--from and --to are two countries")
    if any(one.suffix not in (".html", ".json") for one in reports):
        raise _Usage("--report ends in .html or .json")
    root = Path(folder)
    files = list(_files(root))
    if not files:
        raise _Usage(f"{folder} holds no file")
    flight = Preflight(to, countries, load_catalogue(ROOT / "schemas"), origin=origin)
    newest = _fly(flight, root, files)
    report = report_of(flight, newest)
    for one in reports:
        made = json_of(report) if one.suffix == ".json" else html_of(report, root.resolve().name)
        one.write_text(made, encoding="utf-8")
    click.echo(json_of(report) if as_json else text_of(report, folder), nl=False)
    context.exit(flight.exit_code)


def _files(root: Path) -> Iterator[Path]:
    """Every file below the folder in a stable order, without hidden ones and links to folders."""
    for place, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            file = Path(place) / name
            # Sockets and pipes hold no exports, and reading one would wait for ever.
            if not name.startswith(".") and (file.is_file() or not file.exists()):
                yield file


def _fly(flight: Preflight, root: Path, files: list[Path]) -> str:
    """Judge every file; gives the day of the newest."""
    newest = 0.0
    for done, file in enumerate(files, start=1):
        name = file.relative_to(root).as_posix()
        try:
            changed = file.stat().st_mtime
            with file.open("rb") as opened:
                # A byte above the limit is enough to be refused by it.
                data = opened.read(LARGEST + 1)
        except OSError:
            rule = "the file must be readable by the user who runs this command"
            flight.refuse(name, Refusal("file.unreadable", step="translate", rule=rule))
            continue
        newest = max(newest, changed)
        # Births in a file lie before it was written, so its own time is the present (R19).
        at = datetime.fromtimestamp(changed, UTC)
        home = alpha_3(flight.origin) or ""
        found = stream(data, None, flight.countries, flight.catalogue, at=at, home=home)
        for number in flight.take(name, found):
            if number % _EVERY == 0:
                _progress(done, len(files), number)
        _progress(done, len(files), 0)
    _progress(0, 0, 0)
    return datetime.fromtimestamp(newest, UTC).date().isoformat() if newest else ""


def _progress(file: int, files: int, record: int) -> None:
    """One line on a terminal; nothing in a pipe."""
    if not sys.stderr.isatty():
        return
    told = f"file {file:,} of {files:,}" + (f", record {record:,}" if record else "")
    click.echo(f"\r\033[K{told if files else ''}", nl=False, err=True)
