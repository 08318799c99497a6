"""`lmx directory rotate`: keys replaced, or an offline role renewed."""

from pathlib import Path

import click

from gateway.cli.ceremony import DRAFT, FILE, FOLDER, draft_on, lines, now, told
from gateway.directory.roles import PLANS
from gateway.directory.rotate import renew_role, replace_key
from gateway.directory.signing_keys import load_public
from gateway.directory.standing import standings


@click.command(
    epilog="Example: lmx directory rotate --role root --replace dana --by erlan.pub "
    "--draft stick/draft --published kz/directory"
)
@click.option("--role", type=click.Choice(list(PLANS)), required=True, help="Whose key or end.")
@click.option("--replace", metavar="HOLDER", help="Whose key leaves.")
@click.option("--by", type=FILE, help="The public half (.pub) of the key that comes.")
@click.option("--published", type=FOLDER, help="What a new draft builds on.")
@DRAFT
def rotate(
    role: str, replace: str | None, by: Path | None, published: Path | None, draft: Path
) -> None:
    """Stage a key's replacement; without --replace, only a new version with a new end.

    A new root is signed by two of the old holders and two of the new ones; the same draft may
    replace several keys. Sign and publish it as any draft.
    """
    if (replace is None) != (by is None):
        raise click.UsageError("--replace and --by are given together")
    at = now()
    with told():
        made = draft_on(draft, published)
        if replace is None or by is None:
            renew_role(made, role, at=at)
        else:
            replace_key(made, role, replace, load_public(by), at=at)
        found = standings(made)
    for line in lines(found):
        click.echo(line)
