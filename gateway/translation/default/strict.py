"""The members of a record against the compiled standard, one fault a place, without values."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from gateway.translation.default.columns import COMPLETED, COMPUTED, Definitions
from gateway.translation.turn import Fault, Unreadable

Found = tuple[str, Fault]


def faults(definitions: Definitions, type_name: str, value: Any, pointer: str) -> Iterator[Found]:
    """(pointer, fault) of everything that is not built like the type.

    Members that are worked out or completed later may be absent.
    """
    definition = definitions[type_name]
    if "properties" in definition:
        yield from _object(definitions, type_name, value, pointer)
    elif "pattern" in definition:
        yield from _text(definition, value, pointer)
    elif type(value) is not (bool if definition["type"] == "boolean" else int):
        yield pointer, _fault("number.unreadable", definition)


def _object(definitions: Definitions, type_name: str, value: Any, pointer: str) -> Iterator[Found]:
    if not isinstance(value, dict):
        yield pointer, Fault("field.unreadable", "an object with members stands here")
        return
    definition = definitions[type_name]
    properties = definition["properties"]
    for name in definition["required"]:
        if name not in value and (type_name, name) not in COMPLETED | COMPUTED:
            rule = "a field that the record cannot be without"
            yield f"{pointer}/{name}", Fault("field.missing", rule)
    for name, member in value.items():
        if name not in properties:
            rule = "a member stands here that the type does not have"
            yield f"{pointer}/{_escaped(name)}", Fault("field.unreadable", rule)
        elif "items" in properties[name]:
            yield from _list(definitions, properties[name], member, f"{pointer}/{name}")
        else:
            yield from faults(definitions, _referred(properties[name]), member, f"{pointer}/{name}")


def _list(
    definitions: Definitions, told: dict[str, Any], value: Any, pointer: str
) -> Iterator[Found]:
    if not isinstance(value, list) or not value:
        yield pointer, Fault("field.unreadable", "a list that is not empty stands here")
        return
    if len(value) > told.get("maxItems", len(value)):
        yield pointer, Fault("field.unreadable", "more values stand here than the type allows")
    for place, item in enumerate(value):
        yield from faults(definitions, _referred(told["items"]), item, f"{pointer}/{place}")


def _text(definition: dict[str, Any], value: Any, pointer: str) -> Iterator[Found]:
    fits = (
        isinstance(value, str)
        and len(value) <= definition.get("maxLength", len(value))
        and _compiled(definition["pattern"]).fullmatch(value) is not None
    )
    if not fits:
        yield pointer, _fault("field.unreadable", definition)


def fault_of(wrong: Unreadable) -> Fault:
    """The one fault that an Unreadable tells."""
    (fault,) = wrong.messages
    if not isinstance(fault, Fault):
        raise TypeError
    return fault


def _fault(code: str, definition: dict[str, Any]) -> Fault:
    return Fault(code, f"what stands here must be: {definition['description']}")


def _escaped(name: str) -> str:
    # A name of the sender's own making may be content: only what looks like a name is repeated.
    return name if re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,63}", name) else "?"


def _referred(told: dict[str, Any]) -> str:
    return str(told["$ref"]).rpartition("/")[2]


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
