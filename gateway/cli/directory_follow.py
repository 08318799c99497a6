"""`lmx directory follow`: begin to follow a state's directory, or ask all that are followed now."""

import time
from pathlib import Path

import click

from gateway.cli.serve import settings
from gateway.directory.fetch import BoundedFetcher
from gateway.directory.follow import Source
from gateway.directory.followed import follow_once, line, sources
from gateway.directory.freshness import Standing
from gateway.directory.trust_files import replace_file
from gateway.model.refusal import Refusal
from gateway.proof.tuf_metadata import read_roots
from gateway.wiring import now


@click.command()
@click.argument("url", required=False)
@click.option("--config", type=click.Path(path_type=Path), required=True, help="gateway.toml")
@click.option("--state", help="Whose directory it is: alpha-2, e.g. TJ.")
@click.option(
    "--root",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The state's 1.root.json, as it was handed over; its SHA-256 stands in the agreement.",
)
def follow(url: str | None, *, config: Path, state: str | None, root: Path | None) -> None:
    """Follow a state's directory at URL from now on; without URL ask every followed one now.

    A gateway that runs takes it up at once, without a restart.

    Example: lmx directory follow https://directory.tj.example --state TJ --root 1.root.json
    --config kz/gateway.toml
    """
    found = settings(config)
    if url is None:
        asked = sources(found.trust, found.directory.follow)
        if not asked:
            raise click.ClickException(
                f"{config}: no directory is followed; name one under [directory.follow], or give "
                "URL, --state and --root"
            )
    else:
        asked = [_begun(found.trust, url, state, root)]
    at = now()
    told = [follow_once(one, BoundedFetcher(time.monotonic), at=at) for one in asked]
    for one in told:
        click.echo(line(one, at))
    if any(one.failure or one.standing(at) is not Standing.CURRENT for one in told):
        raise click.exceptions.Exit(1)


def _begun(trust: Path, url: str, state: str | None, root: Path | None) -> Source:
    if not state or len(state) != 2 or not state.isalpha() or not state.isascii():
        raise click.UsageError("name whose directory it is: --state and two letters, e.g. TJ")
    if not url.startswith(("http://", "https://")):
        raise click.UsageError("URL begins with http:// or https://")
    source = Source(state.upper(), url, trust)
    if root is None and not source.pinned.exists():
        raise click.UsageError(
            f"--root is missing: give the 1.root.json that {state.upper()} handed over"
        )
    if root is not None:
        data = root.read_bytes()
        if source.pinned.exists() and source.pinned.read_bytes() != data:
            raise click.ClickException(
                f"{source.pinned} pins another root for {state.upper()}; if the state began its "
                "directory anew, remove that file and directory/ of the state by hand first"
            )
        try:
            read_roots(lambda _: None, data)
        except Refusal as refusal:
            raise click.ClickException(
                f"{root} is no root of a directory ({refusal.rule}); nothing was changed. Give the "
                f"1.root.json that {state.upper()} handed over"
            ) from None
        replace_file(source.pinned, data)
    return source
