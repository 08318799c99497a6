"""`lmx keys make`: a new key, and the request for its certificate."""

import click

from certs.generations import KeyStepError, ask, make_key, make_note_key
from gateway.cli.keys_place import CERTIFIED, NOTES, Place, ended, place_options
from gateway.proof import note
from gateway.proof.key_folder import generations, log_stem
from gateway.proof.keys import KeyFileError


@click.command(epilog="Example: lmx keys make seal --config kz/gateway.toml")
@click.argument("role", type=click.Choice([*CERTIFIED, *NOTES]), metavar="ROLE")
@place_options
@click.option("--as", "stem", default="", help="File stem, where it is not the role.")
@click.option("--host", "hosts", multiple=True, help="Name or address of a tls key.")
@click.option("--partner", default="", help="For log: alpha-2 of the partner, or home.")
@click.option(
    "--pkcs11",
    "uri",
    default="",
    help="Make the key in a module: RFC 7512 URI, see docs/how-to/rotate-a-key.md.",
)
def make(
    *,
    role: str,
    place: Place,
    stem: str,
    hosts: tuple[str, ...],
    partner: str,
    uri: str,
) -> None:
    """Make a key of ROLE (0600) and the request for its certificate.

    ROLE is seal, evidence, peer, tls, submitter, encryption, auditor or timestamp: P-256 with a
    certificate; or log, witness or mirror: Ed25519, which the directory lists as it is.
    """
    try:
        if role in NOTES:
            _note(place, role, partner, uri)
        else:
            _certified(place, role, stem or role, hosts, uri)
    except (KeyStepError, KeyFileError, OSError) as error:
        ended(error)


def _certified(place: Place, role: str, stem: str, hosts: tuple[str, ...], uri: str) -> None:
    _require_none(place, stem, role)
    made = make_key(place.folder, stem, uri)
    try:
        request = ask(made, role, place.state, place.listed(role), hosts)
    except KeyStepError:
        made.private_file.unlink()
        raise
    click.echo(f"made: {made.private_file} and {request}")
    click.echo(f"Next: have {request.name} certified for the role {role}:")
    click.echo("  by your CA, then lmx keys import CERTIFICATE --roots ROOTS ...")
    click.echo(f"  or by the built-in CA: lmx keys ca issue {request} --ca FOLDER")


def _note(place: Place, role: str, partner: str, uri: str) -> None:
    name = place.log(partner) if role == "log" else f"{place.name}/{role}"
    stem = log_stem(name) if role == "log" else role
    _require_none(place, stem, role)
    kind = note.LOG_KEY if role == "log" else note.COSIGNER_KEY
    made = make_note_key(place.folder, stem, name, kind, uri)
    click.echo(f"made: {place.folder / stem}, a key of {name}")
    click.echo("Next: list it in member/gateway.json as")
    click.echo(f"  {made.vkey.text()}")


def _require_none(place: Place, stem: str, role: str) -> None:
    if place.folder.exists() and generations(place.folder, stem):
        raise KeyStepError(
            f"{place.folder} holds a key of {stem} already. To follow it: lmx keys rotate {role}"
        )
