"""What one row gathers while its fields are read or written: warnings and losses."""

from dataclasses import dataclass
from typing import Any

from marshmallow import ValidationError
from marshmallow.experimental.context import Context

from gateway.model.refusal import Warned


@dataclass(frozen=True, slots=True)
class Fault:
    """One field that cannot be read: refusal code and rule, without the value."""

    code: str
    rule: str


class Unreadable(ValidationError):
    """A field raises this; the row is then refused with all its faults."""

    def __init__(self, code: str, rule: str) -> None:
        """code: a refusal code. rule: in words, without the value."""
        super().__init__([Fault(code, rule)])


class Turn:
    """One row on its way through a layout.

    home: alpha-3 of the layout's country. source_country: alpha-3 of the record's origin, on
    writing. profile: the encoding profile of the file. Warnings are (code, record path) until the
    record stands and the paths can be told as pointers. origins: of each record that the row
    gives, the native rows that it comes from, as offsets from the row's own number; empty when
    all records come from the row itself (R26).
    """

    __slots__ = (
        "consumed",
        "home",
        "left",
        "noted",
        "origins",
        "prefix",
        "profile",
        "source_country",
        "year",
    )

    def __init__(
        self,
        home: str,
        *,
        profile: str | None = None,
        source_country: str = "",
        year: int | None = None,
    ) -> None:
        """year: the present year, by which two-digit birth years are told (R19)."""
        self.home = home
        self.profile = profile
        self.source_country = source_country
        self.year = year
        self.noted: list[tuple[str, str]] = []
        self.consumed: set[str] = set()
        self.left: set[str] = set()
        self.origins: list[tuple[int, ...]] = []
        self.prefix = ""

    def warn(self, code: str, path: str) -> None:
        """Note a correction or doubt at a record path."""
        self.noted.append((code, f"{self.prefix}{path}"))

    def consume(self, pointer: str) -> None:
        """Say that the layout carries what stands at a pointer."""
        self.consumed.add(self.prefix + pointer)

    def leave(self, native: str) -> None:
        """Say that a declared native field's value found no place this time."""
        self.left.add(native)


Turns = Context[Turn]


def turn() -> Turn:
    """The turn of the row at hand."""
    current: Turn = Turns.get()
    return current


def warned(noted: list[tuple[str, str]], pointers: dict[str, str]) -> list[Warned]:
    """Warnings with pointers; a repeated one is said once."""
    told: dict[Warned, Any] = {}
    for code, path in noted:
        told[Warned(code, pointers.get(path, path))] = None
    return list(told)
