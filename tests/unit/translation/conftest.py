"""The real countries and the real catalogue, loaded once."""

from pathlib import Path

import pytest

from gateway.catalogue import Catalogue, load_catalogue
from gateway.translation import Countries, load_countries

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def countries() -> Countries:
    return load_countries(ROOT / "adapters")


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue(ROOT / "schemas")


@pytest.fixture(scope="session")
def adapters() -> Path:
    return ROOT / "adapters"
