"""Bring a database to the newest numbered step (Alembic), around a deploy where nodes share it.

Each step is marked. `before`: nodes of the release before it go on working, so it is run first, by
the first new node or `lmx migrate --before`. `after`: it takes away what those nodes use, so it is
run once all of them have ended, by `lmx migrate --after` alone. A file has the nodes of one machine
and one release, so all steps run when it is opened.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import takewhile
from pathlib import Path

from sqlalchemy import inspect, text

from gateway.store.submission_rows import SequenceRow, put_sequences, sequence
from gateway.store.turns import StoreError, Turn

STEPS = Path(__file__).parent / "migrations"
_CURRENT = text("SELECT version_num FROM alembic_version")
# The newest step after deploy that was run: releases that do not know it must not write.
_AFTER = "schema"


class Deploy(StrEnum):
    """When a step may run: before or after nodes of the new release have taken over."""

    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Step:
    """One numbered step, such as `0007`."""

    revision: str
    deploy: Deploy


def migrate(turn: Turn, folder: Path = STEPS) -> None:
    """Run the steps that are missing, inside the caller's transaction."""
    # Alembic takes a third of a second to import: a start with nothing to do goes without it.
    if _current(turn) != newest(folder):
        _upgrade(turn, folder, "head")


def newest(folder: Path = STEPS) -> str:
    """Give the number of the newest step, by the names of the files."""
    return max(file.name.split("_")[1] for file in (folder / "versions").glob("step_*.py"))


def migrate_before(turn: Turn, folder: Path = STEPS) -> Sequence[Step]:
    """Run the missing steps that are safe before deploy; gives them.

    Nobody works on an empty database yet: there all steps run.
    StoreError when one of them builds on a step after deploy that was not run, or when the
    database belongs to a release that this one cannot work beside.
    """
    missing = _missing(turn, folder)
    if _current(turn) is None:
        _run(turn, folder, missing)
        return missing
    found = list(takewhile(lambda one: one.deploy is Deploy.BEFORE, missing))
    if any(one.deploy is Deploy.BEFORE for one in missing[len(found) :]):
        raise StoreError(
            "a step after the last deploy was not run: end the nodes of the release before it, "
            "then run lmx migrate --after with that release or this one"
        )
    _run(turn, folder, found)
    return found


def migrate_after(turn: Turn, folder: Path = STEPS) -> Sequence[Step]:
    """Run the missing steps that follow a deploy, up to the next one before deploy; gives them.

    StoreError when steps before deploy are missing still.
    """
    missing = _missing(turn, folder)
    if missing and missing[0].deploy is Deploy.BEFORE:
        raise StoreError("steps before deploy are missing: run lmx migrate --before first")
    found = list(takewhile(lambda one: one.deploy is Deploy.AFTER, missing))
    _run(turn, folder, found)
    return found


def ran(turn: Turn, revision: str) -> bool:
    """Tell whether a step has run."""
    return (_current(turn) or "") >= revision


def _missing(turn: Turn, folder: Path) -> list[Step]:
    current = _current(turn)
    if current == newest(folder):
        return []
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    scripts = ScriptDirectory(str(folder)).walk_revisions()
    known = [Step(one.revision, Deploy(one.module.deploy)) for one in scripts][::-1]
    if current is None:
        return known
    names = [one.revision for one in known]
    if current in names:
        return known[names.index(current) + 1 :]
    # A newer release has prepared the database. Beside it this one works on, until it takes away.
    taken = sequence(turn, _AFTER)
    if taken is not None and taken.seq > int(names[-1]):
        raise StoreError(
            f"the database is at step {current}, and this release knows {names[-1]}: "
            "start the newer release"
        )
    return []


def _run(turn: Turn, folder: Path, steps: Sequence[Step]) -> None:
    if steps:
        _upgrade(turn, folder, steps[-1].revision)
    if taken := [one.revision for one in steps if one.deploy is Deploy.AFTER]:
        put_sequences(turn, {_AFTER: SequenceRow(int(taken[-1]), "")})


def _current(turn: Turn) -> str | None:
    if not inspect(turn.core).has_table("alembic_version"):
        return None
    found = turn.execute(_CURRENT).scalar_one_or_none()
    return None if found is None else str(found)


def _upgrade(turn: Turn, folder: Path, revision: str) -> None:
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(folder))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = turn.core
    command.upgrade(config, revision)
