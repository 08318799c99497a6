"""`lmx template`: an empty file of a record type, to be filled by people."""

from pathlib import Path

import click

from gateway.catalogue.labels import LANGUAGES
from gateway.translation import load_countries
from gateway.translation.default.compiled import kebab
from gateway.translation.default.media import FORMS, Form
from gateway.translation.default.template import template as template_of

ROOT = Path(__file__).resolve().parents[2]


@click.command(
    epilog="Example: lmx template EmploymentContract --lang ru --as xlsx -o contracts.xlsx"
)
@click.argument("record_type", metavar="TYPE")
@click.option(
    "--lang",
    "language",
    type=click.Choice(LANGUAGES),
    default="en",
    show_default=True,
    help="Language of headings, lists and instructions.",
)
@click.option(
    "--as",
    "form",
    type=click.Choice(FORMS),
    default="xlsx",
    show_default=True,
    help="Workbook with lists to choose from, table, or JSON.",
)
@click.option(
    "-o",
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="File to write.",
)
def template(record_type: str, language: str, form: Form, out: Path) -> None:
    """Write an empty file of TYPE, e.g. JobOrder, for any country to fill and submit.

    What comes back filled is read by `lmx translate` and by the gateway without naming a layout.
    """
    countries = load_countries(ROOT / "adapters")
    types = {} if countries.defaults is None else countries.defaults.types
    known = types.get(kebab(record_type))
    if known is None:
        names = ", ".join(one.record_type for one in types.values())
        raise click.UsageError(f"TYPE is one of: {names}")
    out.write_bytes(template_of(known, form, language, countries.homes))
    click.echo(f"written: {out}")
