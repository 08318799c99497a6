"""A native row as one marshmallow schema that goes both ways: native tree ↔ common record."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, ClassVar

from marshmallow import Schema, ValidationError, missing

from gateway.translation import names
from gateway.translation.fields import TwoWay
from gateway.translation.paths import (
    MISSING,
    Declared,
    declared_tree,
    native_put,
    pick,
    plain,
    pointer_of,
    put,
    steps,
    uncovered,
)
from gateway.translation.person_fields import Spelled
from gateway.translation.reading import Record
from gateway.translation.row_reading import Reading, compiled
from gateway.translation.turn import turn

# An element of these lists says nothing without this member, so it is left out (R18).
WHOLE = {"document": "number", "pay": "amount", "fee": "amount", "contact": "value"}

# Members which a carried sibling implies: the layout's field stands for them.
IMPLIED = frozenset(
    {
        "full",
        "form",
        "script",
        "lang",
        "raw",
        "noFamilyName",
        "scheme",
        "precision",
        "list",
        "listVersion",
        "nativeList",
        "mapping",
        "kind",
    }
)


class Row(Schema):
    """Base of all native rows: fields carry paths, `constants` what the layout always means."""

    constants: ClassVar[Mapping[str, Any]] = {}
    told_elsewhere: ClassVar[frozenset[str]] = frozenset()

    @cached_property
    def two_way(self) -> tuple[TwoWay, ...]:
        """The declared fields in their order."""
        return tuple(f for f in self.fields.values() if isinstance(f, TwoWay))

    @cached_property
    def declared(self) -> frozenset[str]:
        """Native paths that some field carries."""
        return frozenset(path for field in self.two_way for path in field.declared())

    @cached_property
    def _wholes(self) -> tuple[tuple[str, str, str], ...]:
        """(path of a holder, name of its list, member that an element needs), by layout."""
        found = dict[tuple[str, str, str], None]()
        for path in (*(field.common for field in self.two_way), *self.constants):
            holder = ""
            for name, place, conditions in steps(path):
                if name in WHOLE and (place is not None or conditions):
                    found[holder, name, WHOLE[name]] = None
                holder = f"{holder}/{name}" if holder else name
        return tuple(found)

    @cached_property
    def _of_wholes(self) -> tuple[TwoWay, ...]:
        """Fields that fill an element of such a list."""
        return tuple(f for f in self.two_way if any(n in WHOLE for n, _, _ in steps(f.common)))

    @cached_property
    def _reading(self) -> Reading:
        return compiled(self.two_way)

    def load(
        self, data: Any, *, many: Any = None, partial: Any = None, unknown: Any = None
    ) -> dict[str, Any]:
        """The record of one native row; ValidationError tells every field that cannot be read.

        marshmallow's own path (a flat copy of the row, hooks, a set of errors for each value)
        makes a record cost several times as much, so the fields are asked directly (ADR 6).
        """
        del many, partial, unknown
        record: dict[str, Any] = {}
        at: dict[str, tuple[int, ...]] = {}
        faults: dict[str, Any] = {}
        self._reading(data, record, at, faults)
        if faults:
            raise ValidationError(faults)
        _point(at)
        for path, constant in self.constants.items():
            put(record, path, constant)
        if self._wholes:
            self._drop_unsaid(record, at)
        self.complete(record)
        return record

    def _drop_unsaid(self, record: dict[str, Any], at: dict[str, tuple[int, ...]]) -> None:
        dropped = False
        for holder, name, needed in self._wholes:
            node = pick(record, holder)[0] if holder else record
            if node is MISSING or all(needed in element for element in node.get(name, ())):
                continue
            dropped = True
            node[name] = [element for element in node[name] if needed in element]
            if not node[name]:
                del node[name]
                if holder and not node:
                    del record[holder]
        for field in self._of_wholes if dropped else ():
            if field.common in at and pick(record, field.common)[0] is MISSING:
                turn().leave(field.native)

    def complete(self, record: dict[str, Any]) -> None:
        """What several fields make together; a subclass adds to it."""
        person = record.get("person")
        if person is not None:
            complete_names(person.get("name", []))

    def dump(self, obj: Any, *, many: Any = None) -> dict[str, Any]:
        """The native row of a record; what it could not say is told by the turn."""
        del many
        tree: dict[str, Any] = {}
        for field in self.two_way:
            value = field.serialize(field.common, obj)
            if value is not missing:
                native_put(tree, field.native, value)
        return tree

    def residue(self, tree: Any) -> dict[str, str]:
        """Native parts without a common place: path → text."""
        return {path: str(value) for path, value in uncovered(tree, self._placed).items()}

    @cached_property
    def _placed(self) -> Declared:
        return declared_tree(self.declared | self.told_elsewhere)

    def lost(self, record: dict[str, Any], consumed: set[str]) -> list[str]:
        """Pointers of what a written row does not say; whole objects where nothing is said."""
        unsaid = self._unsaid(record, consumed)
        said = {one for one in consumed if not one.startswith(unsaid)} if unsaid else set(consumed)
        said |= {
            f"/{path}" for path, value in self.constants.items() if pick(record, path)[0] == value
        }
        above = {pointer for one in said for pointer in _above(one)}
        return [p for name, node in record.items() for p in _lost(node, f"/{name}", said, above)]

    def _unsaid(self, record: dict[str, Any], consumed: set[str]) -> tuple[str, ...]:
        """Elements written without what makes them whole: they are left out when read again."""
        found = []
        for holder, name, needed in self._wholes:
            node = pick(record, holder)[0] if holder else record
            for place in range(0 if node is MISSING else len(node.get(name, ()))):
                above = f"/{holder}/{name}/{place}/" if holder else f"/{name}/{place}/"
                if above + needed not in consumed:
                    found.append(above)
        return tuple(found)


class Many(TwoWay):
    """A repeating native part, each element a row of its own; one alone may come without list."""

    def __init__(self, native: str, common: str, row: Row, **options: Any) -> None:
        """row: the schema of one element."""
        super().__init__(native, common, **options)
        self.row = row

    def declared(self) -> list[str]:
        return [f"{self.native}/{path}" for path in self.row.declared]

    def read(self, value: Any) -> Any:
        elements = value if isinstance(value, list) else [value]
        now, outer = turn(), turn().prefix
        loaded: list[Record] = []
        for element in elements:
            now.prefix = f"{outer}/{self.common}/{len(loaded)}"
            record = self.row.load(element)
            if WHOLE.get(self.common, "") in {"", *record}:
                loaded.append(record)
        now.prefix = outer
        return loaded or missing

    def serialize(self, attr: str, obj: Any, accessor: Any = None, **_kwargs: Any) -> Any:
        elements, pointer = self.find(obj)
        if elements is MISSING:
            return missing if self.empty is MISSING else self.empty
        now, outer = turn(), turn().prefix
        written = []
        for index, element in enumerate(elements):
            now.prefix = f"{outer}{pointer}/{index}"
            native = self.row.dump(element)
            whole = WHOLE.get(self.common)
            if whole is None or f"{now.prefix}/{whole}" in now.consumed:
                written.append(native)
            else:
                # It would be left out when read again, so none of it is said.
                above = f"{now.prefix}/"
                now.consumed -= {one for one in now.consumed if one.startswith(above)}
        now.prefix = outer
        if not written:
            return missing if self.empty is MISSING else self.empty
        return written


def complete_names(known: list[dict[str, Any]]) -> None:
    """Give every name its `full`, its raw spelling when that differs, and its degraded mark."""
    for name in known:
        spelled = [(part, name[part]) for part in names.PARTS if part in name]
        raw = " ".join([part.raw if type(part) is Spelled else part for _, part in spelled])
        for place, part in spelled:
            if type(part) is Spelled:
                name[place] = str(part)
        if "full" not in name:
            name["full"] = names.composed(name)
        if spelled and raw != name["full"]:
            name["raw"] = raw
        if "given" in name and "family" not in name:
            name["noFamilyName"] = True
        if turn().profile == "degraded":
            name["form"] = "degraded"
            turn().warn("NAME-DEGRADED", f"/person/name/{known.index(name)}")


def _point(at: dict[str, tuple[int, ...]]) -> None:
    """Turn the paths of warnings into pointers, now that places in lists are known."""
    now = turn()
    for place, (code, path) in enumerate(now.noted):
        bare = path[len(now.prefix) :]
        if path.startswith(now.prefix) and bare[:1] != "/":
            pointer = pointer_of(bare, at[bare]) if bare in at else plain(bare)
            now.noted[place] = (code, now.prefix + pointer)


def _above(pointer: str) -> Iterator[str]:
    """Every pointer that a pointer stands below."""
    place = pointer.rfind("/")
    while place > 0:
        yield pointer[:place]
        place = pointer.rfind("/", 0, place)


def _lost(node: Any, pointer: str, said: set[str], above: set[str]) -> list[str]:
    if pointer in said:
        return []
    if pointer not in above or not isinstance(node, (dict, list)):
        return [pointer]
    children = node.items() if isinstance(node, dict) else enumerate(node)
    found = []
    for name, child in children:
        if name in IMPLIED or (name in ("issuer", "state") and "/identifier/" in pointer):
            continue
        found += _lost(child, f"{pointer}/{name}", said, above)
    return found
