"""A native row as one marshmallow schema that goes both ways: native tree ↔ common record."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar

from marshmallow import EXCLUDE, Schema, missing, post_dump, post_load, pre_load

from gateway.translation import names
from gateway.translation.fields import TwoWay
from gateway.translation.paths import (
    MISSING,
    leaves,
    native_pick,
    native_put,
    pick,
    plain,
    put,
    steps,
    without_places,
)
from gateway.translation.person_fields import Spelled
from gateway.translation.reading import Record
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

    class Meta(Schema.Meta):
        """Undeclared native parts are residue, found by `residue`."""

        unknown = EXCLUDE

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

    @pre_load
    def _open(self, tree: Any, **_kwargs: Any) -> dict[str, Any]:
        flat = {"/": tree}
        for field in self.two_way:
            value = native_pick(tree, field.native)
            # Every declared field is read, so that required ones notice that they are absent.
            flat[field.native] = None if value is MISSING else value
        return flat

    @post_load
    def _build(self, flat: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        record: dict[str, Any] = {}
        at = {path: put(record, path, value) for path, value in flat.items()}
        now = turn()
        now.noted[:] = [
            (code, self._pointer(path, at, now.prefix))
            if path.startswith(now.prefix)
            else (code, path)
            for code, path in now.noted
        ]
        for path, value in self.constants.items():
            put(record, path, value)
        _drop_hollow(record)
        self._tell_left(flat, record)
        self.complete(record)
        return record

    @staticmethod
    def _pointer(path: str, at: dict[str, str], prefix: str) -> str:
        bare = path[len(prefix) :]
        if bare.startswith("/"):
            return path
        return prefix + at.get(bare, plain(bare))

    def _tell_left(self, flat: dict[str, Any], record: dict[str, Any]) -> None:
        by_path = {field.common: field.native for field in self.two_way}
        for path in flat:
            hollow = any(name in WHOLE for name, _, _ in steps(path))
            if hollow and pick(record, path)[0] is MISSING:
                turn().leave(by_path[path])

    def complete(self, record: dict[str, Any]) -> None:
        """What several fields make together; a subclass adds to it."""
        person = record.get("person")
        if person is not None:
            complete_names(person.get("name", []))

    @post_dump
    def _nest(self, flat: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        tree: dict[str, Any] = {}
        for path, value in flat.items():
            native_put(tree, path, value)
        return tree

    def residue(self, tree: Any) -> dict[str, str]:
        """Native parts without a common place: path → text."""
        declared = self.declared | self.told_elsewhere
        return {
            path: str(value)
            for path, value in leaves(tree)
            if not _covered(without_places(path)[1:], declared)
        }

    def lost(self, record: dict[str, Any], consumed: set[str]) -> list[str]:
        """Pointers of what a written row does not say; whole objects where nothing is said."""
        said = consumed | {
            f"/{path}" for path, value in self.constants.items() if pick(record, path)[0] == value
        }
        return [path for name, node in record.items() for path in _lost(node, f"/{name}", said)]


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
            written.append(self.row.dump(element))
        now.prefix = outer
        return written


def complete_names(known: list[dict[str, Any]]) -> None:
    """Give every name its `full`, its raw spelling when that differs, and its degraded mark."""
    for name in known:
        parts = [name[part] for part in names.PARTS if part in name]
        raw = " ".join(getattr(part, "raw", part) for part in parts)
        name.update({p: str(name[p]) for p in names.PARTS if isinstance(name.get(p), Spelled)})
        name.setdefault("full", names.composed(name))
        if parts and raw != name["full"]:
            name["raw"] = raw
        if "given" in name and "family" not in name:
            name["noFamilyName"] = True
        if turn().profile == "degraded":
            name["form"] = "degraded"
            turn().warn("NAME-DEGRADED", f"/person/name/{known.index(name)}")


def _drop_hollow(node: Any) -> None:
    for name, child in list(node.items()):
        if not isinstance(child, (dict, list)):
            continue
        if isinstance(child, list) and name in WHOLE:
            child[:] = [item for item in child if WHOLE[name] in item]
        for item in child if isinstance(child, list) else [child]:
            if isinstance(item, dict):
                _drop_hollow(item)
        if not child:
            del node[name]


def _covered(path: str, declared: frozenset[str]) -> bool:
    while path:
        if path in declared:
            return True
        path = path.rpartition("/")[0]
    return False


def _lost(node: Any, pointer: str, said: set[str]) -> list[str]:
    if pointer in said:
        return []
    if not isinstance(node, (dict, list)) or not any(p.startswith(f"{pointer}/") for p in said):
        return [pointer]
    children = node.items() if isinstance(node, dict) else enumerate(node)
    found = []
    for name, child in children:
        if name in IMPLIED or (name in ("issuer", "state") and "/identifier/" in pointer):
            continue
        found += _lost(child, f"{pointer}/{name}", said)
    return found
