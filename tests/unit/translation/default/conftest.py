"""The compiled standard, made ready once."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from gateway.catalogue.labels import load_labels
from gateway.translation.default.compiled import Compiled, compile_all

SCHEMAS = Path(__file__).resolve().parents[4] / "schemas"


@pytest.fixture(scope="session")
def types() -> Mapping[str, Compiled]:
    return compile_all(SCHEMAS, load_labels(SCHEMAS))


@pytest.fixture(scope="session")
def contract(types: Mapping[str, Compiled]) -> Compiled:
    return types["employment-contract"]
