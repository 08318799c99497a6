"""`lmx validate`: is this record what the standard says?"""

from pathlib import Path

import click

from gateway.cli.records import catalogue, read_record
from gateway.model.refusal import Refusal


@click.command(epilog="Example: lmx validate contract.json contract.xml")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.pass_context
def validate(context: click.Context, files: tuple[Path, ...]) -> None:
    """Check records in the common form. Exit 0: all are right; 1: some are refused."""
    known = catalogue()
    refused = 0
    for file in files:
        try:
            record_type, record = read_record(known, file.read_bytes())
        except Refusal as refusal:
            refused += 1
            click.echo(f"{file}: refused {refusal}", err=True)
            continue
        missing = known.missing_usual(record_type, record)
        note = f"; usual but absent: {', '.join(missing)}" if missing else ""
        click.echo(f"{file}: {record_type} is right{note}")
    context.exit(1 if refused else 0)
