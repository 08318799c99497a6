"""Two-way fields of an SDMX observation of remittances: periods, sums, open codes, states."""

import re
from decimal import Decimal
from typing import Any

from marshmallow import missing

from gateway.translation.codes import CodeTable
from gateway.translation.fields import Code, Text, TwoWay, clean, text_of
from gateway.translation.turn import Unreadable, turn

# CL_FREQ and the forms of a period (SDMX 3.0, section 6: Gregorian and reporting periods).
_FORMS = {
    "A": re.compile(r"([0-9]{4})(?:-A1)?"),
    "Q": re.compile(r"([0-9]{4}-Q[1-4])"),
    "M": re.compile(r"([0-9]{4})-M?(0[1-9]|1[0-2])"),
}
_PLAIN = re.compile(r"(0|[1-9][0-9]*)(\.[0-9]+)?")
# Values of an open dimension that say: not told, not applicable, not broken down.
UNSAID = frozenset({"_X", "_Z", "_T"})
_LARGEST_POWER = 12


def frequency(period: str) -> str:
    """The code of CL_FREQ that belongs to a period's form; a period of no form is a year."""
    return next((f for f, form in _FORMS.items() if form.fullmatch(period)), "A")


def _beside(data: Any, component: str) -> str:
    """Another component of the row, whose value completes the meaning of the one at hand."""
    value = data["/"].get(component)
    return value.strip() if isinstance(value, str) else ""


class Period(TwoWay):
    """TIME_PERIOD, which must have the form that FREQ names."""

    def deserialize(self, value: Any, attr: Any = None, data: Any = None, **_kwargs: Any) -> Any:
        period = super().deserialize(value, attr, data)
        form = _FORMS.get(_beside(data, "FREQ"))
        if form is None:
            return missing  # the frequency's own field refuses the row
        matched = form.fullmatch(period)
        if matched is None:
            raise Unreadable("date.unreadable", "the period has the form that its frequency names")
        return "-".join(matched.groups())


class Frequency(TwoWay):
    """FREQ: judged here and with the period, and written as the period's form says."""

    def __init__(self) -> None:
        super().__init__("FREQ", "fixed FREQ", required=True)

    def read(self, value: Any) -> Any:
        if text_of(value).strip() not in _FORMS:
            raise Unreadable("code.unknown", "the frequency is A, Q or M")
        return missing

    def serialize(self, attr: str, obj: Any, accessor: Any = None, **_kwargs: Any) -> Any:
        return frequency(obj["period"])


class Sum(TwoWay):
    """OBS_VALUE with UNIT_MULT: written out in units, to the last digit."""

    def deserialize(self, value: Any, attr: Any = None, data: Any = None, **_kwargs: Any) -> Any:
        given = super().deserialize(value, attr, data)
        power = _beside(data, "UNIT_MULT") or "0"
        if not _is_power(power):
            return missing  # the multiplier's own field refuses the row
        if int(power):
            turn().warn("AMOUNT-SCALED", self.common)
            return _written_out(Decimal(given).scaleb(int(power)))
        return given if _PLAIN.fullmatch(given) else _written_out(Decimal(given))

    def read(self, value: Any) -> Any:
        given = text_of(value).strip()
        # Programs that count in binary write 1.9875E8; "NaN" and the like are no sums.
        if not re.fullmatch(r"[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,2})?", given):
            raise Unreadable("number.unreadable", "a sum that is not negative stands here")
        return given


def _is_power(text: str) -> bool:
    return text.isascii() and text.isdigit() and int(text) <= _LARGEST_POWER


def _written_out(amount: Decimal) -> str:
    text = format(amount, "f")
    whole, _, part = text.partition(".")
    return f"{whole.lstrip('0') or '0'}{'.' + part if part else ''}"


class UnitMultiplier(TwoWay):
    """UNIT_MULT: read with the sum, and always written as units."""

    def __init__(self) -> None:
        super().__init__("UNIT_MULT", "fixed UNIT_MULT")

    def read(self, value: Any) -> Any:
        if not _is_power(text_of(value).strip()):
            raise Unreadable("code.unknown", f"the unit multiplier is 0 to {_LARGEST_POWER}")
        return missing

    def serialize(self, attr: str, obj: Any, accessor: Any = None, **_kwargs: Any) -> Any:
        return "0"


class OpenCode(Text):
    """A dimension without a code list; a value that says nothing makes the member absent."""

    def __init__(self, native: str, common: str) -> None:
        super().__init__(native, common, empty="_X")

    def read(self, value: Any) -> Any:
        code = clean(text_of(value))
        return missing if code in UNSAID else code


class Item(Code):
    """INT_ACC_ITEM, which may be left open."""

    def __init__(self, native: str, common: str, table: CodeTable) -> None:
        super().__init__(native, common, table, required=True, empty="_X")

    def read(self, value: Any) -> Any:
        return missing if text_of(value).strip() == "_X" else super().read(value)


class Status(TwoWay):
    """OBS_STATUS with REVISION: provisional, normal, or normal after a revision."""

    def deserialize(self, value: Any, attr: Any = None, data: Any = None, **_kwargs: Any) -> Any:
        status = super().deserialize(value, attr, data)
        revised = _beside(data, "REVISION") == "R"
        if revised and status == "preliminary":
            # A provisional figure that changed is still provisional; the mark has no place.
            turn().leave("REVISION")
        return "revised" if revised and status == "final" else status

    def read(self, value: Any) -> Any:
        known = {"P": "preliminary", "A": "final"}.get(text_of(value).strip())
        if known is None:
            raise Unreadable("code.unknown", "the status of an observation is A or P")
        return known

    def write(self, value: Any) -> Any:
        return "P" if value == "preliminary" else "A"


class Revision(TwoWay):
    """REVISION: read with the status, and written for a revised figure."""

    def __init__(self) -> None:
        super().__init__("REVISION", "fixed REVISION")

    def read(self, value: Any) -> Any:
        if text_of(value).strip() != "R":
            raise Unreadable("code.unknown", "a revision is marked R")
        return missing

    def serialize(self, attr: str, obj: Any, accessor: Any = None, **_kwargs: Any) -> Any:
        return "R" if obj.get("status") == "revised" else missing
