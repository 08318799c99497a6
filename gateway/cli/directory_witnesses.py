"""`lmx directory witnesses`: let the witnesses of followed states count, in the policy file."""

from pathlib import Path

import click

from gateway.cli.serve import settings
from gateway.directory.trust_files import changed, replace_file
from gateway.directory.witnesses import add_witnesses
from gateway.model.refusal import Refusal


@click.command(epilog="Example: lmx directory witnesses --config kz/gateway.toml")
@click.option("--config", type=click.Path(path_type=Path), required=True, help="gateway.toml")
def witnesses(config: Path) -> None:
    """Add the witness of every followed state to trust/policy.txt, in which any one suffices.

    What the file names stays: bundles of a state that has left are still judged by its witness.
    A gateway that runs takes it up at once.
    """
    trust = settings(config).trust
    file = trust / "policy.txt"
    try:
        text, added = add_witnesses(trust, file.read_text("utf-8") if file.exists() else "")
    except (Refusal, OSError, ValueError) as refusal:
        raise click.ClickException(f"{file}: {refusal}") from None
    if added:
        replace_file(file, text.encode("utf-8"))
        changed(trust)
    for one in added:
        click.echo(f"counts from now on: {one}")
    if not added:
        click.echo("every followed state's witness counts already")
