"""How long several periods last together: whole calendar months, then single days, each once."""

from collections.abc import Iterable
from datetime import date, timedelta

Period = tuple[date, date]
_DAY = timedelta(days=1)
# Days are calendar days, so a week has seven of them.
CALENDAR_WEEK = 7


def period(first: str, last: str) -> Period:
    """(first day, last day) of two ISO dates; ValueError when the last comes before the first."""
    begins, ends = date.fromisoformat(first), date.fromisoformat(last)
    if begins > ends:
        message = "a period begins no later than it ends"
        raise ValueError(message)
    return begins, ends


def duration(periods: Iterable[Period]) -> dict[str, int]:
    """The members of an InsuranceDuration: months covered whole, and days beyond them.

    A month or a day that several periods cover counts once. Without a period it is empty.
    """
    months = days = 0
    for begins, ends in _apart(periods):
        whole, rest = _months_and_days(begins, ends)
        months, days = months + whole, days + rest
    found = {"months": months} if months else {}
    return found | ({"days": days, "daysPerWeek": CALENDAR_WEEK} if days else {})


def _apart(periods: Iterable[Period]) -> list[Period]:
    """The periods joined where they overlap or touch."""
    joined: list[Period] = []
    for begins, ends in sorted(periods):
        if joined and begins.toordinal() <= joined[-1][1].toordinal() + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], ends))
        else:
            joined.append((begins, ends))
    return joined


def _months_and_days(begins: date, ends: date) -> tuple[int, int]:
    first = _month(begins) + (begins.day > 1)
    after = _month(ends) + (_is_last_of_month(ends))
    if first >= after:
        return 0, (ends - begins).days + 1
    before = (_first_day(first) - begins).days
    beyond = 0 if _is_last_of_month(ends) else ends.day
    return after - first, before + beyond


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _first_day(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)


def _is_last_of_month(day: date) -> bool:
    return day == date.max or (day + _DAY).day == 1
