"""JSON Schema, Draft 2020-12, made from the XSD."""

from typing import Any

from gateway.catalogue.subset import Member, ObjectType, RootType, TextType

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_TOP = 10**15 - 1


def json_schema(root: RootType) -> dict[str, Any]:
    """The JSON Schema of one record type or the header, every type under its own name."""
    return {
        "$schema": _DRAFT,
        "$id": f"urn:lmx:1:{root.name}",
        "title": root.name,
        "$ref": f"#/$defs/{root.own.name}",
        "$defs": {name: _definition(one) for name, one in sorted(root.types.items())},
    }


def _definition(one: ObjectType | TextType) -> dict[str, Any]:
    return _object(one) if isinstance(one, ObjectType) else _text(one)


def _object(one: ObjectType) -> dict[str, Any]:
    return {
        "description": one.meaning,
        "type": "object",
        "properties": {member.name: _described(member) for member in one.members},
        "required": [member.name for member in one.members if member.low],
        "additionalProperties": False,
    }


def _described(member: Member) -> dict[str, Any]:
    # Draft 2020-12 lets other keywords stand beside $ref.
    told = [member.meaning, member.unit and f"Unit: {member.unit}",
            member.standard and f"Standard: {member.standard}"]  # fmt: skip
    return {"description": ". ".join(one for one in told if one), **_property(member)}


def _property(member: Member) -> dict[str, Any]:
    place = {"$ref": f"#/$defs/{member.type_name}"}
    if not member.repeats:
        return place
    found = {"type": "array", "minItems": 1, "items": place}
    return found if member.high is None else {**found, "maxItems": member.high}


def _text(one: TextType) -> dict[str, Any]:
    if one.kind == "boolean":
        return {"description": one.meaning, "type": "boolean"}
    if one.kind == "integer":
        return {"description": one.meaning, "type": "integer", "minimum": 0, "maximum": _TOP}
    pattern = "|".join(f"(?:{text})" for text in one.patterns)
    found = {"description": one.meaning, "type": "string", "pattern": f"^(?:{pattern})$"}
    return found if one.max_length is None else {**found, "maxLength": one.max_length}
