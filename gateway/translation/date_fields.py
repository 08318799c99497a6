"""Two-way fields for native dates (R19, R20, R21)."""

import re
from collections.abc import Callable
from typing import Any, TypeVar

from marshmallow import missing

from gateway.translation import dates
from gateway.translation.fields import TwoWay, text_of
from gateway.translation.turn import Unreadable, turn

T = TypeVar("T")

_DAY_NUMBER = re.compile(r"\d{5}([.,]\d+)?")
_FORMAT_DATES = (
    "a spreadsheet's day number stands here; it counts from 1900 or 1904, which the file does not"
    " tell: give the cells a date format and save again"
)


class IsoDate(TwoWay):
    """An ISO date; an offset is dropped, not converted."""

    def read(self, value: Any) -> Any:
        return _calendar(dates.read_iso, text_of(value).strip())


class IsoDateTime(TwoWay):
    """A date written as midnight, `2026-05-18T00:00:00`."""

    def read(self, value: Any) -> Any:
        return _calendar(dates.read_iso_time, text_of(value).strip())

    def write(self, value: Any) -> Any:
        return dates.with_time(value)


class DayFirst(TwoWay):
    """DD.MM.YYYY and its variants, day first always (R19); written as DD.MM.YYYY."""

    def read(self, value: Any) -> Any:
        iso, assumed = _calendar(dates.read_day_first, text_of(value).strip())
        if assumed:
            turn().warn("DATE-ORDER-ASSUMED", self.common)
        return iso

    def write(self, value: Any) -> Any:
        return dates.day_first(value)


def _calendar(read: Callable[[str], T], text: str) -> T:
    try:
        return read(text)
    except ValueError:
        numbered = _DAY_NUMBER.fullmatch(text) is not None
        rule = _FORMAT_DATES if numbered else "it must be a date as the layout spells it"
        raise Unreadable("date.unreadable", rule) from None


def precise(iso: str) -> dict[str, str]:
    """A full date as a value with precision (R21)."""
    return {"value": iso, "precision": "day"}


class PartialIso(TwoWay):
    """An ISO date, bare or with midnight, whose common member may be partial."""

    def __init__(self, native: str, common: str, *, midnight: bool, **options: Any) -> None:
        """midnight: written with `T00:00:00`."""
        super().__init__(native, common, **options)
        self.midnight = midnight

    def read(self, value: Any) -> Any:
        return precise(_calendar(dates.read_iso_time, text_of(value).strip()))

    def write(self, value: Any) -> Any:
        if value["precision"] != "day":
            return missing
        return dates.with_time(value["value"]) if self.midnight else value["value"]


class PartialDayFirst(TwoWay):
    """A day-first date, a bare year (precision year), or a zero date (precision none)."""

    def __init__(self, native: str, common: str, *, birth: bool = False, **options: Any) -> None:
        """birth: two-digit years lie in the past."""
        super().__init__(native, common, **options)
        self.birth = birth

    def read(self, value: Any) -> Any:
        text = text_of(value).strip()
        if text in dates.ZERO_DATES:
            return {"precision": "none"}
        if dates.read_year(text):
            return {"value": text, "precision": "year"}
        until = turn().year if self.birth else None
        if self.birth and until is None and dates.has_short_year(text):
            raise Unreadable("date.unreadable", "a two-digit birth year needs the present year")
        iso, assumed = _calendar(lambda t: dates.read_day_first(t, birth_until=until), text)
        if assumed:
            turn().warn("DATE-ORDER-ASSUMED", self.common)
        return precise(iso)

    def write(self, value: Any) -> Any:
        if value["precision"] == "none":
            return "00.00.0000"
        given: str = value["value"]
        if value["precision"] == "month":
            return missing
        return dates.day_first(given) if value["precision"] == "day" else given
