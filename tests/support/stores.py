"""Which database tests run on: SQLite files and PostgreSQL, or the one that LMX_STORE names."""

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from sqlalchemy import select

from gateway.config.config import ServerDatabase, load_config
from gateway.store.connection import Store, open_store
from gateway.store.packing import PackedError, unpack
from gateway.store.tables import ENTRY, METADATA
from tests.support.cluster import cluster

Place = Path | ServerDatabase
SQLITE, POSTGRESQL = "sqlite", "postgresql"
# What tests of one database only, such as long journeys, run on.
CHOSEN = os.environ.get("LMX_STORE", SQLITE)
BOTH = (SQLITE, POSTGRESQL) if "LMX_STORE" not in os.environ else (CHOSEN,)


@dataclass(frozen=True, slots=True)
class Stores:
    """Stores of one database. place: where a new store stands, a file that is given or a database
    of the server; section: the `[store]` of a gateway's settings, with its stores made."""

    place: Callable[[Path], Place]
    section: Callable[[], str]


def stores(name: str = CHOSEN) -> Stores:
    """Give the stores of a database by its name."""
    if name == SQLITE:
        return Stores(lambda file: file, str)
    if name == POSTGRESQL:
        return Stores(lambda _: cluster().database(), lambda: cluster().section())
    raise ValueError(f"LMX_STORE={name}: it names sqlite or postgresql")


def store_of(settings: Path) -> Store:
    """Open the store of a gateway by its settings."""
    return open_store(load_config(settings).database)


def stored(store: Store) -> Iterator[bytes]:
    """Give every value that a store holds, unpacked where it is packed."""
    with store.read() as turn:
        for table in METADATA.sorted_tables:
            for one in chain.from_iterable(turn.execute(select(table))):
                octets = bytes(one) if isinstance(one, bytes | memoryview) else str(one).encode()
                yield octets
                # Encrypted octets may begin like packed ones.
                with suppress(PackedError):
                    yield unpack(octets)


def entries(settings: Path) -> list[tuple[str, bytes]]:
    """Give the log and the octets of each entry that a gateway has stored."""
    with store_of(settings).read() as turn:
        return [(one.log, unpack(bytes(one.octets))) for one in turn.execute(select(ENTRY))]
