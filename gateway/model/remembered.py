"""Readings of short texts that a file repeats, remembered."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

T = TypeVar("T")
# A file may hold long texts where a date or a code belongs; none of those is kept.
LONGEST = 64


def remembered(most: int) -> Callable[[Callable[[str], T]], Callable[[str], T]]:
    """A decorator for a pure reading of a text: the last `most` short texts are read once.

    For dates and codes only: what a person alone has is never kept.
    """

    def kept(read: Callable[[str], T]) -> Callable[[str], T]:
        known = lru_cache(maxsize=most)(read)

        @wraps(read)
        def reading(text: str) -> T:
            return known(text) if len(text) <= LONGEST else read(text)

        return reading

    return kept
