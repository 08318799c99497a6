"""Cells of spreadsheets as texts: numbers, days, and what must not be taken for data."""

import math
import re
from datetime import datetime, timedelta
from functools import lru_cache

# Excel keeps fifteen digits of a number; below that a whole number is exact.
EXACT = 10**15
LAST_DAY = 2_958_466
_1900_GHOST = 60
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - days of a sheet have no time zone
_EPOCH_1904 = datetime(1904, 1, 1)  # noqa: DTZ001
_SILENT = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_DATE_IDS = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_DAY_IDS = _DATE_IDS - {18, 19, 20, 21, 45, 46, 47}
_CLOCK_IDS = frozenset({18, 19, 20, 21})


class FaultyCell(str):
    """The stored text of a cell that is no data: a formula's last result, or an error.

    code: the refusal of a row that needs the cell, `cell.formula` or `cell.error`.
    """

    __slots__ = ("code",)
    code: str

    @classmethod
    def formula(cls, stored: str) -> "FaultyCell":
        """A formula with the result that its program stored; nothing is ever computed."""
        return cls._of("cell.formula", stored or "#FORMULA")

    @classmethod
    def error(cls, stored: str) -> "FaultyCell":
        """A cell whose program could not tell a value."""
        return cls._of("cell.error", stored or "#ERROR")

    @classmethod
    def _of(cls, code: str, stored: str) -> "FaultyCell":
        cell = cls(stored)
        cell.code = code
        return cell


FAULTS = {
    "cell.formula": "a formula stands here: replace it by its value and save the file again",
    "cell.error": "the cell holds an error or an impossible day: put the value right",
}


def number_text(stored: str) -> str:
    """A cell's number as a person would type it; raises ValueError when it is none.

    Whole numbers below 10^15 lose nothing in a sheet and are plain digits. Greater ones, and
    those spelled `4E+08` with fewer digits than the power asks for, keep their power of ten in
    sight, because digits are lost (R19).
    """
    if stored.isascii() and stored.isdigit() and len(stored) <= 15:
        return str(int(stored))
    value = float(stored)
    if not math.isfinite(value):
        raise ValueError
    power = stored.upper().partition("E+")
    if power[2] and sum(c.isdigit() for c in power[0]) <= int(power[2]):
        return stored.upper()
    if abs(value) < EXACT:
        return str(int(value)) if value.is_integer() else _fraction(value)
    return f"{value:.14E}"


def _fraction(value: float) -> str:
    # Fifteen significant digits are what a spreadsheet shows of a binary fraction.
    text = f"{value:.15g}"
    if "e" in text:
        text = f"{value:.20f}".rstrip("0")
    return text


@lru_cache(maxsize=1024)
def is_date_format(pattern: str) -> str:
    """`day`, `clock`, or nothing: what a number format makes of a number."""
    bare = _SILENT.sub("", pattern.split(";", 1)[0]).lower()
    if bare == "general" or "[" in bare:
        return ""
    if "y" in bare or "d" in bare:
        return "day"
    if "h" in bare or "s" in bare:
        return "clock"
    return "day" if "m" in bare else ""


def built_in_format(number: int) -> str:
    """As `is_date_format`, of a format that every spreadsheet knows by number."""
    if number in _CLOCK_IDS:
        return "clock"
    return "day" if number in _DAY_IDS else ""


def day_text(stored: str, kind: str, *, since_1904: bool) -> str:
    """A day number as ISO date, date-time or clock time; raises ValueError outside the calendar.

    kind: `day` or `clock`. The 1900 calendar counts a 29 February that never was: day 60.
    """
    serial = float(stored)
    if not 0 <= serial < LAST_DAY:
        raise ValueError
    if kind == "clock" and serial < 1:
        return (_EPOCH + _seconds(serial)).time().isoformat()
    epoch = _EPOCH_1904
    if not since_1904:
        if serial < 1 or int(serial) == _1900_GHOST:
            raise ValueError
        epoch = _EPOCH if serial > _1900_GHOST else _EPOCH + timedelta(days=1)
    moment = epoch + timedelta(days=int(serial)) + _seconds(serial % 1)
    return moment.date().isoformat() if serial.is_integer() else moment.isoformat()


def _seconds(part: float) -> timedelta:
    return timedelta(seconds=round(part * 86_400))


def column_of(reference: str) -> int:
    """Place of a cell's column from 0: `C` of `C7` is 2; raises ValueError."""
    return _place_of(reference.rstrip("0123456789"))


@lru_cache(maxsize=1024)
def _place_of(letters: str) -> int:
    if not (1 <= len(letters) <= 3 and letters.isascii() and letters.isalpha()):
        raise ValueError
    place = 0
    for letter in letters.upper():
        place = place * 26 + ord(letter) - 64
    return place - 1


def letters_of(column: int) -> str:
    """Letters of a column counted from 0: 2 is `C`."""
    letters, rest = "", column + 1
    while rest:
        rest, place = divmod(rest - 1, 26)
        letters = chr(65 + place) + letters
    return letters
