"""`lmx keys import`: take in the certificate that a CA issued for one of our keys."""

from pathlib import Path

import click

from certs.generations import KeyStepError, read_certificates, take_in
from gateway.cli.keys_place import CERTIFIED, Place, ended, now, place_options
from gateway.proof.keys import KeyFileError, load_certificates


@click.command(
    "import",
    epilog="Example: lmx keys import seal.p7b --role seal --roots national-root.pem "
    "--config kz/gateway.toml",
)
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--role", type=click.Choice(CERTIFIED), required=True, help="Role of the key.")
@click.option(
    "--roots",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    required=True,
    help="PEM of the state's roots.",
)
@place_options
@click.option("--as", "stem", default="", help="File stem, where it is not the role.")
def import_(*, files: tuple[Path, ...], role: str, roots: Path, place: Place, stem: str) -> None:
    """Check what a CA issued and store it beside its key.

    FILES hold the certificate and those between it and the root: PEM, DER or PKCS #7. Checked:
    that it is of one of our keys, its profile, state and name, and its path to a root.
    """
    try:
        found = [one for file in files for one in read_certificates(file.read_bytes())]
        stored = take_in(
            place.folder,
            stem or role,
            role,
            found,
            load_certificates(roots),
            state=place.state,
            name=place.listed(role),
            at=now(),
        )
    except (KeyStepError, KeyFileError, OSError) as error:
        ended(error)
    click.echo(f"stored: {stored.chain_file}")
    if stored.number > 1:
        click.echo(f"Next: lmx keys rotate {role}, which opens its window")
    else:
        click.echo("Next: lmx keys announce, which writes what the directory lists")
