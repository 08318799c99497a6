"""`lmx attach` and `lmx attachments`: bring files that go with a record, and fetch them."""

from pathlib import Path

import click

from gateway.cli.ministry import profile_link, profile_option, telling
from gateway.client import attachments as pieces


@click.command()
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@profile_option
@click.option("--go-on", "name", default="", help="The id of one that was cut off.")
@telling
def attach(file: Path, profile_file: Path, name: str) -> None:
    """Bring a file to the gateway, for lmx submit --attach; it may have 100 MB.

    Example: lmx attach scan.pdf --profile kz.labour-ministry.toml
    """
    _, link = profile_link(profile_file)
    click.echo(pieces.upload(link, file, name))


@click.command()
@click.argument("exchange")
@profile_option
@click.option("--take", type=click.Path(path_type=Path), help="Write those that are here.")
@telling
def attachments(exchange: str, profile_file: Path, take: Path | None) -> None:
    """List what came with a record; with --take write and check it, behind what is there already.

    Example: lmx attachments 01a20d19-cbf0-7922-a705-4352c479af4e --take received
    --profile uz.migration-agency.toml
    """
    _, link = profile_link(profile_file)
    for one in pieces.received(link, exchange):
        click.echo(f"{one['number']}  {one['state']}  {one['size']}  {one['name']}")
        if take is not None and one["state"] == "here":
            take.mkdir(parents=True, exist_ok=True)
            file = take / f"{exchange}-{one['number']}-{_plain(one['name'])}"
            try:
                pieces.download(link, exchange, one, file)
            except ValueError as error:
                raise click.ClickException(str(error)) from None


def _plain(name: str) -> str:
    # The sender wrote it: on our disk it names no folder and begins with no dot.
    return "".join(one if one.isalnum() or one in "-_." else "-" for one in name).lstrip(".")
