"""The numbered steps give exactly the tables that the statements use."""

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from gateway.config.config import ServerDatabase
from gateway.store.connection import open_store
from gateway.store.ministry_tables import METADATA


def test_the_migrated_database_has_the_defined_tables(place: Path | ServerDatabase) -> None:
    store = open_store(place)
    with store.read() as turn:
        assert compare_metadata(MigrationContext.configure(turn), METADATA) == []


def test_opening_again_changes_nothing(place: Path | ServerDatabase) -> None:
    open_store(place)
    with open_store(place).read() as turn:
        assert MigrationContext.configure(turn).get_current_revision() == "0014"
