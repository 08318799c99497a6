"""`lmx directory init`: keys and the first root, on the offline machine."""

import hashlib
from pathlib import Path

import click

from gateway.cli.ceremony import DRAFT, FOLDER, lines, now, told
from gateway.directory.draft import Draft
from gateway.directory.keyring import gather_keys
from gateway.directory.roles import ROOT
from gateway.directory.signing import first_root
from gateway.directory.standing import standings


@click.command(
    epilog="Example: lmx directory init --holders aigul,bolat,dana --keys offline "
    "--draft stick/draft"
)
@click.option("--holders", required=True, help="The three holders of root and targets keys.")
@click.option("--keys", type=FOLDER, required=True, help="Below it a folder a holder, and online/.")
@click.option(
    "--public",
    type=FOLDER,
    help="Public halves made elsewhere, laid out as --keys; others are made.",
)
@DRAFT
def init(holders: str, keys: Path, public: Path | None, draft: Path) -> None:
    """Make the keys and the first root of a directory, on a machine without network.

    Writes KEYS/<holder>/root.key and targets.key for each holder, KEYS/online/*.key for the
    gateway's operator, and a first draft. The root is signed here by the root keys made here;
    1.root.json is put beside each holder's keys, and its SHA-256 goes into the annex of agreements.
    """
    at = now()
    names = tuple(one.strip() for one in holders.split(","))
    with told():
        given, signers = gather_keys(keys, names, public)
        made = Draft.first(draft, given, at=at)
        root = made.staged()[ROOT]
        for signer in signers:
            root.sign(signer, append=True)
        made.write(ROOT, root)
        found = standings(made)
    octets = first_root(made) or b""
    if not found[0].missing:
        for name in names:
            (keys / name).mkdir(parents=True, exist_ok=True)
            (keys / name / "1.root.json").write_bytes(octets)
        click.echo(f"SHA-256 of 1.root.json, for the annex: {hashlib.sha256(octets).hexdigest()}")
    for line in lines(found):
        click.echo(line)
    click.echo(f"Next: lmx directory add FILES --draft {draft}, then each holder signs.")
