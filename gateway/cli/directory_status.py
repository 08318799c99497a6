"""`lmx directory status`: how a directory and a draft stand, and what is next."""

import json
from pathlib import Path

import click

from gateway.cli.ceremony import FILE, FOLDER, lines, now, told
from gateway.cli.serve import settings
from gateway.directory.draft import Draft
from gateway.directory.followed import line, read_followed
from gateway.directory.published import read_published
from gateway.directory.standing import Standing, standings
from gateway.directory.status import RoleStatus, status_of
from gateway.model.instants import write_instant


@click.command(epilog="Example: lmx directory status --published kz/directory --draft stick/draft")
@click.option("--published", type=FOLDER, help="The published folder.")
@click.option("--draft", type=FOLDER, help="A draft: whose signatures it has and lacks.")
@click.option("--config", type=FILE, help="gateway.toml: how the directories it follows stand.")
@click.option("--json", "as_json", is_flag=True, help="Stable output for programs.")
def status(
    *, published: Path | None, draft: Path | None, config: Path | None, as_json: bool
) -> None:
    """Tell versions, ends, thresholds, missing signatures, and what to do next by when.

    Exit 1 when a role has expired or is due to be renewed, so that a watch can call it.
    """
    if published is None and draft is None and config is None:
        raise click.UsageError("name --published, --draft or --config")
    at = now()
    with told():
        roles = status_of(read_published(published)) if published else []
        staged = standings(Draft(draft)) if draft else []
    others = [] if config is None else list(read_followed(settings(config).trust).values())
    late = any(one.state(at) != "sound" for one in roles) or any(one.alarm(at) for one in others)
    if as_json:
        shown = {
            "roles": [{**_role(one), "state": one.state(at)} for one in roles],
            "draft": [_staged(one) for one in staged],
            "followed": [line(one, at) for one in others],
        }
        click.echo(json.dumps(shown, indent=1))
    else:
        for one in roles:
            click.echo(
                f"{one.role:<9} version {one.version}, {one.threshold} of {one.keys} keys, until "
                f"{one.expires:%Y-%m-%d %H:%M} UTC: {one.state(at)}"
            )
        for told_of in lines(staged):
            click.echo(f"draft: {told_of}")
        for one_followed in others:
            click.echo(line(one_followed, at))
        if roles:
            click.echo(
                f"Next: {roles[0].todo}, by {roles[0].due:%Y-%m-%d %H:%M} UTC ({roles[0].role})"
            )
    if late:
        raise SystemExit(1)


def _role(one: RoleStatus) -> dict[str, object]:
    return {
        "role": one.role,
        "version": one.version,
        "expires": write_instant(one.expires),
        "due": write_instant(one.due),
        "threshold": one.threshold,
        "keys": one.keys,
        "todo": one.todo,
    }


def _staged(one: Standing) -> dict[str, object]:
    return {
        "role": one.role,
        "version": one.version,
        "expires": write_instant(one.expires),
        "sides": [
            {
                "of": side.giver,
                "threshold": side.threshold,
                "signed": list(side.signed),
                "unsigned": list(side.unsigned),
            }
            for side in one.sides
        ],
    }
