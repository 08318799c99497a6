"""The record types this gateway knows, with compiled validators for the hot path."""

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema_rs
from lxml import etree

from gateway.catalogue.coded_members import CodedMembers
from gateway.catalogue.codelists import CodeLists
from gateway.catalogue.folders import query_folders, record_folders
from gateway.catalogue.recipients import RecipientPath, concerned, load_recipients
from gateway.catalogue.rules import Rule, Walk, check_rules, load_rules, walker
from gateway.model.refusal import Refusal
from gateway.proof.forms import FormMapping, load_mapping, record_xml


class Usual(NamedTuple):
    """A usual member (R30) and, where there is one, the member that may stand instead."""

    path: str
    found: Walk
    instead: Walk | None


@dataclass(frozen=True, slots=True)
class RecordType:
    """One record type, version 1: its validators and its data beside the XSD."""

    name: str
    folder: Path
    json_validator: jsonschema_rs.Draft202012Validator
    xml_validator: etree.XMLSchema
    rules: tuple[Rule, ...]
    usual: tuple["Usual", ...]
    recipients: tuple[RecipientPath, ...]
    transitions: frozenset[tuple[str, str]]
    sensitivity: int


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All record types, the mapping between their two forms, and the common code lists.

    forms: a question and its answer, which are sealed like records and are none.
    """

    types: Mapping[str, RecordType]
    forms: Mapping[str, RecordType]
    mapping: FormMapping
    lists: CodeLists
    coded: CodedMembers

    def check(self, record_type: str, record: dict[str, Any]) -> bytes:
        """Give the canonical XML of a record that meets both schemas and all its rules.

        Refuses `record.type-unknown`, `record.schema`, `record.rule`, with the place.
        """
        found = self.check_json(record_type, record)
        return _checked_xml(found, record_xml(self.mapping, record_type, record))

    def check_forms(self, record_type: str, record: dict[str, Any], octets: bytes) -> None:
        """Check the same of a record whose canonical XML is at hand."""
        _checked_xml(self.check_json(record_type, record), octets)

    def check_json(self, record_type: str, record: dict[str, Any]) -> RecordType:
        """Give the type of a record whose JSON form meets its schema and all its rules.

        For a record in the making; before it is sealed `check` judges both forms. Refuses as
        `check`.
        """
        found = self.record_type(record_type)
        try:
            valid = found.json_validator.is_valid(record)
        except UnicodeEncodeError:
            rule = "a text holds no half of a surrogate pair: neither form could carry it"
            raise Refusal("record.schema", step="validate", rule=rule, place="/") from None
        if not valid:
            raise _json_reason(found, record)
        check_rules(found.rules, record)
        return found

    def missing_usual(self, record_type: str, record: dict[str, Any]) -> list[str]:
        """Name the usual members that are absent (R30), as paths below the record."""
        return [
            path
            for path, found, instead in self.record_type(record_type).usual
            if not found(record) and not (instead is not None and instead(record))
        ]

    def unlisted(self, record_type: str, record: dict[str, Any]) -> list[str]:
        """Name the codes that their list does not hold, as paths below the record."""
        return self.coded.unlisted(record_type, record)

    def recipients(self, record_type: str, record: dict[str, Any], origin: str) -> frozenset[str]:
        """Give the alpha-2 codes of the states a record concerns (R29); origin: the sender's."""
        return concerned(self.record_type(record_type).recipients, record, origin)

    def record_type(self, name: str) -> RecordType:
        """Give one type. Refuses `record.type-unknown`."""
        found = self.types.get(name) or self.forms.get(name)
        if found is None:
            raise Refusal(
                "record.type-unknown",
                step="validate",
                rule=f"the record type must be one of {', '.join(sorted(self.types))}",
                place="recordType",
            )
        return found


def load_catalogue(schemas: Path) -> Catalogue:
    """Read and compile all of `schemas/`; meant to be called once, at start."""
    mapping = load_mapping((schemas / "generated" / "mapping.json").read_bytes())
    types = {folder.parent.name: _load(schemas, folder) for folder in record_folders(schemas)}
    forms = {folder.parent.name: _load(schemas, folder) for folder in query_folders(schemas)}
    lists = CodeLists(schemas / "codelists")
    return Catalogue(types, forms, mapping, lists, CodedMembers(mapping, lists))


def _load(schemas: Path, folder: Path) -> RecordType:
    name = folder.parent.name
    document = json.loads((schemas / "generated" / f"{name}.schema.json").read_bytes())
    about = json.loads((folder / "about.json").read_bytes())
    return RecordType(
        name,
        folder,
        jsonschema_rs.Draft202012Validator(document),
        etree.XMLSchema(etree.parse(folder / "record.xsd")),
        load_rules(folder / "rules.csv"),
        tuple(map(_usual, _rows(folder / "usual.csv"))),
        load_recipients(folder / "recipients.csv"),
        frozenset((row["from"], row["to"]) for row in _rows(folder / "states.csv")),
        about["sensitivity"],
    )


def _usual(row: dict[str, str]) -> Usual:
    instead = walker(row["instead"]) if row["instead"] else None
    return Usual(row["member"], walker(row["member"]), instead)


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _tree(octets: bytes) -> etree._Element:
    # Our own canonical bytes, so the plain parser is enough here.
    return etree.XML(octets)


def _json_reason(found: RecordType, record: dict[str, Any]) -> Refusal:
    # The first error by path; its message may quote the value, so only its kind is told.
    first = min(found.json_validator.iter_errors(record), key=lambda one: str(one.instance_path))
    place = "/" + "/".join(str(step) for step in first.instance_path)
    keyword = str(first.schema_path[-1])
    rules = {
        "required": "a mandatory member is missing here",
        "additionalProperties": "a member stands here that the type does not have",
        "pattern": "the value must have the form its type names",
        "type": "the value must be of the kind its type names",
        "maxLength": "the text is longer than its type allows",
        "minItems": "an absent member is left out, never an empty list",
        "maxItems": "more values stand here than the type allows",
    }
    rule = rules.get(keyword, f"the schema keyword {keyword} is not met")
    return Refusal("record.schema", step="validate", rule=rule, place=place)


def _checked_xml(record_type: RecordType, octets: bytes) -> bytes:
    # libxml2 is asked too, since it judges the form that an XML authority receives.
    if not record_type.xml_validator.validate(_tree(octets)):
        raise _xml_reason(record_type, octets)
    return octets


def _xml_reason(found: RecordType, octets: bytes) -> Refusal:
    # Imported here: it costs a quarter of a process's start and only a refusal needs it.
    import xmlschema  # noqa: PLC0415

    schema = xmlschema.XMLSchema10(str(found.folder / "record.xsd"))
    error = next(iter(schema.iter_errors(octets.decode("utf-8"))), None)
    place = str(error.path) if error is not None else f"/{found.name}"
    return Refusal(
        "record.schema",
        step="validate",
        rule="the XML form must meet the XSD at this place",
        place=place,
    )
