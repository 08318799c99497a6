"""The columns of a record type, told from the compiled standard and its labels.

A column is a member path. Objects that repeat get a fixed number of columns each
(`schemas/layouts/1/repeats.csv`); codes that repeat stand in one cell, separated by commas.
"""

import csv
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gateway.catalogue.labels import LANGUAGES, Labels
from gateway.translation import names

# What a gateway works out from the number itself (R13), so that nobody has to fill it.
COMPUTED = frozenset({("Identifier", "issuer"), ("Identifier", "state")})
# What is completed when it is left out (R12).
COMPLETED = frozenset({("PersonName", "form"), ("PersonName", "full")})
FREE_TEXTS = frozenset({"Text", "LongText"})
_DASHES = re.compile(r"\s*[-\u2010-\u2015]\s*")
_USUAL_REPEATS = 2

Definitions = Mapping[str, Any]


# Told apart by identity: a record type makes each column once, and they are keys on the hot path.
@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One column.

    key: member path with numbers from 1, `person/name/1/family`. words: label keys of its heading
    with their numbers, 0 for none. owner: the type whose member it is. several: several codes in
    one cell. needed: every row must fill it. seldom: folded away in a template.
    """

    key: str
    words: tuple[tuple[str, int], ...]
    owner: str
    member: str
    type_name: str
    several: bool = False
    needed: bool = False
    seldom: bool = False

    def heading(self, labels: Labels, language: str) -> str:
        """The heading in a language: `Worker – Name 1 – Family name`.

        A word that only repeats the one before it is left out: `Employer – Name 1`.
        """
        told: list[str] = []
        before = ""
        for key, number in self.words:
            word = labels.text(key, language)
            if word != before or number:
                told.append(f"{word} {number}" if number else word)
            before = word
        return " – ".join(told)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A member that is one column."""

    column: Column


@dataclass(frozen=True, slots=True)
class Group:
    """An object with members; `presence` tells that it is there when it may be empty."""

    type_name: str
    members: Mapping[str, "Node"]
    presence: Column | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """An object or text that repeats, in a fixed number of places."""

    items: tuple["Node", ...]


Node = Leaf | Group | Series


def leaves(node: Node) -> Iterator[Column]:
    """The columns below a node, in the order of the standard."""
    if isinstance(node, Leaf):
        yield node.column
    elif isinstance(node, Series):
        for item in node.items:
            yield from leaves(item)
    else:
        if node.presence is not None:
            yield node.presence
        for member in node.members.values():
            yield from leaves(member)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the compiler is: the path so far, and what the columns below inherit."""

    key: tuple[str, ...]
    words: tuple[tuple[str, int], ...]
    needed: bool
    seldom: bool


class Compiler:
    """Makes the tree of columns of one record type."""

    def __init__(self, schemas: Path, definitions: Definitions) -> None:
        """definitions: `$defs` of the generated JSON Schema of the type."""
        folder = schemas / "layouts" / "1"
        self._definitions = definitions
        self._repeats = {
            (row["type"], row["member"]): int(row["columns"])
            for row in rows_of(folder / "repeats.csv")
        }
        self._seldom = {
            (row["type"], row["member"]) for row in rows_of(folder / "seldom.csv")
        } | COMPLETED

    def root(self, type_name: str) -> Group:
        """The tree of a record."""
        return self._group(type_name, _Place((), (), needed=True, seldom=False), None)

    def _group(self, type_name: str, place: _Place, presence: Column | None) -> Group:
        definition = self._definitions[type_name]
        members = {
            name: self._member(type_name, name, told, place)
            for name, told in definition["properties"].items()
            if (type_name, name) not in COMPUTED
        }
        return Group(type_name, members, presence)

    def _member(self, owner: str, name: str, told: dict[str, Any], place: _Place) -> Node:
        required = name in self._definitions[owner]["required"]
        here = (owner, name)
        inner = _Place(
            (*place.key, name),
            (*place.words, (f"member/{owner}/{name}", 0)),
            place.needed and required and here not in COMPLETED,
            place.seldom or here in self._seldom,
        )
        if "items" not in told:
            return self._single(here, _referred(told), inner, required=required)
        type_name = _referred(told["items"])
        if "properties" not in self._definitions[type_name] and type_name not in FREE_TEXTS:
            return self._leaf(here, type_name, inner, several=True)
        count = self._repeats.get(here, _USUAL_REPEATS)
        items = (
            self._single(here, type_name, _numbered(inner, number, count), required=True)
            for number in range(1, count + 1)
        )
        return Series(tuple(items))

    def _single(
        self, here: tuple[str, str], type_name: str, place: _Place, *, required: bool
    ) -> Node:
        definition = self._definitions[type_name]
        if "properties" not in definition or type_name == "PartialDate":
            return self._leaf(here, type_name, place, several=False)
        presence = None
        # An object with one optional member says something even when it is empty: a ban.
        if len(definition["properties"]) == 1 and not definition["required"] and not required:
            presence = self._leaf(here, "Boolean", place, several=False).column
        return self._group(type_name, place, presence)

    def _leaf(self, here: tuple[str, str], type_name: str, place: _Place, *, several: bool) -> Leaf:
        return Leaf(
            Column(
                "/".join(place.key),
                place.words,
                *here,
                type_name,
                several=several,
                needed=place.needed,
                seldom=place.seldom,
            )
        )


def _numbered(place: _Place, number: int, count: int) -> _Place:
    *outer, (label, _) = place.words
    told = number if count > 1 else 0
    return _Place(
        (*place.key, str(number)),
        (*outer, (label, told)),
        place.needed and number == 1,
        place.seldom or number > 1,
    )


def _referred(told: dict[str, Any]) -> str:
    return str(told["$ref"]).rpartition("/")[2]


def rows_of(file: Path) -> list[dict[str, str]]:
    """The rows of a data file."""
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def load_definitions(schemas: Path, record_type: str) -> Definitions:
    """`$defs` of the generated JSON Schema of a record type."""
    file = schemas / "generated" / f"{record_type}.schema.json"
    found: Definitions = json.loads(file.read_bytes())["$defs"]
    return found


def folded(text: str) -> str:
    """A heading or word as it compares: case, blanks, dashes, apostrophes and stars do not."""
    plain = names.unified(names.normal(text.replace("*", " "))).replace("\u02bb", "\u02bc")
    return _DASHES.sub("-", plain).casefold().rstrip(": ")


def headings(columns: list[Column], labels: Labels) -> dict[str, tuple[Column, str]]:
    """Folded heading of any language → column and language. ValueError when two columns share one.

    A machine may also write the column's key.
    """
    found: dict[str, tuple[Column, str]] = {}
    for column in columns:
        told = [(column.heading(labels, one), one) for one in LANGUAGES]
        for heading, language in [*told, (column.key, "en")]:
            known, _ = found.setdefault(folded(heading), (column, language))
            if known is not column:
                message = f"two columns share a heading: {known.key}, {column.key}, {language}"
                raise ValueError(message)
    return found
