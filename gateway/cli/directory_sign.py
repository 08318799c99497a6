"""`lmx directory sign`: one holder's signature, after showing what is signed."""

import hashlib
from pathlib import Path

import click

from gateway.cli.ceremony import DRAFT, FILE, lines, now, told
from gateway.directory.draft import Draft
from gateway.directory.signing import first_root, require_chain, signable
from gateway.directory.signing import sign as sign_draft
from gateway.directory.signing_keys import load_signer
from gateway.directory.standing import changes


@click.command(
    epilog="Example: lmx directory sign --draft /media/stick/draft --key aigul/targets.key"
)
@DRAFT
@click.option("--key", type=FILE, required=True, help="The holder's private key.")
@click.option("--pinned", type=FILE, help="The first root kept; beside the key: 1.root.json.")
@click.option("--yes", is_flag=True, help="Sign without asking, after showing what is signed.")
def sign(draft: Path, key: Path, pinned: Path | None, yes: bool) -> None:  # noqa: FBT001 an option
    """Check a draft, show in words what would be signed, and add this key's signature.

    Works without a network. What the draft builds on is verified from the first root that the
    holder keeps (1.root.json beside the key, or --pinned); a draft that was changed after another
    holder signed it is refused.
    """
    at = now()
    made = Draft(draft)
    kept = pinned or key.with_name("1.root.json")
    with told():
        signer = load_signer(key)
        base = made.base()
        if base is not None and kept.exists():
            require_chain(base, kept.read_bytes())
        elif base is not None:
            click.echo(f"Not checked from the first root: {kept} is not there.", err=True)
        for one in signable(made, signer, at=at):
            click.echo(f"{one.role} version {one.version}, until {one.expires:%Y-%m-%d %H:%M} UTC:")
            for change in changes(made, one.role):
                click.echo(f"  {change}")
        if not yes:
            click.confirm("Sign this?", abort=True)
        found = sign_draft(made, signer, at=at)
    for line in lines(found):
        click.echo(line)
    root = first_root(made)
    if root is not None and any(one.role == "root" for one in found):
        click.echo(f"SHA-256 of 1.root.json as it is now: {hashlib.sha256(root).hexdigest()}")
