"""From when to when a listed key counts: `from` and `to` of a directory and of a key folder."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from gateway.model.instants import read_instant, write_instant


class Window(NamedTuple):
    """begins ≤ at < ends; None is open on that side."""

    begins: datetime | None = None
    ends: datetime | None = None

    def holds_at(self, at: datetime) -> bool:
        """Tell whether the key counts at `at`."""
        return (self.begins is None or self.begins <= at) and (self.ends is None or at < self.ends)

    def members(self) -> dict[str, str]:
        """Write `from` and `to`, each only when it is set."""
        found = {"from": self.begins, "to": self.ends}
        return {name: write_instant(at) for name, at in found.items() if at is not None}


def read_window(members: Mapping[str, Any]) -> Window:
    """Read `from` and `to` among other members. ValueError for another spelling, or none left."""
    begins, ends = (
        read_instant(members[name]) if name in members else None for name in ("from", "to")
    )
    if begins is not None and ends is not None and begins >= ends:
        raise ValueError("a window begins before it ends")
    return Window(begins, ends)
