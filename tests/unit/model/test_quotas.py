"""Quotas: windows are full hours and days of UTC, and their end belongs to the next."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from gateway.model.quotas import Quota


@pytest.mark.parametrize(
    ("window", "at", "begin"),
    [
        (
            "day",
            datetime(2026, 11, 24, 23, 59, 59, 999000, UTC),
            datetime(2026, 11, 24, tzinfo=UTC),
        ),
        ("day", datetime(2026, 11, 25, tzinfo=UTC), datetime(2026, 11, 25, tzinfo=UTC)),
        (
            "hour",
            datetime(2026, 11, 24, 6, 59, 59, tzinfo=UTC),
            datetime(2026, 11, 24, 6, tzinfo=UTC),
        ),
    ],
)
def test_a_window_begins_on_the_full_hour_or_at_midnight(
    window: str, at: datetime, begin: datetime
) -> None:
    found = Quota(window, 1).bounds(at)
    assert found == (begin, begin + timedelta(hours=24 if window == "day" else 1))


def test_a_day_is_one_of_utc_wherever_the_clock_stands() -> None:
    at = datetime(2026, 11, 25, 2, 0, tzinfo=timezone(timedelta(hours=5)))
    assert Quota("day", 1).bounds(at)[0] == datetime(2026, 11, 24, tzinfo=UTC)
