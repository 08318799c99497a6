"""`lmx directory publish` and `renew`: on the machine that serves the directory."""

import hashlib
from pathlib import Path

import click

from gateway.cli.ceremony import DRAFT, FOLDER, now, told
from gateway.directory.draft import Draft
from gateway.directory.publish import publish as publish_draft
from gateway.directory.publish import renew as renew_due
from gateway.directory.published import metadata_file
from gateway.directory.roles import ROOT
from gateway.directory.signing_keys import load_signers

_PUBLISHED = click.option("--published", type=FOLDER, required=True, help="The published folder.")
_KEYS = click.option("--keys", type=FOLDER, required=True, help="The operator's (online) keys.")


@click.command(
    epilog="Example: lmx directory publish --draft stick/draft --published kz/directory "
    "--keys kz/keys/directory"
)
@DRAFT
@_PUBLISHED
@_KEYS
def publish(draft: Path, published: Path, keys: Path) -> None:
    """Publish a draft that is signed enough, under a new snapshot and timestamp.

    ops and revoked are signed here by the operator's keys. Below a threshold nothing is written,
    and it is said whose signatures are missing. Files are written whole, the timestamp last.
    """
    with told():
        done = publish_draft(Draft(draft), published, load_signers(keys), at=now())
    for line in done:
        click.echo(f"published: {line}")
    first = hashlib.sha256(metadata_file(published, ROOT, 1).read_bytes()).hexdigest()
    click.echo(f"SHA-256 of 1.root.json, for the annex: {first}")


@click.command(
    epilog="Example: lmx directory renew --published kz/directory --keys kz/keys/directory"
)
@_PUBLISHED
@_KEYS
def renew(published: Path, keys: Path) -> None:
    """Renew the timestamp (6 hours old), and snapshot, revoked and ops before they end.

    Does nothing when nothing is due: let a timer run it every hour.
    """
    with told():
        done = renew_due(published, load_signers(keys), at=now())
    for line in done or ["nothing is due"]:
        click.echo(f"renewed: {line}" if done else line)
