"""Quotas of an agreement: how many records a calendar window of UTC may take."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

WINDOWS = {"hour": timedelta(hours=1), "day": timedelta(days=1)}
EACH = ("direction", "authority")


@dataclass(frozen=True, slots=True)
class Quota:
    """A limit of records of one type and direction.

    window: `hour` or `day`, beginning on the full hour or at midnight UTC. direction: the only one
    it counts for, None for each on its own. each: `direction` counts all senders together,
    `authority` every submitting authority on its own.
    """

    window: str
    limit: int
    direction: str | None = None
    each: str = "direction"

    def counts_for(self, direction: str) -> bool:
        """Whether the quota limits this direction."""
        return self.direction in (None, direction)

    def bounds(self, at: datetime) -> tuple[datetime, datetime]:
        """Give begin and end of the window that `at` lies in; the end belongs to the next."""
        begin = at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        if self.window == "day":
            begin = begin.replace(hour=0)
        return begin, begin + WINDOWS[self.window]


# Records counted before, by quota; a quota without a count is taken as used up.
Usage = Mapping[Quota, int]
