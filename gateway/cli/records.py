"""The schemas that came with this program, for the commands that need no server."""

from pathlib import Path

from gateway.catalogue import Catalogue, load_catalogue
from gateway.catalogue.standalone import read_record

__all__ = ["catalogue", "read_record"]

SCHEMAS = Path(__file__).resolve().parents[2] / "schemas"


def catalogue() -> Catalogue:
    """Load the schemas that came with this program."""
    return load_catalogue(SCHEMAS)
