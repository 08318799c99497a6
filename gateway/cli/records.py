"""The schemas that came with this program, for the commands that need no server."""

from functools import cache
from pathlib import Path

from gateway.catalogue import Catalogue, load_catalogue
from gateway.catalogue.standalone import read_record

__all__ = ["catalogue", "read_record"]

SCHEMAS = Path(__file__).resolve().parents[2] / "schemas"


@cache
def catalogue() -> Catalogue:
    """Give the schemas that came with this program, loaded once."""
    return load_catalogue(SCHEMAS)
