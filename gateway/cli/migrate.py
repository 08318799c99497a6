"""`lmx migrate`: the steps of a database that nodes share, around a deploy."""

from pathlib import Path

import click

from gateway.cli.serve import settings
from gateway.config.config import ServerDatabase
from gateway.store.postgresql import clear_away, prepare
from gateway.store.turns import StoreError

_RUN = {"before": prepare, "after": clear_away}


@click.command()
@click.option("--before", "when", flag_value="before", help="Old nodes may work on meanwhile.")
@click.option("--after", "when", flag_value="after", help="All nodes are of the new release.")
@click.option("--config", type=click.Path(path_type=Path), required=True, help="gateway.toml")
def migrate(when: str | None, config: Path) -> None:
    """Change a gateway's PostgreSQL databases before or after a new release is deployed.

    Example: lmx migrate --before --config kz/gateway.toml
    """
    if when is None:
        raise click.UsageError("say --before or --after the deploy")
    found = settings(config)
    for name, place in (("data", found.database), ("day keys", found.day_keys)):
        if not isinstance(place, ServerDatabase):
            raise click.ClickException(
                f"{config} has no [store]: files are brought up to date when a gateway starts"
            )
        try:
            steps = _RUN[when](place)
        except StoreError as error:
            raise click.ClickException(f"The database of the {name}: {error}") from None
        told = ", ".join(one.revision for one in steps) or "nothing to do"
        click.echo(f"{name}: {told}")
