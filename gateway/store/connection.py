"""Open the database with the durability we promise, or not at all."""

from pathlib import Path

from gateway.config.config import ServerDatabase
from gateway.store.postgresql import load_postgresql, open_postgresql
from gateway.store.prepared import dialect_of
from gateway.store.sqlite import open_sqlite
from gateway.store.turns import Store, StoreError, TakenError, Turn

__all__ = ["Store", "StoreError", "TakenError", "Turn", "load_driver", "open_store"]


def load_driver(place: Path | ServerDatabase) -> None:
    """Import what opens a database of its kind, so that what is forked off shares it."""
    if isinstance(place, ServerDatabase):
        load_postgresql()
    else:
        dialect_of("sqlite")


def open_store(place: Path | ServerDatabase) -> Store:
    """Open a file, made if need be, or a server's database. StoreError when it is not sound."""
    if isinstance(place, ServerDatabase):
        return open_postgresql(place)
    return open_sqlite(place)
