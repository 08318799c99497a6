"""A native layout: its medium, its rows, and what it can and cannot express (DESIGN 4)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Protocol

from gateway.model.refusal import Refusal
from gateway.translation.fields import TwoWay, blank
from gateway.translation.media.foreign import Foreign
from gateway.translation.paths import MISSING, native_pick, pick, plain
from gateway.translation.reading import NativeSignature, Record, Stamp
from gateway.translation.row import Row
from gateway.translation.turn import Turn, Turns, turn

Tree = dict[str, Any]
# Whom a row cannot be without: the first of these that the record has.
_ORGANISATIONS = ("employer", "holder", "agency")


@dataclass(frozen=True, slots=True)
class Opened:
    """A native message taken apart: rows with their numbers, and what surrounds them.

    rows: each a tree, or why it could not even be taken apart; gone through once, so that a large
    file need not be held. root: native path of a row, for residue. envelope: the surroundings as
    a tree, all residue.
    """

    rows: Iterable[tuple[int, Tree | Refusal]]
    root: str = ""
    envelope: Tree | None = None
    signatures: tuple[NativeSignature, ...] = ()


class Medium(Protocol):
    """How rows stand in a file."""

    media_type: str
    extension: str
    many: bool

    def recognises(self, foreign: Foreign) -> bool:
        """Whether the content is of this layout; decided by content alone."""

    def open(self, foreign: Foreign) -> Opened:
        """Take a file apart; a Refusal refuses it whole."""

    def close(self, rows: Sequence[Tree], stamp: Stamp | None) -> bytes:
        """Make a file of native rows."""


class Layout(Row):
    """One native layout; an adapter module declares one subclass and its fields.

    name: `kz.labour-contract`. identity: record path of the number by which the record is found
    again. states: record states which the layout expresses (empty: it does not mind); told_states:
    those that reading gives, where that is not all of them. about: record member that all
    records of a file share (empty: none need be the same).
    told_elsewhere: native paths that the header carries, so that they are no residue.
    """

    name: ClassVar[str]
    record_type: ClassVar[str]
    medium: ClassVar[Medium]
    identity: ClassVar[str]
    states: ClassVar[frozenset[str]] = frozenset()
    told_states: ClassVar[frozenset[str]] = frozenset()
    about: ClassVar[str] = ""

    def records(self, record: Record, tree: Tree) -> list[Record]:
        """The records of one row; most rows are one record (R26)."""
        return [record]

    def rows(self, records: Sequence[Record]) -> list[tuple[Record, tuple[int, ...]]]:
        """The rows that records become, as records to dump, and the records each comes from."""
        return [(record, (index,)) for index, record in enumerate(records)]

    def action(self, tree: Tree) -> str | None:
        """The action that the native message kind says, else None."""
        return None

    def consent(self, tree: Tree) -> str | None:
        """The consent reference of a row, for the header, else None."""
        return None

    def identify(self, record: Record, tree: Tree) -> str | None:
        """The number by which the record is found again, else None."""
        found = pick(record, self.identity)[0] if self.identity else MISSING
        return None if found is MISSING else str(found)

    def unfit(self, records: Sequence[tuple[str, Record, str]]) -> dict[int, Refusal]:
        """Which of the (record type, record, source country) triples cannot be written, and why."""
        found = {}
        for place, (record_type, record, _) in enumerate(records):
            try:
                self.require(record_type, record)
                self._require_filled(record)
            except Refusal as refusal:
                found[place] = refusal
        return found

    def dump(self, obj: Any, *, many: Any = None) -> Tree:
        """The native row of a record.

        Refuses `layout.cannot-carry` where a field that a row cannot be without stays empty: the
        file would be refused when it is read.
        """
        tree = super().dump(obj, many=many)
        for field in self._needed:
            value = native_pick(tree, field.native)
            if value is MISSING or blank(value):
                raise _unfilled(field)
        self._require_organisation(obj)
        return tree

    @staticmethod
    def _require_organisation(record: Record) -> None:
        # R30: an organisation of which neither name nor number is written would be none when read.
        holder = next((one for one in _ORGANISATIONS if one in record), "")
        said = re.compile(rf"/{holder}/(name/.+|person/.+|identifier/\d+)")
        if holder and not any(map(said.fullmatch, turn().consumed)):
            rule = "the layout has no field for the name or number of this organisation"
            raise cannot_carry(rule, f"/record/{holder}")

    def _require_filled(self, record: Record) -> None:
        # Rows that several records share are known only when they are written.
        if type(self).rows is not Layout.rows:
            return
        with Turns(Turn("")):
            for field in self._needed:
                if blank(field.serialize(field.common, record)):
                    raise _unfilled(field)

    @cached_property
    def _needed(self) -> tuple[TwoWay, ...]:
        return tuple(field for field in self.two_way if field.needed)

    def lost(self, record: Record, consumed: set[str]) -> list[str]:
        # A state is said when reading gives it again; a near one in its place is a loss.
        own = self.constants.get("state")
        said = {own} if own is not None else self.told_states or self.states
        if self.states and record.get("state") in said:
            return super().lost(record, consumed | {"/state"})
        return super().lost(record, consumed - {"/state"} if self.states else consumed)

    def require(self, record_type: str, record: Record) -> None:
        """Refuse `layout.cannot-carry` when the layout has no form for the record (R36)."""
        if record_type != self.record_type:
            raise cannot_carry(f"the layout carries {self.record_type} only", "/recordType")
        state = record.get("state")
        if self.states and state not in self.states:
            raise cannot_carry("the layout has no form for a record in this state", "/record/state")
        if self._wants_organisation and "person" in record.get("employer", {}):
            # R27: written without its employer, the row would be none.
            rule = "the layout has no place for a person who employs"
            raise cannot_carry(rule, "/record/employer/person")

    @cached_property
    def _wants_organisation(self) -> bool:
        told = [f.common for f in self.two_way if f.common.startswith("employer/")]
        return bool(told) and not any(path.startswith("employer/person/") for path in told)


def _unfilled(field: TwoWay) -> Refusal:
    rule = "the layout has a mandatory field that the record does not fill"
    return cannot_carry(rule, f"/record{plain(field.common)}")


def cannot_carry(rule: str, place: str) -> Refusal:
    """The refusal of a record that a target layout cannot express."""
    return Refusal("layout.cannot-carry", step="translate", rule=rule, place=place)
