"""`lmx directory unfollow`: ask a state's directory no more; what it published stays."""

from pathlib import Path

import click

from gateway.cli.serve import settings
from gateway.directory.followed import leave, read_followed


@click.command(epilog="Example: lmx directory unfollow TJ --config kz/gateway.toml")
@click.argument("state")
@click.option("--config", type=click.Path(path_type=Path), required=True, help="gateway.toml")
def unfollow(state: str, config: Path) -> None:
    """Stop asking the directory of STATE, when it has left.

    Its root and every version that was seen stay in the trust folder: what was exchanged with it
    is still judged by them. A gateway that runs takes it up at once: it sends that state's gateway
    nothing more and asks it for no cosignature, until its directory is followed anew.
    """
    found = settings(config)
    name = state.upper()
    if name in found.directory.follow:
        raise click.ClickException(
            f"{config} names {name} under [directory.follow]; take the line out and start anew"
        )
    if name not in read_followed(found.trust):
        raise click.ClickException(f"{name} is not followed; lmx directory follow tells who is")
    leave(found.trust, name)
    click.echo(f"{name} is asked no more; what it published stays in {found.trust}")
