"""The numbered steps give exactly the tables that the statements use."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from gateway.config.config import ServerDatabase
from gateway.store.connection import Store, StoreError, open_store
from gateway.store.migrate import STEPS, Step, migrate_after, migrate_before
from gateway.store.partial_indexes import METADATA


def test_the_migrated_database_has_the_defined_tables(place: Path | ServerDatabase) -> None:
    store = open_store(place)
    with store.read() as turn:
        assert compare_metadata(MigrationContext.configure(turn.core), METADATA) == []


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """The steps of a release two ahead: one before its deploy, one after it."""
    folder = tmp_path / "migrations"
    shutil.copytree(STEPS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    _add(folder, "9001", _newest(), "before")
    _add(folder, "9002", "9001", "after")
    return folder


def _newest() -> str:
    return max(file.stem.split("_")[1] for file in (STEPS / "versions").glob("step_*.py"))


def _add(folder: Path, revision: str, down: str, deploy: str) -> None:
    lines = (f'revision = "{revision}"', f'down_revision = "{down}"', f'deploy = "{deploy}"')
    text = "\n".join([*lines, "def upgrade(): pass", ""])
    (folder / f"versions/step_{revision}_x.py").write_text(text, "utf-8")


def _names(steps: Sequence[Step]) -> list[str]:
    return [one.revision for one in steps]


def test_opening_again_changes_nothing(place: Path | ServerDatabase) -> None:
    open_store(place)
    with open_store(place).read() as turn:
        assert MigrationContext.configure(turn.core).get_current_revision() == _newest()


def test_each_step_says_when_it_may_run(store: Store) -> None:
    with store.write() as turn:
        assert migrate_before(turn) == []
        assert migrate_after(turn) == []


def test_what_follows_a_deploy_waits_for_it(store: Store, release: Path) -> None:
    with store.write() as turn:
        assert _names(migrate_before(turn, release)) == ["9001"]
        assert _names(migrate_before(turn, release)) == []
        assert _names(migrate_after(turn, release)) == ["9002"]


def test_what_precedes_a_deploy_is_not_left_out(store: Store, release: Path) -> None:
    with store.write() as turn, pytest.raises(StoreError, match="--before first"):
        migrate_after(turn, release)


def test_the_next_release_waits_for_what_followed_the_last(store: Store, release: Path) -> None:
    _add(release, "9003", "9002", "before")
    with store.write() as turn, pytest.raises(StoreError, match="lmx migrate --after"):
        migrate_before(turn, release)


def test_a_node_of_the_old_release_works_on_until_the_new_one_takes_away(
    store: Store, release: Path
) -> None:
    with store.write() as turn:
        migrate_before(turn, release)
        assert migrate_before(turn) == []
        migrate_after(turn, release)
        with pytest.raises(StoreError, match="newer release"):
            migrate_before(turn)
