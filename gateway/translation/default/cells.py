"""Cells of a default table: forgiving on reading, exact on writing."""

import re
from collections.abc import Callable
from typing import Any

from gateway.translation import dates, money
from gateway.translation.default.choices import ChoiceLists, Choices
from gateway.translation.default.columns import Column, Definitions, folded
from gateway.translation.fields import clean
from gateway.translation.turn import Unreadable

_DECIMAL = re.compile(r"(0|[1-9][0-9]{0,15})(\.[0-9]{1,6})?")
_PARTIAL_ISO = re.compile(r"\d{4}(-\d{2})?")
_MONTH_FIRST = re.compile(r"(\d{1,2})[./-](\d{4})")
_SEVERAL = re.compile(r"[,;\n]")
_PRECISIONS = {4: "year", 7: "month", 10: "day"}
_UNKNOWN_DATE = "0000-00-00"

# Takes the code of a doubt about a value.
Noted = Callable[[str], None]
Reader = Callable[[str, Noted], Any]


class Cells:
    """Reads and writes the cells of one record type."""

    def __init__(self, lists: ChoiceLists, definitions: Definitions) -> None:
        """definitions: `$defs` of the generated JSON Schema of the type."""
        self._lists = lists
        self._definitions = definitions
        self._choices: dict[Column, Choices | None] = {}
        self._unknown = lists.unknown()
        self._readers: dict[str, Reader] = {
            "Code": lambda text, _: _code(text),
            "Date": _day,
            "Decimal": lambda text, _: _decimal(text),
            "Integer": lambda text, _: _whole(text),
            "PartialDate": self._partial,
        }

    def choices(self, column: Column) -> Choices | None:
        """The list that a column's cells are chosen from, else None."""
        if column not in self._choices:
            self._choices[column] = self._lists.of(column, self._definitions)
        return self._choices[column]

    def reader(self, column: Column) -> Reader:
        """What reads the filled cells of a column; Unreadable says why a cell has no value."""
        choices = self.choices(column)
        if column.several:
            return lambda text, _: self._several(_tidy(text), choices)
        if choices is None:
            reader = self._readers.get(column.type_name)
            if reader is None:
                return lambda text, _: _tidy(text)
            return lambda text, noted: reader(_tidy(text), noted)
        chosen = _chooser(choices)
        if column.type_name == "Boolean":
            return lambda text, _: chosen(text) == "true"
        return lambda text, _: chosen(text)

    def _several(self, given: str, choices: Choices | None) -> list[str]:
        parts = list(filter(None, (part.strip() for part in _SEVERAL.split(given))))
        if choices is None:
            return [_code(part) for part in parts]
        codes = [choices.read(part) for part in parts]
        if None in codes and (whole := choices.read(given)) is not None:
            # A word may hold a comma itself.
            return [whole]
        return [_chosen(part, choices) for part in parts]

    def _partial(self, given: str, noted: Noted) -> dict[str, str]:
        if given == _UNKNOWN_DATE or given in dates.ZERO_DATES or folded(given) in self._unknown:
            return {"precision": "none"}
        month_first = _MONTH_FIRST.fullmatch(given)
        if month_first is not None:
            given = f"{month_first[2]}-{month_first[1]:0>2}"
        value = given if _PARTIAL_ISO.fullmatch(given) else _day(given, noted)
        return {"value": value, "precision": _PRECISIONS[len(value)]}

    def write(self, column: Column, value: Any, language: str | None) -> str:
        """A value as a cell; language: of the words that stand for codes, None for codes."""
        choices = self.choices(column)
        if choices is not None and choices.list_name:
            # A word would tell the list too, which the record may not name.
            language = None
        if isinstance(value, list):
            shown = [(one, _shown(one, choices, language)) for one in value]
            return ", ".join(one if _SEVERAL.search(word) else word for one, word in shown)
        if isinstance(value, bool):
            value = "true" if value else "false"
        if isinstance(value, dict):
            value = value.get("value", _UNKNOWN_DATE)
        return _shown(str(value), choices, language)


def _shown(code: str, choices: Choices | None, language: str | None) -> str:
    return code if choices is None or language is None else choices.shown(code, language)


def _tidy(text: str) -> str:
    return clean(text.replace("\r\n", "\n") if "\r" in text else text)


def _chooser(choices: Choices) -> Callable[[str], str]:
    seen = choices.seen

    def chosen(text: str) -> str:
        # Most cells hold a code that was read before, and then they are clean too.
        return seen.get(text) or _chosen(_tidy(text), choices)

    return chosen


def _chosen(given: str, choices: Choices) -> str:
    code = choices.read(given)
    if code is None:
        raise Unreadable("code.unknown", f"a code or word of the list stands here{_hint(choices)}")
    return code


def _hint(choices: Choices) -> str:
    short = len(choices.codes) <= _MOST_NAMED
    return f": {', '.join(choices.codes)}" if short else ""


_MOST_NAMED = 12


def _code(given: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._/\-]{0,63}", given):
        raise Unreadable("code.unknown", "a code of Latin letters and digits stands here")
    return given


def _day(given: str, noted: Noted) -> str:
    try:
        if given[4:5] == given[7:8] == "-":
            return dates.read_iso_time(given)
    except ValueError:
        raise _no_day() from None
    if dates.has_short_year(given):
        raise Unreadable("date.unreadable", "a year is written with four digits")
    try:
        iso, assumed = dates.read_day_first(given)
    except ValueError:
        raise _no_day() from None
    if assumed:
        noted("DATE-ORDER-ASSUMED")
    return iso


def _no_day() -> Unreadable:
    return Unreadable("date.unreadable", "a date stands here, as DD.MM.YYYY or YYYY-MM-DD")


def _decimal(given: str) -> str:
    # A number in common form keeps all its zeros (R24).
    if _DECIMAL.fullmatch(given):
        return given
    try:
        return money.read_amount(given)
    except ValueError:
        rule = "a number stands here, without a currency, as 180000.00 or 180 000,00"
        raise Unreadable("number.unreadable", rule) from None


def _whole(given: str) -> int:
    number = money.plain_number(given.replace(",", "."))
    if not (number.isascii() and number.isdigit() and len(number) <= _MOST_DIGITS):
        raise Unreadable("number.unreadable", "a whole number from 0 stands here")
    return int(number)


_MOST_DIGITS = 15
