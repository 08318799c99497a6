"""What tests of several rooms share: the same test on each database, and where its files stand."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from gateway.store.connection import Store, open_store
from tests.support import cluster, written
from tests.support.scratch import scratch
from tests.support.stores import BOTH, Place, Stores, stores

# Long files first: with one of them last, one of two processes would work alone.
_ROOMS = ("journeys", "oracles", "contract", "unit")
# Where pytest makes the folders of tests; workers of xdist are told by their controller.
os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(scratch()))

# No test asserts a time: a busy machine is no fault of a strategy.
settings.register_profile("lmx", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("lmx")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    rooms = {one: place for place, one in enumerate(_ROOMS)}
    tests = Path(__file__).parent
    items.sort(key=lambda one: rooms.get(one.path.relative_to(tests).parts[0], len(rooms)))


def pytest_sessionfinish() -> None:
    cluster.end()
    written.remove()


@pytest.fixture(scope="module", autouse=True)
def _given_back() -> Iterator[None]:
    yield
    cluster.release()


@pytest.fixture(params=BOTH, scope="module")
def each_store(request: pytest.FixtureRequest) -> Stores:
    """Give the stores of each database in turn."""
    return stores(request.param)


@pytest.fixture
def place(each_store: Stores, tmp_path: Path) -> Place:
    """Where a store may be opened, more than once."""
    return each_store.place(tmp_path / "store.sqlite")


@pytest.fixture(scope="module")
def databases(each_store: Stores) -> Callable[[], str]:
    """What gives a gateway's settings the section of its stores, made with it."""
    return each_store.section


@pytest.fixture
def store(place: Place) -> Store:
    """Give an open store."""
    return open_store(place)
