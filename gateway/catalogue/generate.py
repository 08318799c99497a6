"""What is generated from the XSD: JSON Schema, the XML-JSON mapping, the reference pages.

The XSD leads (DESIGN section 2). Every file written here is checked in; `stale` names those that
no longer equal what the XSD gives.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import xmlschema
from xmlschema.validators import XsdComplexType, XsdElement, XsdGroup, XsdSimpleType, XsdType

from gateway.catalogue.folders import record_folders

KINDS = {"Integer": "integer", "Boolean": "boolean"}
_DRAFT = "https://json-schema.org/draft/2020-12/schema"


class SubsetError(Exception):
    """The XSD uses something outside the strict subset; says what and where."""


def generate(schemas: Path) -> dict[Path, bytes]:
    """Give every generated file by its path: below `schemas/generated` and `docs/reference`.

    SubsetError when an XSD leaves the subset of DESIGN section 3.
    """
    objects: dict[str, Any] = {}
    kinds: dict[str, str] = {}
    roots: dict[str, str] = {}
    made: dict[Path, bytes] = {}
    for name, file in _sources(schemas):
        schema = xmlschema.XMLSchema10(str(file))
        root = schema.elements[name]
        roots[name] = _type_name(root.type)
        definitions: dict[str, Any] = {}
        for one in _reachable(root.type):
            _collect(one, objects, kinds, definitions)
        document = {
            "$schema": _DRAFT,
            "$id": f"urn:lmx:1:{name}",
            "title": name,
            "$ref": f"#/$defs/{roots[name]}",
            "$defs": dict(sorted(definitions.items())),
        }
        made[schemas / "generated" / f"{name}.schema.json"] = _json(document)
        page = schemas.parent / "docs" / "reference" / "records" / f"{name}.md"
        made[page] = _page(name, root).encode("utf-8")
    mapping = {
        "kinds": dict(sorted(kinds.items())),
        "objects": dict(sorted(objects.items())),
        "roots": dict(sorted(roots.items())),
    }
    made[schemas / "generated" / "mapping.json"] = _json(mapping)
    return made


def stale(schemas: Path) -> list[Path]:
    """Name the generated files that are missing or differ from what the XSD gives now."""
    return [
        path
        for path, data in generate(schemas).items()
        if not path.is_file() or path.read_bytes() != data
    ]


def _sources(schemas: Path) -> list[tuple[str, Path]]:
    found = [(one.parent.name, one / "record.xsd") for one in record_folders(schemas)]
    return [*found, ("Header", schemas / "envelope" / "1" / "header.xsd")]


def _collect(
    one: XsdType, objects: dict[str, Any], kinds: dict[str, str], definitions: dict[str, Any]
) -> None:
    name = _type_name(one)
    if isinstance(one, XsdSimpleType):
        kinds[name] = KINDS.get(name, "string")
        definitions[name] = _simple(one, kinds[name])
        return
    members, properties, required = [], {}, []
    for element in _elements(one):
        member = _type_name(element.type)
        repeats = element.max_occurs is None or element.max_occurs > 1
        members.append({"name": element.local_name, "type": member, "repeats": repeats})
        place = {"$ref": f"#/$defs/{member}"}
        properties[element.local_name] = _list(element, place) if repeats else place
        if element.min_occurs:
            required.append(element.local_name)
    objects[name] = members
    definitions[name] = {
        "description": _text(one),
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def _list(element: XsdElement, items: dict[str, Any]) -> dict[str, Any]:
    found = {"type": "array", "minItems": 1, "items": items}
    return found if element.max_occurs is None else {**found, "maxItems": element.max_occurs}


def _simple(one: XsdSimpleType, kind: str) -> dict[str, Any]:
    if one.base_type is None or one.base_type.local_name != "string" or one.patterns is None:
        raise SubsetError(f"{_type_name(one)} must restrict xs:string with a pattern")
    if kind == "boolean":
        return {"description": _text(one), "type": "boolean"}
    if kind == "integer":
        top = 10**15 - 1
        return {"description": _text(one), "type": "integer", "minimum": 0, "maximum": top}
    pattern = "|".join(f"(?:{text})" for text in one.patterns.regexps)
    found = {"description": _text(one), "type": "string", "pattern": f"^(?:{pattern})$"}
    return found if one.max_length is None else {**found, "maxLength": one.max_length}


def _reachable(start: XsdType) -> Iterator[XsdType]:
    seen: set[str] = set()
    todo = [start]
    while todo:
        one = todo.pop(0)
        if _type_name(one) in seen:
            continue
        seen.add(_type_name(one))
        yield one
        if isinstance(one, XsdComplexType):
            todo += [element.type for element in _elements(one)]


def _elements(one: XsdType) -> list[XsdElement]:
    if not isinstance(one, XsdComplexType) or one.attributes or one.mixed:
        raise SubsetError(f"{_type_name(one)} must be a sequence of elements, without attributes")
    group = one.content
    if not isinstance(group, XsdGroup):
        raise SubsetError(f"{_type_name(one)} must hold elements")
    found = [element for element in group if isinstance(element, XsdElement)]
    if group.model != "sequence" or len(found) != len(group):
        raise SubsetError(f"{_type_name(one)} must be one sequence of named elements")
    return found


def _type_name(one: XsdType) -> str:
    if one.local_name is None:
        raise SubsetError("every type has a name")
    return str(one.local_name)


def _text(one: Any) -> str:
    notes = one.annotations
    return " ".join(str(note) for note in notes).strip() if notes else ""


def _page(name: str, root: XsdElement) -> str:
    lines = [f"# {name}", "", "Generated from the XSD; do not edit.", "", _text(root), ""]
    for one in _reachable(root.type):
        lines += [f"## {_type_name(one)}", "", _text(one), ""]
        if isinstance(one, XsdComplexType):
            lines += ["| Member | Type | Times | Meaning |", "|---|---|---|---|"]
            lines += [
                f"| `{element.local_name}` | {_type_name(element.type)} "
                f"| {_times(element)} | {_text(element)} |"
                for element in _elements(one)
            ]
            lines.append("")
        elif isinstance(one, XsdSimpleType) and one.patterns is not None:
            pattern = " or ".join(one.patterns.regexps)
            lines += [f"Pattern: `{pattern}`", ""]
    return "\n".join(lines)


def _times(element: XsdElement) -> str:
    low = "1" if element.min_occurs else "0"
    return f"{low}..{'n' if element.max_occurs is None else element.max_occurs}"


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode("utf-8")
