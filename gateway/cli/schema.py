"""`lmx schema`: keep what is generated equal to the XSD."""

import click

from gateway.catalogue.generate import generate, stale
from gateway.cli.records import SCHEMAS


@click.group(epilog="Example: lmx schema check")
def schema() -> None:
    """Check or renew the JSON Schema, the mapping and the reference pages of the records."""


@schema.command(epilog="Example: lmx schema check")
@click.pass_context
def check(context: click.Context) -> None:
    """Name generated files that no longer equal what the XSD gives. Exit 1: some are stale."""
    found = stale(SCHEMAS)
    for path in found:
        click.echo(f"stale: {path.relative_to(SCHEMAS.parent)}; run `lmx schema renew`", err=True)
    if not found:
        click.echo("everything generated equals the XSD")
    context.exit(1 if found else 0)


@schema.command(epilog="Example: lmx schema renew")
def renew() -> None:
    """Write all generated files anew."""
    for path, data in generate(SCHEMAS).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        click.echo(f"written: {path.relative_to(SCHEMAS.parent)}")
