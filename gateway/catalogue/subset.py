"""XSD of the strict subset (DESIGN section 3), read into plain types; all else is made from these.

The XSD leads: JSON Schema, mapping, pages, dictionary and comparison see only what stands here.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xmlschema
from xmlschema.validators import XsdComplexType, XsdElement, XsdGroup, XsdSimpleType, XsdType

from gateway.catalogue.folders import query_folders, record_folders

KINDS = {"Integer": "integer", "Boolean": "boolean"}
_UNIT, _STANDARD = "urn:lmx:unit", "urn:lmx:standard"
_CODES = re.compile(r"[A-Za-z0-9]+(\|[A-Za-z0-9]+)*")


class SubsetError(Exception):
    """The XSD uses something outside the strict subset; says what and where."""


@dataclass(frozen=True, slots=True)
class Member:
    """One member of an object type; `high` is None where it may repeat without end."""

    name: str
    type_name: str
    low: int
    high: int | None
    meaning: str
    unit: str
    standard: str

    @property
    def repeats(self) -> bool:
        """True for what is a list in JSON."""
        return self.high is None or self.high > 1

    @property
    def times(self) -> str:
        """The cardinality, `0..1` or `1..n`."""
        return f"{self.low}..{'n' if self.high is None else self.high}"


@dataclass(frozen=True, slots=True)
class ObjectType:
    """A sequence of members."""

    name: str
    meaning: str
    standard: str
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class TextType:
    """A restricted text; `kind` is its JSON kind: string, integer or boolean."""

    name: str
    meaning: str
    standard: str
    patterns: tuple[str, ...]
    max_length: int | None
    kind: str

    @property
    def codes(self) -> tuple[str, ...]:
        """The values, where the pattern does nothing but name them."""
        if len(self.patterns) != 1 or not _CODES.fullmatch(self.patterns[0]):
            return ()
        return tuple(self.patterns[0].split("|")) if self.kind == "string" else ()


@dataclass(frozen=True, slots=True)
class RootType:
    """One record type, or the header: its own type first, then all that can be reached from it."""

    name: str
    meaning: str
    types: Mapping[str, ObjectType | TextType]

    @property
    def own(self) -> ObjectType:
        """The type of the record itself."""
        first = next(iter(self.types.values()))
        if not isinstance(first, ObjectType):
            raise SubsetError(f"{self.name} must be a sequence of members")
        return first


def read_roots(schemas: Path) -> tuple[RootType, ...]:
    """Read every record type, the forms of a question, and the header.

    SubsetError when an XSD leaves the subset.
    """
    folders = [*record_folders(schemas), *query_folders(schemas)]
    found = [(one.parent.name, one / "record.xsd") for one in folders]
    found.append(("Header", schemas / "envelope" / "1" / "header.xsd"))
    return tuple(read_root(file, name) for name, file in found)


def read_root(file: Path, name: str | None = None) -> RootType:
    """Read the root element of one XSD; `name` may be left out where it has only one.

    SubsetError also when the XSD cannot be read, or the element is not there.
    """
    try:
        schema = xmlschema.XMLSchema10(str(file))
    except (xmlschema.XMLSchemaException, OSError, SyntaxError) as error:
        raise SubsetError(f"{file.name} is no readable XSD: {type(error).__name__}") from None
    chosen = name or (next(iter(schema.elements)) if len(schema.elements) == 1 else "")
    if chosen not in schema.elements:
        raise SubsetError(f"{file.name} must have one root element")
    root = schema.elements[chosen]
    types = {_type_name(one): _read_type(one) for one in _reachable(root.type)}
    return RootType(chosen, _words(root), types)


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


def _read_type(one: XsdType) -> ObjectType | TextType:
    name = _type_name(one)
    if isinstance(one, XsdSimpleType):
        if one.base_type is None or one.base_type.local_name != "string" or one.patterns is None:
            raise SubsetError(f"{name} must restrict xs:string with a pattern")
        patterns = tuple(one.patterns.regexps)
        kind = KINDS.get(name, "string")
        return TextType(name, _words(one), _told(one, _STANDARD), patterns, one.max_length, kind)
    members = tuple(_member(element) for element in _elements(one))
    return ObjectType(name, _words(one), _told(one, _STANDARD), members)


def _member(element: XsdElement) -> Member:
    # What the member itself does not say of its standard, its type says.
    return Member(
        element.local_name,
        _type_name(element.type),
        element.min_occurs,
        element.max_occurs,
        _words(element),
        _told(element, _UNIT),
        _told(element, _STANDARD) or _told(element.type, _STANDARD),
    )


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


def _words(one: Any) -> str:
    found = (note.text or "" for block in one.annotations for note in block.documentation)
    return " ".join(text.strip() for text in found)


def _told(one: Any, source: str) -> str:
    found = (note.text for block in one.annotations for note in block.appinfo
             if note.get("source") == source)  # fmt: skip
    return next((text.strip() for text in found if text), "")
