"""Whole months first, then days; what is covered twice counts once."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.translation.durations import Period, duration, period

days = st.dates(date(2019, 1, 1), date(2022, 12, 31))


@pytest.mark.parametrize(
    ("spans", "lasts"),
    [
        ([("2019-09-01", "2020-03-31")], {"months": 7}),
        ([("2019-09-01", "2020-03-31"), ("2020-03-01", "2024-11-30")], {"months": 63}),
        ([("2025-01-01", "2025-02-28"), ("2025-04-01", "2025-04-30")], {"months": 3}),
        ([("2020-03-10", "2020-05-20")], {"months": 1, "days": 42, "daysPerWeek": 7}),
        ([("2020-03-10", "2020-03-12")], {"days": 3, "daysPerWeek": 7}),
        ([("2020-03-01", "2020-03-15"), ("2020-03-16", "2020-03-31")], {"months": 1}),
        ([("2020-02-01", "2020-02-29")], {"months": 1}),
        ([("2021-12-31", "2022-01-31")], {"months": 1, "days": 1, "daysPerWeek": 7}),
        ([("9999-12-01", "9999-12-31")], {"months": 1}),
        ([], {}),
    ],
)
def test_months_and_days_are_counted_once(
    spans: list[tuple[str, str]], lasts: dict[str, int]
) -> None:
    assert duration(period(*span) for span in spans) == lasts


def test_period_does_not_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="no later"):
        period("2020-03-02", "2020-03-01")


@settings(deadline=None)
@given(st.lists(st.tuples(days, st.integers(0, 400)), max_size=6))
def test_days_of_the_duration_are_the_days_of_the_periods(drawn: list[tuple[date, int]]) -> None:
    spans: list[Period] = [(first, first + timedelta(days=more)) for first, more in drawn]
    covered = {
        first + timedelta(days=n) for first, last in spans for n in range((last - first).days + 1)
    }
    lasts = duration(spans)
    whole = {
        (day.year, day.month)
        for day in covered
        if all(other in covered for other in _month_of(day))
    }
    assert lasts.get("months", 0) == len(whole)
    assert lasts.get("days", 0) == sum((day.year, day.month) not in whole for day in covered)


def _month_of(day: date) -> list[date]:
    first = day.replace(day=1)
    return [d for n in range(31) if (d := first + timedelta(days=n)).month == day.month]
