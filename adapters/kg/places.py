"""Kyrgyz places by their national codes."""

from pathlib import Path
from typing import Any

from gateway.catalogue.codelists import CodeLists
from gateway.translation.listed_fields import ListedPlace

LISTS = CodeLists(Path(__file__).parent / "lists")


class Soate(ListedPlace):
    """A place by SOATE code; its region follows from the first five digits."""

    def __init__(self, native: str, common: str, **options: Any) -> None:
        super().__init__(native, common, LISTS, "SOATE", country="KGZ", **options)
