"""`lmx country`: begin the folder of a country that is not there yet."""

from pathlib import Path

import click

from gateway.cli.translate import ROOT
from gateway.translation.new_country import UnknownCountryError, country_files


@click.group(epilog="Example: lmx country new mn")
def country() -> None:
    """Add a country: a folder with one layout, to be filled with the ministry's own."""


@country.command(epilog="Example: lmx country new mn")
@click.argument("code", metavar="CC")
@click.option(
    "--adapters",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=ROOT / "adapters",
    help="Folder of the countries, if it is not this program's own.",
)
def new(code: str, adapters: Path) -> None:
    """Write the folder of the country CC (ISO 3166-1 alpha-2).

    It holds country.toml, one layout, a code table, an invented sample and a README, and keeps
    every promise of the contract tests as it is. See docs/how-to/add-a-country.md.
    """
    try:
        files = country_files(code)
    except UnknownCountryError as error:
        raise click.UsageError(str(error)) from None
    folder = adapters / code.lower()
    if folder.exists():
        raise click.ClickException(f"{folder} is there already; nothing was written")
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        click.echo(f"written: {file}")
    click.echo(
        f"Next: LMX_COUNTRY={code.lower()} .venv/bin/python -m pytest -q "
        "tests/contract/test_country.py, then docs/how-to/add-a-country.md"
    )
