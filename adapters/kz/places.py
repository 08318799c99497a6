"""Kazakh places and activities by their national codes."""

from pathlib import Path
from typing import Any

from gateway.catalogue.codelists import CodeLists
from gateway.translation.listed_fields import ListedActivity, ListedPlace

LISTS = CodeLists(Path(__file__).parent / "lists")


class Kato(ListedPlace):
    """A place by KATO code; its region follows from the first two digits."""

    def __init__(self, native: str, common: str, **options: Any) -> None:
        """parts: `("Code",)` for a code triple."""
        super().__init__(native, common, LISTS, "KATO", country="KAZ", **options)


class Activity(ListedActivity):
    """An economic activity by OKED code."""

    def __init__(self, native: str, common: str, **options: Any) -> None:
        super().__init__(native, common, LISTS, "OKED", **options)
