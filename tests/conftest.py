"""What tests of several rooms share: the same test on each database."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from gateway.config.config import ServerDatabase
from gateway.store.connection import Store, open_store
from tests.support.cluster import close_connections, cluster

# No test asserts a time: a busy machine is no fault of a strategy.
settings.register_profile("lmx", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("lmx")


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path | ServerDatabase]:
    """Where a store may be opened, more than once."""
    if request.param == "sqlite":
        yield tmp_path / "store.sqlite"
        return
    yield cluster().database()
    close_connections()


@pytest.fixture(params=["sqlite", "postgresql"], scope="session")
def databases(request: pytest.FixtureRequest) -> Iterator[Callable[[], str]]:
    """What gives a gateway's settings the section of its stores, made with it."""
    if request.param == "sqlite":
        yield str
        return
    yield cluster().section
    close_connections()


@pytest.fixture
def store(place: Path | ServerDatabase) -> Store:
    """Give an open store."""
    return open_store(place)
