"""`lmx directory unfollow`: ask a state's directory no more; what it published stays."""

from pathlib import Path

import click

from gateway.cli.serve import settings
from gateway.directory.followed import read_followed
from gateway.directory.trust_files import changed


@click.command(epilog="Example: lmx directory unfollow TJ --config kz/gateway.toml")
@click.argument("state")
@click.option("--config", type=click.Path(path_type=Path), required=True, help="gateway.toml")
def unfollow(state: str, config: Path) -> None:
    """Stop asking the directory of STATE, when it has left.

    Its root and every version that was seen stay in the trust folder: what was exchanged with it
    is still judged by them. A gateway that runs takes it up at once.
    """
    found = settings(config)
    name = state.upper()
    if name in found.directory.follow:
        raise click.ClickException(
            f"{config} names {name} under [directory.follow]; take the line out and start anew"
        )
    if name not in read_followed(found.trust):
        raise click.ClickException(f"{name} is not followed; lmx directory follow tells who is")
    (found.trust / "follow" / f"{name.lower()}.json").unlink()
    changed(found.trust)
    click.echo(f"{name} is asked no more; what it published stays in {found.trust}")
