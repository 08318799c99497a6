"""`lmx keys request`: ask again for the certificate of a key that is there."""

import click

from certs.generations import KeyStepError, ask
from gateway.cli.keys_place import CERTIFIED, Place, ended, place_options
from gateway.proof.key_folder import generations
from gateway.proof.keys import KeyFileError


@click.command(epilog="Example: lmx keys request seal --config kz/gateway.toml")
@click.argument("role", type=click.Choice(CERTIFIED), metavar="ROLE")
@place_options
@click.option("--as", "stem", default="", help="File stem, where it is not the role.")
@click.option("--host", "hosts", multiple=True, help="Name or address of a tls key.")
def request(*, role: str, place: Place, stem: str, hosts: tuple[str, ...]) -> None:
    """Write the certificate request (PKCS #10, PEM) of the newest key of ROLE.

    It asks for the key usage and the extended key usage of docs/reference/certificates.md.
    """
    try:
        known = generations(place.folder, stem or role)
        if not known:
            raise KeyStepError(f"{place.folder} holds no key of {role}: lmx keys make {role}")
        file = ask(known[-1], role, place.state, place.listed(role), hosts)
    except (KeyStepError, KeyFileError, OSError) as error:
        ended(error)
    click.echo(f"written: {file}")
