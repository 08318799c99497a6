"""Instants as text: RFC 3339, UTC, exactly three fraction digits (evidence-log 1.1)."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache

_PATTERN = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z")


def write_instant(at: datetime) -> str:
    """Write an aware time, cut to milliseconds: `2026-11-24T06:00:00.000Z`."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _read(text: str) -> datetime:
    if not _PATTERN.fullmatch(text):
        raise ValueError("an instant is RFC 3339 in UTC with three fraction digits")
    return datetime.fromisoformat(text)


# The records of a submission share their instants, and each is read at several steps.
read_instant: Callable[[str], datetime] = lru_cache(maxsize=1024)(_read)
"""Read it back; ValueError for any other spelling."""
