"""`lmx schema`: keep what is generated equal to its sources, and compare two versions."""

import json
from collections.abc import Callable
from pathlib import Path

import click

from gateway.catalogue.certificate_page import certificate_page
from gateway.catalogue.difference import COMPATIBLE, differences
from gateway.catalogue.generate import generate
from gateway.catalogue.subset import SubsetError
from gateway.cli.records import SCHEMAS
from gateway.translation.code_pages import code_pages

# Each gives its files by path; what one of them makes, `renew` writes and `check` compares.
MAKERS: tuple[Callable[[Path], dict[Path, bytes]], ...] = (
    generate,
    code_pages,
    certificate_page,
)


@click.group(epilog="Example: lmx schema check")
def schema() -> None:
    """Check or renew what is generated from the standard, or compare two versions of it."""


@schema.command(epilog="Example: lmx schema check")
@click.pass_context
def check(context: click.Context) -> None:
    """Name generated files that no longer equal their sources. Exit 1: some are stale."""
    made = _made()
    stale = [one for one, data in made.items() if not one.is_file() or one.read_bytes() != data]
    for path in stale:
        state = "stale" if path.is_file() else "missing"
        click.echo(f"{state}: {path.relative_to(SCHEMAS.parent)}; run `lmx schema renew`", err=True)
    if not stale:
        click.echo(f"all {len(made)} generated files equal their sources")
    context.exit(1 if stale else 0)


@schema.command(epilog="Example: lmx schema renew")
def renew() -> None:
    """Write all generated files anew; name those that changed."""
    for path, data in _made().items():
        if path.is_file() and path.read_bytes() == data:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        click.echo(f"written: {path.relative_to(SCHEMAS.parent)}")


@schema.command(
    epilog="Example: git worktree add ../before v1.0 && lmx schema diff ../before/schemas schemas"
)
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the changes as one JSON document.")
@click.pass_context
def diff(context: click.Context, old: Path, new: Path, *, as_json: bool) -> None:
    """Tell what changed from OLD to NEW: two schemas folders, or two XSD files.

    Each line is compatible, breaking-for-readers (a reader of the old version must refuse what is
    new, such as a code added) or breaking. Exit 0: all is compatible; 1: something breaks; 2: a
    schema cannot be read.
    """
    try:
        found = differences(old, new)
    except (SubsetError, OSError, ValueError, KeyError) as error:
        click.echo(f"cannot be compared: {error}; give two schemas folders or two XSD", err=True)
        context.exit(2)
    breaks = [one for one in found if one.verdict != COMPATIBLE]
    if as_json:
        told = {"compatible": not breaks, "changes": [one.members() for one in found]}
        click.echo(json.dumps(told, indent=2))
    else:
        for one in found:
            click.echo(f"{one.verdict}: {one.place}: {one.text}")
        word = f"{len(breaks)} of {len(found)} changes break" if breaks else "all compatible"
        click.echo(f"{word}" if found else "nothing changed")
    context.exit(1 if breaks else 0)


def _made() -> dict[Path, bytes]:
    return {path: data for make in MAKERS for path, data in make(SCHEMAS).items()}
