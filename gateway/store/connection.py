"""Open the database with the durability we promise, or not at all."""

from pathlib import Path

from gateway.config.config import ServerDatabase
from gateway.store.postgresql import open_postgresql
from gateway.store.sqlite import open_sqlite
from gateway.store.turns import Store, StoreError, TakenError, Turn

__all__ = ["Store", "StoreError", "TakenError", "Turn", "open_store"]


def open_store(place: Path | ServerDatabase) -> Store:
    """Open a file, made if need be, or a server's database. StoreError when it is not sound."""
    if isinstance(place, ServerDatabase):
        return open_postgresql(place)
    return open_sqlite(place)
