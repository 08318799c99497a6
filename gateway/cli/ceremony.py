"""What the commands of a directory share: the clock, refusals as sentences, standings in words."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click

from gateway.directory.draft import Draft
from gateway.directory.roles import CeremonyError
from gateway.directory.standing import Standing

FOLDER = click.Path(file_okay=False, path_type=Path)
FILE = click.Path(dir_okay=False, path_type=Path)
DRAFT = click.option("--draft", type=FOLDER, required=True, help="Folder of the draft.")


def now() -> datetime:
    """Give the instant of the command."""
    return datetime.now(UTC)  # noqa: TID251 the commands are where the clock comes in


@contextmanager
def told() -> Iterator[None]:
    """End the command with the sentence of a CeremonyError, exit 1."""
    try:
        yield
    except CeremonyError as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise click.ClickException(f"{error.filename}: {error.strerror}") from None


def draft_on(folder: Path, published: Path | None) -> Draft:
    """Give the draft that lies in a folder, or begin it on what is published."""
    if folder.exists() and any(folder.iterdir()):
        return Draft(folder)
    if published is None:
        raise click.UsageError(
            f"{folder} holds no draft yet; name with --published what it is to build on"
        )
    return Draft.begin(folder, published)


def lines(found: list[Standing]) -> Iterator[str]:
    """Say how each staged role stands."""
    for one in found:
        for side in one.sides:
            signed = ", ".join(side.signed) or "nobody"
            told_of = f"{one.role} version {one.version} ({side.giver}): {len(side.signed)} of "
            told_of += f"{side.threshold} signatures, by {signed}"
            if side.missing:
                told_of += f"; still {side.missing} of: {', '.join(side.unsigned)}"
            yield told_of
