"""`lmx keys show`: which key signs, which waits, and what must be done by when."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from certs.key_states import KeyState, key_states
from gateway.cli.keys_place import ended, instant, now
from gateway.config.config import ConfigError, load_config
from gateway.proof.keys import KeyFileError


@click.command(epilog="Example: lmx keys show --config kz/gateway.toml")
@click.option(
    "--config", type=click.Path(dir_okay=False, path_type=Path), help="gateway.toml, or --keys."
)
@click.option(
    "--keys",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of the keys.",
)
@click.option("--at", default="now", show_default=True, help="Tell it as of this instant.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_context
def show(
    context: click.Context, *, config: Path | None, folder: Path | None, at: str, as_json: bool
) -> None:
    """Show each key's role, state, expiry and thumbprint, and what must be done by when.

    Exit 1: something must be done now, for example because no key of a role is in use.
    """
    when = instant(at, now())
    try:
        if config is None and folder is None:
            raise click.UsageError("give --config gateway.toml or --keys")
        place = folder if config is None else load_config(config).keys
        found = key_states(place or Path(), when)
    except (KeyFileError, ConfigError, OSError) as error:
        ended(error)
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found], indent=2))
    else:
        _print(found)
    context.exit(1 if any(one.late(when) for one in found) else 0)


def _print(found: list[KeyState]) -> None:
    if not found:
        click.echo("no keys yet; make one with lmx keys make ROLE")
    width = max((len(one.stem) for one in found), default=0)
    for one in found:
        until = f"  until {one.expires[:10]}" if one.expires else ""
        click.echo(f"{one.stem:{width}}  {one.state}{until}  {one.id}")
        for text, at in (("signs from", one.begins), ("counts until", one.ends)):
            if at:
                click.echo(f"{'':{width}}  {text} {at[:16].replace('T', ' ')} UTC")
        if one.todo:
            by = f" by {one.due[:10]}" if one.due else ""
            click.echo(f"{'':{width}}  DO{by}: {one.todo}")
