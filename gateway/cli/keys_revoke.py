"""`lmx keys revoke`: a key no longer counts, from an instant on, and for a reason."""

import hashlib
from pathlib import Path

import click

from certs.authority_folder import REASONS, issued_by, open_folder, revoke_serial
from certs.generations import KeyStepError, read_certificates
from certs.key_files import write_file
from gateway.cli.keys_place import ended, instant, now
from gateway.model.instants import write_instant
from gateway.model.refusal import Refusal
from gateway.proof.canonical import canonical_json
from gateway.proof.keys import KeyFileError, thumbprint
from gateway.proof.note import read_vkey


@click.command(
    epilog="Example: lmx keys revoke kz/keys/seal.pem --reason keyCompromise --out directory"
)
@click.argument("key", metavar="KEY")
@click.option("--reason", type=click.Choice(sorted(REASONS)), required=True, help="RFC 5280 5.3.1.")
@click.option("--at", "since", default="now", show_default=True, help="Instant of the revocation.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="Folder of the directory's files; revoked/key-DIGEST.json is written there.",
)
@click.option(
    "--ca",
    "authority",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the built-in CA that issued it: its list is signed anew.",
)
def revoke(*, key: str, reason: str, since: str, out: Path, authority: Path | None) -> None:
    """Revoke KEY, a certificate file or the vkey of a log, witness or mirror.

    What it signed before the instant still verifies; nothing it signs from then on does. Partners
    know it with their next look at the directory. A key that was stolen is revoked from the time
    of the theft. A certificate of a national CA is revoked there as well.
    """
    at = now()
    instant_ = instant(since, at)
    try:
        name = _id(key)
        told = {"id": name, "at": write_instant(instant_), "reason": reason}
        # A directory takes file names in lower case, and an id is none.
        file = out / "revoked" / f"key-{hashlib.sha256(name.encode()).hexdigest()}.json"
        write_file(file, canonical_json(told))
        click.echo(f"written: {file}")
        if authority is not None and "+" not in name:
            opened = open_folder(authority)
            leaf = read_certificates(Path(key).read_bytes())[0]
            if not issued_by(opened, leaf):
                raise KeyStepError(f"{authority} did not issue it; revoke it at the CA that did")
            made = revoke_serial(opened, leaf.serial_number, reason, since=instant_, at=at)
            click.echo(f"signed: {made.list_file}, number {made.register.list_number}")
    except (KeyStepError, KeyFileError, Refusal, OSError) as error:
        ended(error)
    click.echo("Next: publish it at once with lmx directory")


def _id(key: str) -> str:
    if "+" in key and not Path(key).exists():
        return read_vkey(key).text()
    return thumbprint(read_certificates(Path(key).read_bytes())[0])
