"""The numbered steps give exactly the tables that the statements use."""

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from gateway.store.connection import open_store
from gateway.store.tables import METADATA


def test_the_migrated_database_has_the_defined_tables(tmp_path: Path) -> None:
    store = open_store(tmp_path / "gateway.sqlite")
    with store.read() as turn:
        assert compare_metadata(MigrationContext.configure(turn), METADATA) == []


def test_opening_again_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "gateway.sqlite"
    open_store(file)
    with open_store(file).read() as turn:
        assert MigrationContext.configure(turn).get_current_revision() == "0007"
