"""Two-way fields: each native field is declared once and is read and written by the same words."""

import re
import unicodedata
from typing import Any, ClassVar

from marshmallow import fields, missing

from gateway.translation import money
from gateway.translation.codes import CodeTable, alpha_2, alpha_3, numeric
from gateway.translation.paths import MISSING, pick
from gateway.translation.turn import Unreadable, turn

# Marks of writing direction show a text in another order than it is kept in.
_DIRECTION = "\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069"
_CONTROL = re.compile(rf"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff{_DIRECTION}]")


def blank(value: Any) -> bool:
    """Whether a native value says nothing: absent, nil, empty, only blanks, or only such parts."""
    if isinstance(value, str):
        return not value or value.isspace()
    if isinstance(value, dict):
        return all(blank(part) for part in value.values())
    return value is None or value is missing or value == []


class TwoWay(fields.Field[Any]):
    """One native field and its record path; subclasses say `read` and `write`.

    native, common: paths (`paths.py`). required: an absent value refuses the row. empty: what is
    written when the record has nothing (default: the field is left out). home_only: written only
    for records that come from the layout's own country. parts: for a native value with members,
    those which are carried; others go to residue. or_from: record paths that say the same when
    the common path is empty, for writing only. silent: a subclass with a `deserialize` of its own
    says that it tells nothing of an absent value.
    """

    silent: ClassVar[bool] = False

    def __init__(
        self,
        native: str,
        common: str,
        *,
        required: bool = False,
        empty: Any = MISSING,
        home_only: bool = False,
        parts: tuple[str, ...] = (),
        or_from: tuple[str, ...] = (),
    ) -> None:
        """See the class."""
        super().__init__(data_key=native, attribute=common, allow_none=True)
        self.native = native
        self.common = common
        self.needed = required
        self.empty = empty
        self.home_only = home_only
        self.parts = parts
        self.or_from = or_from

    def read(self, value: Any) -> Any:
        """Native value to common value; `missing` when it has no place, Unreadable when wrong."""
        return clean(text_of(value))

    def write(self, value: Any) -> Any:
        """Common value to native value; `missing` when the layout cannot say it."""
        return value

    def find(self, record: dict[str, Any]) -> tuple[Any, str]:
        """The common value in a record and its pointer; (MISSING, "") when there is none."""
        value, pointer = pick(record, self.common)
        for path in self.or_from if value is MISSING else ():
            value, pointer = pick(record, path)
            if value is not MISSING:
                break
        return value, pointer

    def declared(self) -> list[str]:
        """Native paths that this field carries."""
        return [f"{self.native}/{part}" for part in self.parts] or [self.native]

    def deserialize(self, value: Any, attr: Any = None, data: Any = None, **_kwargs: Any) -> Any:
        if blank(value):
            if self.needed:
                raise Unreadable("field.missing", "the record cannot be without this field")
            return missing
        return self.read(value)

    def serialize(self, attr: str, obj: Any, accessor: Any = None, **_kwargs: Any) -> Any:
        value, pointer = self.find(obj)
        abroad = self.home_only and turn().source_country != turn().home
        if value is not MISSING and not abroad:
            written = self.write(value)
            if written is not missing:
                turn().consume(pointer)
                return written
        return missing if self.empty is MISSING else self.empty


def text_of(value: Any) -> str:
    """A native scalar as text; objects, lists and truth values are refused."""
    if not isinstance(value, str):
        raise Unreadable("field.unreadable", "a text or number must stand here")
    return value


def clean(text: str) -> str:
    """NFC without blanks around it; control characters refuse the field."""
    stripped = text.strip()
    if stripped.isascii() and stripped.isprintable():
        return stripped
    stripped = unicodedata.normalize("NFC", stripped)
    if not stripped.isprintable() and _CONTROL.search(stripped):
        rule = "the text must hold no control characters or marks of direction"
        raise Unreadable("field.unreadable", rule)
    return stripped


class Text(TwoWay):
    """A text carried as it is."""


