"""The members of a record against the compiled standard, one fault a place, without values."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from gateway.catalogue.part_validator import part_validator
from gateway.translation.default.columns import COMPLETED, COMPUTED, Definitions
from gateway.translation.turn import Fault, Unreadable

Found = list[tuple[str, Fault]]
_MISSING = Fault("field.missing", "a field that the record cannot be without")
_STRANGE = Fault("field.unreadable", "a member stands here that the type does not have")
_NO_OBJECT = Fault("field.unreadable", "an object with members stands here")
_NO_LIST = Fault("field.unreadable", "a list that is not empty stands here")
_TOO_MANY = Fault("field.unreadable", "more values stand here than the type allows")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")


@dataclass(frozen=True, slots=True)
class _Simple:
    """A simple type: whether a value is of it, and what is said when it is not."""

    fits: Callable[[Any], bool]
    fault: Fault


@dataclass(frozen=True, slots=True)
class _Object:
    """An object type: members that must be there, and what each member is."""

    needed: tuple[str, ...]
    members: Mapping[str, "_Member"]


@dataclass(frozen=True, slots=True)
class _Member:
    """One member; most: of its list, 0 when it does not repeat."""

    type_of: _Simple | _Object
    most: float


class Checks:
    """What the members of one record type must be, looked up once."""

    def __init__(self, definitions: Definitions, type_name: str) -> None:
        """definitions: `$defs` of the generated JSON Schema; type_name: of the record."""
        self._definitions = definitions
        self._made: dict[str, _Simple | _Object] = {}
        self._record = self._type(type_name)
        self._valid = _validator(definitions, type_name)

    def faults(self, record: Any) -> Found:
        """(pointer, fault) of everything that is not built like the type.

        Members that are worked out or completed later may be absent.
        """
        try:
            # Compiled, it takes a tenth of the time; but it names one fault, and by its value.
            if self._valid(record):
                return []
        except UnicodeEncodeError:
            pass
        found: Found = []
        _check(self._record, record, "", found)
        return found

    def _type(self, name: str) -> _Simple | _Object:
        if name not in self._made:
            definition = self._definitions[name]
            made = self._object(name) if "properties" in definition else _simple(definition)
            self._made[name] = made
        return self._made[name]

    def _object(self, name: str) -> _Object:
        definition = self._definitions[name]
        return _Object(
            tuple(_needed(name, definition)),
            {
                member: _Member(
                    self._type(referred(told.get("items", told))),
                    told.get("maxItems", float("inf")) if "items" in told else 0,
                )
                for member, told in definition["properties"].items()
            },
        )


def _validator(definitions: Definitions, type_name: str) -> Callable[[Any], bool]:
    relaxed = {
        name: {**told, "required": _needed(name, told)} if "properties" in told else told
        for name, told in definitions.items()
    }
    return part_validator(relaxed, type_name)


def _needed(name: str, definition: Mapping[str, Any]) -> list[str]:
    """The members that an object must have before it is completed."""
    later = COMPLETED | COMPUTED
    return [member for member in definition["required"] if (name, member) not in later]


def _check(type_of: _Simple | _Object, value: Any, pointer: str, found: Found) -> None:
    if isinstance(type_of, _Simple):
        if not type_of.fits(value):
            found.append((pointer, type_of.fault))
        return
    if not isinstance(value, dict):
        found.append((pointer, _NO_OBJECT))
        return
    found += [(f"{pointer}/{name}", _MISSING) for name in type_of.needed if name not in value]
    for name, member in value.items():
        known = type_of.members.get(name)
        if known is None:
            found.append((f"{pointer}/{_escaped(name)}", _STRANGE))
        elif known.most:
            _check_list(known, member, f"{pointer}/{name}", found)
        else:
            _check(known.type_of, member, f"{pointer}/{name}", found)


def _check_list(known: _Member, value: Any, pointer: str, found: Found) -> None:
    if not isinstance(value, list) or not value:
        found.append((pointer, _NO_LIST))
        return
    if len(value) > known.most:
        found.append((pointer, _TOO_MANY))
    for place, item in enumerate(value):
        _check(known.type_of, item, f"{pointer}/{place}", found)


def _simple(definition: dict[str, Any]) -> _Simple:
    rule = f"what stands here must be: {definition['description']}"
    if "pattern" not in definition:
        # Exactly: to Python, true is a number too.
        kind = bool if definition["type"] == "boolean" else int
        return _Simple(lambda value: type(value) is kind, Fault("number.unreadable", rule))
    match = re.compile(definition["pattern"]).fullmatch
    longest = definition.get("maxLength", float("inf"))

    def fits(value: Any) -> bool:
        return isinstance(value, str) and len(value) <= longest and match(value) is not None

    return _Simple(fits, Fault("field.unreadable", rule))


def _escaped(name: str) -> str:
    # A name of the sender's own making may be content: only what looks like a name is repeated.
    return name if _NAME.fullmatch(name) else "?"


def referred(told: Mapping[str, Any]) -> str:
    """The name of the type that a member's definition refers to."""
    return str(told["$ref"]).rpartition("/")[2]


def fault_of(wrong: Unreadable) -> Fault:
    """The one fault that an Unreadable tells."""
    (fault,) = wrong.messages
    if not isinstance(fault, Fault):
        raise TypeError
    return fault
