"""What a default layout completes in a record: names and identifiers, wherever they stand."""

from collections.abc import Iterator
from typing import Any

from gateway.translation import names
from gateway.translation.default.columns import Definitions
from gateway.translation.default.strict import fault_of, referred
from gateway.translation.identifiers import SCHEMES, WrongIdentifier, state_of
from gateway.translation.person_fields import rated
from gateway.translation.turn import Fault, Unreadable

Place = tuple[str, dict[str, Any]]
_LEFT = "identifier.length"


class Completion:
    """Completes the names and identifiers of one record type."""

    def __init__(self, definitions: Definitions, type_name: str) -> None:
        """definitions: `$defs` of the generated JSON Schema; type_name: of the record."""
        self._names = tuple(_paths(definitions, type_name, "PersonName"))
        self._identifiers = tuple(_paths(definitions, type_name, "Identifier"))

    def complete(self, record: dict[str, Any]) -> list[tuple[str, Fault]]:
        """Give names their `full` and identifiers their state (R12, R13); what is wrong with them.

        Runs in a turn, which takes the warnings.
        """
        found: list[tuple[str, Fault]] = []
        for pointer, name in _each(record, self._names):
            complete_name(name)
            if "full" not in name:
                rule = "a name has a family name, a given name or a full name"
                found.append((f"{pointer}/family", Fault("field.missing", rule)))
        for pointer, identifier in _each(record, self._identifiers):
            try:
                _rate(identifier, pointer)
            except Unreadable as wrong:
                found.append((f"{pointer}/value", fault_of(wrong)))
        return found

    def unreadable(self, record: dict[str, Any]) -> set[str]:
        """Pointers of identifiers that would be refused when they are read, so never written."""
        each = _each(record, self._identifiers)
        return {pointer for pointer, identifier in each if _state_read(identifier) is None}

    def restated(self, record: dict[str, Any]) -> set[str]:
        """Pointers of states that reading gives otherwise, since the number is rated anew."""
        return {
            f"{pointer}/state"
            for pointer, identifier in _each(record, self._identifiers)
            if _state_read(identifier) not in (None, identifier["state"])
        }

    def verified(self, record: dict[str, Any]) -> set[str]:
        """Pointers of states that a register said and no check of the number denies (R32)."""
        return {
            f"{pointer}/state"
            for pointer, identifier in _each(record, self._identifiers)
            if identifier["state"] == "verified" and _state_read(identifier) != "failed"
        }


def complete_name(name: dict[str, Any]) -> None:
    """Give a name its form, its full text, unified apostrophes, and its raw spelling (R12)."""
    parts = [part for part in names.PARTS if isinstance(name.get(part), str)]
    spoken = parts or [part for part in ("full",) if isinstance(name.get(part), str)]
    raw = " ".join(name[part] for part in spoken)
    for part in (*parts, "full"):
        if isinstance(name.get(part), str) and names.script_of(name[part]) == "Latn":
            name[part] = names.unified(name[part])
    name.setdefault("form", "native")
    if parts:
        name.setdefault("full", names.composed(name))
    if raw != " ".join(name[part] for part in spoken):
        name.setdefault("raw", raw)
    if "given" in name and "family" not in name:
        name.setdefault("noFamilyName", True)


def _rate(identifier: dict[str, Any], pointer: str) -> None:
    scheme, value = identifier.get("scheme"), identifier.get("value")
    if not isinstance(scheme, str) or not isinstance(value, str):
        return
    if scheme not in SCHEMES:
        raise Unreadable("code.unknown", "not a known kind of number")
    told = rated(scheme, "".join(value.split()), pointer)
    # Only a register says `verified` (R32); what it said of a right number stays said.
    if identifier.get("state") == "verified" and told["state"] != "failed":
        told["state"] = "verified"
    identifier.update(told)


def _state_read(identifier: dict[str, Any]) -> str | None:
    scheme = identifier["scheme"]
    if scheme not in SCHEMES:
        return None
    try:
        return state_of(scheme, identifier["value"])
    except WrongIdentifier as wrong:
        refused = SCHEMES[scheme].issuer == "KAZ" and wrong.code == _LEFT
        return None if refused else "failed"


def _paths(
    definitions: Definitions, type_name: str, wanted: str, path: tuple[str, ...] = ()
) -> Iterator[tuple[str, ...]]:
    for name, told in definitions[type_name].get("properties", {}).items():
        member = referred(told.get("items", told))
        if member == wanted:
            yield (*path, name)
        else:
            yield from _paths(definitions, member, wanted, (*path, name))


def _each(record: dict[str, Any], paths: tuple[tuple[str, ...], ...]) -> Iterator[Place]:
    for path in paths:
        yield from _at(record, path, "")


def _at(node: Any, path: tuple[str, ...], pointer: str) -> Iterator[Place]:
    if isinstance(node, list):
        for place, item in enumerate(node):
            yield from _at(item, path, f"{pointer}/{place}")
    elif isinstance(node, dict):
        if not path:
            yield pointer, node
        elif path[0] in node:
            yield from _at(node[path[0]], path[1:], f"{pointer}/{path[0]}")