class Code(TwoWay):
    """A code with a known table; an unknown native code refuses the row unless it may be left."""

    def __init__(
        self,
        native: str,
        common: str,
        table: CodeTable,
        *,
        leave_unknown: bool = False,
        assumed: str = "",
        **options: Any,
    ) -> None:
        """leave_unknown: `CODE-UNMAPPED` and residue instead (R38). assumed: pattern of native
        spellings whose meaning is only assumed (R18)."""
        super().__init__(native, common, **options)
        self.table = table
        self.leave_unknown = leave_unknown
        self.assumed = re.compile(assumed) if assumed else None

    def read(self, value: Any) -> Any:
        given = text_of(value)
        common = self.table.common(given)
        if common is None:
            return unknown_code(self, self.table.name, leave=self.leave_unknown)
        if self.assumed is not None and self.assumed.fullmatch(given.strip()):
            turn().warn("SEX-CODE-ASSUMED", self.common)
        return common

    def write(self, value: Any) -> Any:
        native = self.table.native(value)
        return missing if native is None else native


def unknown_code(field: TwoWay, list_name: str, *, leave: bool) -> Any:
    """Refuse a code outside its table, or leave it in residue with `CODE-UNMAPPED` (R38)."""
    if not leave:
        raise Unreadable("code.unknown", f"the code is not in the table {list_name}")
    turn().warn("CODE-UNMAPPED", field.common)
    turn().leave(field.native)
    return missing


class Country(TwoWay):
    """A country by alpha-2, alpha-3 or numeric code; written in the kind the layout names."""

    def __init__(self, native: str, common: str, *, kind: str, **options: Any) -> None:
        """kind: `alpha-2` or `numeric`."""
        super().__init__(native, common, **options)
        self.kind = kind

    def read(self, value: Any) -> Any:
        code = alpha_3(text_of(value).strip())
        if code is None:
            raise Unreadable("code.unknown", "it must be a country of ISO 3166-1")
        return code

    def write(self, value: Any) -> Any:
        if alpha_3(value) is None:
            return missing
        return alpha_2(value) if self.kind == "alpha-2" else numeric(value)


class Fixed(TwoWay):
    """A native value that the layout always means; any other goes to residue."""

    def __init__(self, native: str, value: Any) -> None:
        """value: what is expected and written."""
        super().__init__(native, f"fixed {native}")
        self.value = value

    def read(self, value: Any) -> Any:
        if value != self.value:
            turn().leave(self.native)
        return missing

    def serialize(self, attr: str, obj: Any, accessor: Any = None, **_kwargs: Any) -> Any:
        return self.value


class Unmapped(TwoWay):
    """A code whose table nobody knows: residue with `CODE-UNMAPPED` (R38), never written."""

    def read(self, value: Any) -> Any:
        return unknown_code(self, "", leave=True)

    def serialize(self, attr: str, obj: Any, accessor: Any = None, **_kwargs: Any) -> Any:
        return missing


class Amount(TwoWay):
    """An amount as given, never converted; zero may mean that there is none (R18)."""

    def __init__(
        self,
        native: str,
        common: str,
        *,
        zero_is_none: bool = False,
        mark: str = ".",
        **options: Any,
    ) -> None:
        """zero_is_none: a zero amount is no amount. mark: the decimal mark that is written."""
        super().__init__(native, common, **options)
        self.zero_is_none = zero_is_none
        self.mark = mark

    def read(self, value: Any) -> Any:
        try:
            amount = money.read_amount(text_of(value))
        except ValueError:
            raise Unreadable("number.unreadable", "an amount must stand here") from None
        return missing if self.zero_is_none and money.is_zero(amount) else amount

    def write(self, value: Any) -> Any:
        if self.zero_is_none and money.is_zero(value):
            # Read again, it would be no amount at all.
            return missing
        return value.replace(".", self.mark)


class Digits(TwoWay):
    """A whole number, a number in the record's JSON too."""

    def read(self, value: Any) -> Any:
        number = money.plain_number(text_of(value).strip())
        if not (number.isascii() and number.isdigit()):
            raise Unreadable("number.unreadable", "a whole number must stand here")
        return int(number)

    def write(self, value: Any) -> Any:
        return str(value)


class Phone(TwoWay):
    """A telephone number; one that a spreadsheet turned into a power of ten is lost (R19)."""

    def read(self, value: Any) -> Any:
        given = text_of(value).strip()
        if money.SCIENTIFIC.fullmatch(given):
            turn().warn("PHONE-LOST", self.common)
            turn().leave(self.native)
            return missing
        return clean(given) if re.search(r"\d", given) else missing
