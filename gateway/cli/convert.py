"""`lmx convert`: the same record in its other form."""

import sys
from pathlib import Path

import click

from gateway.cli.records import catalogue, read_record
from gateway.model.refusal import Refusal
from gateway.proof.canonical import canonical_json
from gateway.proof.forms import record_xml


@click.command(epilog="Example: lmx convert contract.json --to xml > contract.xml")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--to", type=click.Choice(["json", "xml"]), required=True, help="The form to write.")
@click.pass_context
def convert(context: click.Context, file: Path, to: str) -> None:
    """Write the record of FILE in canonical JSON or XML; no value changes. Exit 1: refused."""
    known = catalogue()
    try:
        record_type, record = read_record(known, file.read_bytes())
    except Refusal as refusal:
        click.echo(f"{file}: refused {refusal}", err=True)
        context.exit(1)
    if to == "json":
        octets = canonical_json({"recordType": record_type, "record": record})
    else:
        octets = record_xml(known.mapping, record_type, record)
    sys.stdout.buffer.write(octets)
