"""One record, two forms: canonical JSON and canonical XML, through the generated mapping.

XML is Exclusive C14N 1.0 without comments, default namespace only (DESIGN section 3). Since the
schema has neither attributes nor mixed content, the canonical text is written directly; the C
canonicaliser judges it in tests.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from gateway.model.refusal import Refusal
from gateway.proof.canonical import canonical_json
from gateway.proof.strict_json import parse
from gateway.proof.strict_xml import parse_signed

NAMESPACE = "urn:lmx:1"
_PREFIX = "{" + NAMESPACE + "}"
_ESCAPED = re.compile("[&<>\r]").search


@dataclass(frozen=True, slots=True)
class Member:
    """One member of an object type: its name, its type, and whether it repeats."""

    name: str
    type_name: str
    repeats: bool


# An object type for the writer: by member its place, name, type, whether it repeats, the kind of a
# simple type, and its tags.
_Shape = Mapping[str, tuple[int, str, str, bool, str | None, str, str]]


@dataclass(frozen=True, slots=True)
class FormMapping:
    """The generated bijection: members in order by object type, kinds of simple types, roots."""

    objects: Mapping[str, tuple[Member, ...]]
    kinds: Mapping[str, str]
    roots: Mapping[str, str]
    # How to write each object type, made from `objects` at its first use.
    written: dict[str, _Shape] = field(init=False, default_factory=dict, repr=False, compare=False)

    def shape(self, type_name: str) -> _Shape:
        """Give how to write an object type."""
        found = self.written.get(type_name)
        if found is None:
            members = self.objects[type_name]
            found = {
                one.name: (
                    place,
                    one.name,
                    one.type_name,
                    one.repeats,
                    self.kinds.get(one.type_name),
                    f"<{one.name}>",
                    f"</{one.name}>",
                )
                for place, one in enumerate(members)
            }
            self.written[type_name] = found
        return found


def load_mapping(data: bytes) -> FormMapping:
    """Read `schemas/generated/mapping.json`."""
    raw = parse(data)
    objects = {
        name: tuple(Member(one["name"], one["type"], one["repeats"]) for one in members)
        for name, members in raw["objects"].items()
    }
    return FormMapping(objects, raw["kinds"], raw["roots"])


def record_json(record: Mapping[str, Any]) -> bytes:
    """Give the canonical JSON of the record element alone."""
    return canonical_json(dict(record))


def record_xml(mapping: FormMapping, record_type: str, record: Mapping[str, Any]) -> bytes:
    """Give the canonical XML of the record element alone.

    Refuses `record.type-unknown`, and `record.schema` for a member the type does not have.
    """
    parts = [f'<{record_type} xmlns="{NAMESPACE}">']
    _write(mapping, _root(mapping, record_type), record, parts, record_type)
    parts.append(f"</{record_type}>")
    return "".join(parts).encode("utf-8")


def read_record_xml(mapping: FormMapping, data: bytes) -> tuple[str, dict[str, Any]]:
    """Read a record element in any layout of white space; gives its type and the record.

    Refuses as `strict_xml.parse_signed`, `record.type-unknown`, `record.schema`.
    """
    root = parse_signed(data)
    record_type = _local(root)
    found = _read(mapping, _root(mapping, record_type), root, "/" + record_type)
    return record_type, found


def require_canonical_xml(mapping: FormMapping, data: bytes) -> tuple[str, dict[str, Any]]:
    """Read a record element and require `record_xml(read(data)) == data`.

    Refuses also `xml.not-canonical`.
    """
    record_type, record = read_record_xml(mapping, data)
    if record_xml(mapping, record_type, record) != data:
        raise Refusal(
            "xml.not-canonical",
            step="verify",
            rule="sealed XML is accepted only in its canonical form (Exclusive C14N 1.0)",
        )
    return record_type, record


def message_xml(
    mapping: FormMapping, header: Mapping[str, Any], record_type: str, record: Mapping[str, Any]
) -> bytes:
    """Give the canonical XML of the whole `<Message>`: header and record, as it is signed."""
    parts = [f'<Message xmlns="{NAMESPACE}"><Header>']
    _write(mapping, _root(mapping, "Header"), header, parts, "Header")
    parts.append(f"</Header><{record_type}>")
    _write(mapping, _root(mapping, record_type), record, parts, record_type)
    parts.append(f"</{record_type}></Message>")
    return "".join(parts).encode("utf-8")


def _root(mapping: FormMapping, record_type: str) -> str:
    try:
        return mapping.roots[record_type]
    except KeyError:
        raise Refusal(
            "record.type-unknown",
            step="validate",
            rule="the record must be of a type that the schemas list",
            place="record type",
        ) from None


def _write(mapping: FormMapping, type_name: str, value: Any, parts: list[str], name: str) -> None:
    """Write what stands between the tags of an object."""
    shape = mapping.shape(type_name)
    # A record that was read is of plain dicts; asking the abstract class costs more than the rest.
    plain = type(value) is dict or isinstance(value, Mapping)
    if not plain or not value.keys() <= shape.keys():
        raise _schema("the members must be those of the type", name)
    # A record says few of the members that its types have.
    for _, member, inner_type, repeats, kind, begin, end in sorted(map(shape.__getitem__, value)):
        found = value[member]
        for one in found if repeats else (found,):
            if kind == "string" and type(one) is str and not _ESCAPED(one):
                parts += (begin, one, end)
            elif kind is None:
                parts.append(begin)
                _write(mapping, inner_type, one, parts, member)
                parts.append(end)
            else:
                parts += (begin, _text(kind, one), end)


def _text(kind: str, value: Any) -> str:
    if kind == "string" and isinstance(value, str):
        # Canonical XML 1.0 section 2.3: escapes in text nodes.
        text = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return text.replace("\r", "&#xD;")
    if kind == "boolean" and type(value) is bool:
        return "true" if value else "false"
    if kind == "integer" and type(value) is int:
        return str(value)
    raise _schema(f"the value must be of kind {kind}", "value")


def _read(mapping: FormMapping, type_name: str, element: etree._Element, path: str) -> Any:
    if element.attrib:
        raise _schema("elements carry no attributes", path)
    members = mapping.objects.get(type_name)
    if members is None:
        if len(element):
            raise _schema("the value is text, not elements", path)
        return _KINDS[mapping.kinds[type_name]](element.text or "", path)
    known = {one.name: one for one in members}
    found: dict[str, Any] = {}
    if (element.text or "").strip():
        raise _schema("text stands only in the innermost elements", path)
    for child in element:
        if (child.tail or "").strip():
            raise _schema("text stands only in the innermost elements", path)
        member = known.get(_local(child))
        if member is None:
            raise _schema("the members must be those of the type", path)
        value = _read(mapping, member.type_name, child, f"{path}/{member.name}")
        if member.repeats:
            found.setdefault(member.name, []).append(value)
        elif member.name in found:
            raise _schema("this member stands once", f"{path}/{member.name}")
        else:
            found[member.name] = value
    return found


def _local(element: etree._Element) -> str:
    tag = str(element.tag)
    if not tag.startswith(_PREFIX):
        raise _schema(f"elements are of the namespace {NAMESPACE}", "namespace")
    return tag.removeprefix(_PREFIX)


def _read_integer(text: str, path: str) -> int:
    if not text.isascii() or not text.isdigit() or (text != "0" and text[0] == "0"):
        raise _schema("this must be a whole number without leading zeros", path)
    if len(text) > 15:
        raise _schema("integers stay below 2^53", path)
    return int(text)


def _read_boolean(text: str, path: str) -> bool:
    if text not in {"true", "false"}:
        raise _schema("this must be true or false", path)
    return text == "true"


_KINDS: dict[str, Callable[[str, str], Any]] = {
    "string": lambda text, _path: text,
    "integer": _read_integer,
    "boolean": _read_boolean,
}


def _schema(rule: str, place: str) -> Refusal:
    return Refusal("record.schema", step="validate", rule=rule, place=place)
