"""`lmx directory key`: one new key of a directory."""

from pathlib import Path

import click

from gateway.cli.ceremony import told
from gateway.directory.signing_keys import make_key


@click.command(epilog="Example: lmx directory key dana/root-2 --holder dana")
@click.argument("stem", type=click.Path(path_type=Path))
@click.option("--holder", required=True, help="Who will be asked for signatures.")
def key(stem: Path, holder: str) -> None:
    """Make STEM.key (private, mode 0600, stays here) and STEM.pub (carried to the ceremony)."""
    with told():
        made = make_key(stem, holder)
    click.echo(f"written: {stem}.key (keep it here) and {stem}.pub; id {made.public_key.keyid}")
