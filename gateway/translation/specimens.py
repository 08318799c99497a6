"""Records as full as they come: examples of the standard and samples of all layouts, made fuller.

A record is filled with members that others of its type have, then with values that the schema
allows, as long as the standard takes it. What it says is nonsense, but it stands everywhere.
"""

import copy
import json
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from gateway.catalogue import Catalogue
from gateway.model.refusal import Refusal
from gateway.translation.countries import Countries
from gateway.translation.read import read
from gateway.translation.reading import Record

# Values for members that no example and no sample has, by type; the schema judges them.
_VALUES = {
    "Boolean": True,
    "Code": "7112",
    "CountryCode": "RUS",
    "CurrencyCode": "RUB",
    "Date": "2026-06-30",
    "Decimal": "12.50",
    "Integer": 2,
    "LanguageCode": "rus",
    "LongText": "Образец",
    "ScriptCode": "Cyrl",
    "SubdivisionCode": "RU-MOW",
    "Text": "Образец",
}
# Numbers with check digits and papers are taken from samples only.
_PARTIES = frozenset({"name", "identifier"})
# These belong to whoever has them: with the address of another, a number would be of no country.
_OWN = frozenset({"identifier", "document", "name", "address", "activity"})
_NOT_MADE = frozenset({"identifier", "document"})
_ALTERNATIVES = re.compile(r"\^\(\?:\(\?:([A-Za-z0-9|]+)\)\)\$")
# By the first of these that an element of a list has, it is told from its neighbours.
MARKS = ("form", "scheme", "kind", "lang")


def specimens(
    countries: Countries, catalogue: Catalogue, adapters_dir: Path, *, at: datetime
) -> dict[str, list[Record]]:
    """Give distinct records by type: plain ones first, then each filled from all the others."""
    found: dict[str, list[Record]] = {name: [] for name in sorted(catalogue.types)}
    for name, records in found.items():
        for file in sorted((catalogue.record_type(name).folder / "examples").glob("*.json")):
            records.append(json.loads(file.read_bytes())["record"])
    for _, record_type, record in sample_records(countries, catalogue, adapters_dir, at=at):
        found[record_type].append(record)
    for name, records in found.items():
        filled = [_filled(record, records, name, catalogue) for record in records]
        found[name] = distinct([*records, *filled, *_in_every_state(filled, name, catalogue)])
    return found


def sample_records(
    countries: Countries, catalogue: Catalogue, adapters_dir: Path, *, at: datetime
) -> Iterator[tuple[str, str, Record]]:
    """(layout, record type, record) of every sample that can be read, folder by folder."""
    for file in sorted(adapters_dir.glob("*/samples/*")):
        for result in read(file.read_bytes(), None, countries, catalogue, at=at).results:
            if result.record is not None:
                yield result.source.layout, result.record_type, result.record


def distinct(records: Sequence[Record]) -> list[Record]:
    """The records without repetitions, in their order."""
    found: dict[str, Record] = {}
    for record in records:
        found.setdefault(json.dumps(record, sort_keys=True), record)
    return list(found.values())


def _filled(
    record: Record, others: Sequence[Record], record_type: str, catalogue: Catalogue
) -> Record:
    full = copy.deepcopy(record)
    for other in others:
        _fill(full, other, record_type, catalogue)
    return full


def _fill(record: Record, other: Any, record_type: str, catalogue: Catalogue) -> None:
    for node, name, value in list(_absent(record, other)):
        node[name] = copy.deepcopy(value)
        if not _stands(record_type, record, catalogue):
            del node[name]


def _stands(record_type: str, record: Record, catalogue: Catalogue) -> bool:
    try:
        catalogue.check_json(record_type, record)
    except Refusal:
        return False
    return True


def _in_every_state(
    filled: Sequence[Record], record_type: str, catalogue: Catalogue
) -> Iterator[Record]:
    """The fullest record once in each state, with the members that no other record has."""
    if not filled:
        return
    schema = _schema(record_type, catalogue)
    fullest = max(filled, key=lambda record: len(json.dumps(record)))
    pairs = catalogue.record_type(record_type).transitions
    made = _made(schema, schema["$ref"].rpartition("/")[2])
    for state in sorted({state for pair in pairs for state in pair if state}):
        record = copy.deepcopy(fullest) | {"state": state}
        _fill(record, made, record_type, catalogue)
        if _stands(record_type, record, catalogue):
            yield record


def _schema(record_type: str, catalogue: Catalogue) -> dict[str, Any]:
    folder = catalogue.record_type(record_type).folder.parents[2]
    found: dict[str, Any] = json.loads(
        (folder / "generated" / f"{record_type}.schema.json").read_bytes()
    )
    return found


def _made(schema: dict[str, Any], type_name: str) -> Any:
    """A value of a type, with every member that can be made; None when none can."""
    told = schema["$defs"][type_name]
    if told["type"] != "object":
        alternatives = _ALTERNATIVES.fullmatch(told.get("pattern", ""))
        first = alternatives[1].partition("|")[0] if alternatives else None
        return _VALUES.get(type_name, first)
    made = {}
    for name, place in told["properties"].items():
        inner = place.get("items", place)["$ref"].rpartition("/")[2]
        value = None if name in _NOT_MADE else _made(schema, inner)
        if value is not None:
            made[name] = [value] if "items" in place else value
    return made or None


def _absent(node: Record, other: Record) -> Iterator[tuple[Record, str, Any]]:
    """(object of `node`, member that it lacks, the value that `other` has there).

    Persons and organisations are filled too; names, papers, addresses and codes are left whole,
    since half of one and half of another would mean nothing.
    """
    for name, value in other.items():
        if name not in node:
            yield node, name, value
        elif isinstance(value, dict) and _PARTIES & {*value, *node[name]}:
            theirs = {one: it for one, it in value.items() if one not in _OWN}
            yield from _absent(node[name], theirs)


def mark_of(element: Any) -> str:
    """What tells an element of a list from its neighbours, or nothing."""
    if isinstance(element, dict):
        return next((str(element[name]) for name in MARKS if name in element), "")
    return ""
