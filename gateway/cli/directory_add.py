"""`lmx directory add`: stage target files."""

from collections.abc import Iterator
from pathlib import Path

import click

from gateway.cli.ceremony import DRAFT, FOLDER, draft_on, now, told
from gateway.directory.roles import OPS, REVOKED, CeremonyError, role_of
from gateway.model.refusal import Refusal
from gateway.proof.canonical import canonical_json, read_canonical
from gateway.proof.strict_json import parse


@click.command(
    epilog="Example: lmx directory add agreements/KZ-UZ/v2.json=v2.json --draft stick/draft "
    "--published kz/directory"
)
@click.argument("sources", nargs=-1, metavar="[FOLDER | PATH=FILE]...")
@click.option("--remove", multiple=True, metavar="PATH", help="No longer list this target file.")
@click.option("--published", type=FOLDER, help="What a new draft builds on.")
@DRAFT
def add(
    sources: tuple[str, ...], remove: tuple[str, ...], published: Path | None, draft: Path
) -> None:
    """Stage target files in a draft; the path decides whose signatures it needs.

    A FOLDER adds each of its files under its path below it. member/ and revoked/ files may be laid
    out freely, agreements must be canonical JSON: both states publish the same bytes.
    """
    if not sources and not remove:
        raise click.UsageError("name a folder, PATH=FILE, or --remove PATH")
    at = now()
    with told():
        files = {path: _content(path, file) for one in sources for path, file in _named(one)}
        made = draft_on(draft, published)
        for path, data in files.items():
            click.echo(f"staged: {path} ({made.put(path, data, at=at)})")
        for path in remove:
            click.echo(f"staged to be removed: {path} ({made.remove(path, at=at)})")
    click.echo(f"Next: lmx directory sign --draft {draft} --key KEY, or publish for ops alone.")


def _named(source: str) -> Iterator[tuple[str, Path]]:
    path, equals, file = source.partition("=")
    if equals:
        yield path, Path(file)
        return
    folder = Path(source)
    found = sorted(one for one in folder.rglob("*") if one.is_file())
    if not found:
        raise CeremonyError(f"{source}: no folder with files, and no PATH=FILE")
    yield from ((one.relative_to(folder).as_posix(), one) for one in found)


def _content(path: str, file: Path) -> bytes:
    role = role_of(path)
    data = file.read_bytes()
    if not path.endswith(".json"):
        return data
    try:
        if role in (OPS, REVOKED):
            return canonical_json(parse(data))
        read_canonical(data)
    except (Refusal, ValueError, TypeError) as error:
        raise CeremonyError(f"{file}: {error}. Nothing was staged.") from None
    return data
