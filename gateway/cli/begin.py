"""`lmx begin`: a new gateway's settings, its master key and its first entry in the directory."""

import os
import re
from pathlib import Path

import click

from certs.beginnings import Beginning
from certs.beginnings import begin as begin_state
from gateway.cli.records import catalogue
from gateway.proof.keys import KeyFileError

_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?")
_NAME = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")


@click.command(epilog="Example: lmx begin kz --state KZ --name gw.kz.example")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--state", required=True, help="Alpha-2: KZ.")
@click.option("--name", required=True, help="The gateway's name, e.g. gw.kz.example.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--public", default="", help="Name partners reach it by; the host if not given.")
@click.option(
    "--port",
    type=click.IntRange(1024, 65532),
    default=8600,
    show_default=True,
    help="First of four: API, peer, console, directory.",
)
def begin(folder: Path, *, state: str, name: str, host: str, public: str, port: int) -> None:
    """Write what a new gateway begins with, below FOLDER.

    gateway.toml, keys/master.key (0600; keep a copy in a safe: without it no stored payload can be
    read) and files/member/gateway.json, to which lmx keys announce adds the keys.
    """
    if not re.fullmatch(r"[A-Z]{2}", state):
        raise click.UsageError("--state is alpha-2 in capitals: KZ")
    if not _NAME.fullmatch(name):
        raise click.UsageError("--name is like gw.kz.example: small letters, digits, dots, hyphens")
    for one in filter(None, (host, public)):
        if not _HOST.fullmatch(one):
            raise click.UsageError(f"{one}: write a host name or an IPv4 address")
    made = Beginning(state, name, host, public or host, port)
    try:
        written = begin_state(folder, made, catalogue().types, os.urandom)
    except (KeyFileError, OSError) as error:
        raise click.ClickException(str(error)) from None
    for file in written:
        click.echo(f"written: {file}")
    click.echo(f"Next: lmx keys make seal --config {folder}/gateway.toml, and the other keys")
