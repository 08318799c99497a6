"""`lmx directory authority`: list an authority in the files of the directory."""

from pathlib import Path

import click

from certs.beginnings import CLASSES, list_authority
from gateway.cli.ceremony import FOLDER
from gateway.cli.records import catalogue
from gateway.model.refusal import Refusal
from gateway.proof.keys import KeyFileError
from gateway.translation.countries import load_countries
from gateway.wiring import ROOT


@click.command(
    epilog="Example: lmx directory authority kz.labour-ministry --class state "
    "--layout EmploymentContract=kz.labour-contract --into kz/files"
)
@click.argument("name")
@click.option("--class", "kind", type=click.Choice(CLASSES), default="state", show_default=True)
@click.option(
    "--layout",
    "layouts",
    multiple=True,
    metavar="TYPE=LAYOUT",
    help="The native layout in which it takes a record type; else the common XML.",
)
@click.option("--xml", "forms", flag_value="xml", help="It takes the signed common XML.")
@click.option("--into", type=FOLDER, required=True, help="Folder of files for the directory.")
def authority(
    name: str, *, kind: str, layouts: tuple[str, ...], forms: str | None, into: Path
) -> None:
    """Write an authority into INTO/member/authorities.json; an entry that is there is replaced."""
    entry = {"class": kind, "forms": forms or "native", "layouts": dict(map(_layout, layouts))}
    file = into / "member/authorities.json"
    try:
        list_authority(file, name, entry)
    except (OSError, ValueError, KeyFileError, Refusal) as error:
        raise click.ClickException(f"{name}: {error}") from None
    click.echo(f"written: {file}")
    click.echo(f"Next: lmx directory add {into} --draft DRAFT --published DIRECTORY")


def _layout(told: str) -> tuple[str, str]:
    record_type, _, layout = told.partition("=")
    if record_type not in catalogue().types:
        known = ", ".join(sorted(catalogue().types))
        raise click.ClickException(f"{told}: there is no record type {record_type}; {known}")
    try:
        carries = load_countries(ROOT / "adapters").named(layout).record_type
    except Refusal as refusal:
        raise click.ClickException(f"{told}: {refusal}") from None
    if carries != record_type:
        raise click.ClickException(f"{told}: the layout carries {carries}")
    return record_type, layout
