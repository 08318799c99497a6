"""The schemas of this checkout, loaded once a run."""

from functools import cache
from pathlib import Path

from gateway.catalogue import Catalogue, load_catalogue

SCHEMAS = Path(__file__).resolve().parents[2] / "schemas"


@cache
def catalogue() -> Catalogue:
    return load_catalogue(SCHEMAS)
