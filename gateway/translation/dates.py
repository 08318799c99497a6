"""Native date spellings to ISO dates and back (R19, R20); offsets are dropped, never converted."""

import re
from datetime import date

from gateway.model.remembered import remembered

_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_ISO_OFFSET = re.compile(r"(\d{4}-\d{2}-\d{2})(Z|[+-]\d{2}:\d{2})?")
_ISO_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?")
_DAY_FIRST = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})")
_YEAR = re.compile(r"(19|20)\d{2}")
_LAST_MONTH = 12
_SHORT_YEAR = 2
_LONGEST_SHORT = 8
# A file says few days many times: as many as twenty years hold are remembered.
_REMEMBERED = 8_192

ZERO_DATES = frozenset({"00.00.0000", "0000-00-00", "0000-00-00T00:00:00"})


def iso_date(year: str, month: str, day: str) -> str:
    """YYYY-MM-DD; raises ValueError when the calendar has no such day."""
    return date(int(year), int(month), int(day)).isoformat()


@remembered(_REMEMBERED)
def read_iso(text: str) -> str:
    """`2026-08-03`, with an offset `+05:00` that is dropped."""
    if len(text) == 10 and text[4] == text[7] == "-":
        return date.fromisoformat(text).isoformat()
    matched = _ISO_OFFSET.fullmatch(text)
    if matched is None:
        message = "not an ISO date"
        raise ValueError(message)
    return iso_date(*matched[1].split("-"))


@remembered(_REMEMBERED)
def read_iso_time(text: str) -> str:
    """The date part of `2026-05-18T00:00:00`, or a bare ISO date."""
    matched = _ISO_TIME.fullmatch(text)
    return iso_date(*matched[1].split("-")) if matched else read_iso(text)


def read_day_first(text: str, *, birth_until: int | None = None) -> tuple[str, bool]:
    """(ISO date, order assumed) from D.M.YY, DD.MM.YYYY, DD/MM/YYYY or ISO, day first always.

    The order is assumed when both parts are 12 or below and a slash separates them. Two-digit
    years lie in 2000 to 2099; of birth dates (birth_until: the latest year) in the past.
    """
    if birth_until is None or len(text) > _LONGEST_SHORT:
        return _day_first(text)
    return _read_day_first(text, birth_until)


@remembered(_REMEMBERED)
def _day_first(text: str) -> tuple[str, bool]:
    return _read_day_first(text, None)


def _read_day_first(text: str, birth_until: int | None) -> tuple[str, bool]:
    matched = _DAY_FIRST.fullmatch(text)
    if matched is None:
        return read_iso_time(text), False
    day, separator, month, year = matched.groups()
    if len(year) == _SHORT_YEAR:
        year = _long_year(year, birth_until)
    assumed = separator == "/" and int(day) <= _LAST_MONTH and int(month) <= _LAST_MONTH
    return iso_date(year, month, day), assumed


def has_short_year(text: str) -> bool:
    """Whether a day-first date tells its year by two digits."""
    matched = _DAY_FIRST.fullmatch(text)
    return matched is not None and len(matched[4]) == _SHORT_YEAR


def _long_year(year: str, birth_until: int | None) -> str:
    if birth_until is not None and 2000 + int(year) > birth_until:
        return f"19{year}"
    return f"20{year}"


def read_year(text: str) -> str | None:
    """`1975` alone, else None."""
    return text if _YEAR.fullmatch(text) else None


def day_first(iso: str) -> str:
    """`2026-08-03` as `03.08.2026`."""
    year, month, day = iso.split("-")
    return f"{day}.{month}.{year}"


def with_time(iso: str) -> str:
    """`2026-08-03` as `2026-08-03T00:00:00`."""
    return f"{iso}T00:00:00"


def is_iso(text: str) -> bool:
    """Whether a text is a full ISO date."""
    return _ISO.fullmatch(text) is not None
