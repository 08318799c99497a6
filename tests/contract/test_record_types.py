"""Each record type: nothing is stale, examples pass in both forms, others fail by name."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from gateway.catalogue.generate import stale
from gateway.model.refusal import Refusal
from gateway.proof.forms import read_record_xml, record_xml
from gateway.translation.identifiers import state_of
from tests.support.schemas import SCHEMAS, catalogue

EXAMPLES = sorted(SCHEMAS.glob("records/*/1/examples/*.json"))
COUNTER = sorted(SCHEMAS.glob("records/*/1/counter-examples/*.json"))

QUANTITIES = {"Integer", "Decimal"}


def _name(file: Path) -> str:
    return f"{file.parents[2].name}/{file.stem}"


def _read(file: Path) -> dict[str, Any]:
    return json.loads(file.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def test_nothing_generated_is_stale() -> None:
    assert stale(SCHEMAS) == []


@pytest.mark.parametrize("name", sorted(catalogue().types))
def test_each_type_has_three_examples_and_eight_counter_examples(name: str) -> None:
    good = [file for file in EXAMPLES if file.parents[2].name == name]
    bad = [file for file in COUNTER if file.parents[2].name == name]
    assert (len(good) >= 3, len(bad) >= 8) == (True, True)


@pytest.mark.parametrize("file", EXAMPLES, ids=_name)
def test_an_example_passes(file: Path) -> None:
    example = _read(file)
    assert catalogue().check(example["recordType"], example["record"])


@pytest.mark.parametrize("file", EXAMPLES, ids=_name)
def test_an_example_is_the_same_record_in_xml(file: Path) -> None:
    example = _read(file)
    mapping = catalogue().mapping
    octets = record_xml(mapping, example["recordType"], example["record"])
    assert read_record_xml(mapping, octets) == (example["recordType"], example["record"])


@pytest.mark.parametrize("file", [*EXAMPLES, *COUNTER], ids=_name)
def test_identifiers_are_as_checked_as_they_say(file: Path) -> None:
    for one in _identifiers(_read(file)["record"]):
        assert state_of(one["scheme"], one["value"]) == one["state"]


def _identifiers(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        if {"scheme", "value", "state"} <= node.keys():
            yield node
        for child in node.values():
            yield from _identifiers(child)
    elif isinstance(node, list):
        for child in node:
            yield from _identifiers(child)


@pytest.mark.parametrize("file", COUNTER, ids=_name)
def test_a_counter_example_fails_with_the_code_and_place_it_names(file: Path) -> None:
    counter = _read(file)
    with pytest.raises(Refusal) as refused:
        catalogue().check(counter["recordType"], counter["record"])
    expected = (counter["expect"]["code"], counter["expect"]["place"])
    assert (refused.value.code, refused.value.place) == expected


def _members() -> Iterator[tuple[str, str, list[str], list[str], list[str]]]:
    """Each member of each type: path, type, and its words, units and standards."""
    places = {"xs": "http://www.w3.org/2001/XMLSchema"}
    note = "xs:annotation/xs:appinfo[@source='urn:lmx:{}']/text()"
    for file in sorted(SCHEMAS.glob("*/**/*.xsd")):
        for one in etree.parse(file).xpath("//xs:complexType//xs:element", namespaces=places):
            holder = one.xpath("string(ancestor::xs:complexType/@name)", namespaces=places)
            found = [
                one.xpath(path, namespaces=places)
                for path in (
                    "xs:annotation/xs:documentation/text()",
                    note.format("unit"),
                    note.format("standard"),
                )
            ]
            yield f"{holder}.{one.get('name')}", one.get("type").removeprefix("lmx:"), *found


def _bare(words: str) -> str:
    return re.sub("[^a-z]", "", words.lower().removeprefix("the ").removeprefix("its "))


def test_each_member_says_what_it_means_beyond_its_name() -> None:
    silent = [
        path
        for path, _, words, _, _ in _members()
        if len(words) != 1 or _bare(words[0]) == _bare(path.split(".")[1])
    ]
    assert silent == []


def test_each_quantity_names_its_unit() -> None:
    assert [p for p, kind, _, unit, _ in _members() if kind in QUANTITIES and not unit] == []


def test_each_open_code_names_its_list() -> None:
    bare = [p for p, kind, _, _, standard in _members() if kind == "Code" and not standard]
    # A coded value names its lists in its own members, header and questions our record types, and
    # an answer a state of that type.
    own = ["CodedValue.code", "CodedValue.list", "CodedValue.listVersion", "HeaderType.recordType"]
    own += [f"StatusAnswerType.{one}" for one in ("recordType", "state")]
    own += ["StatusQueryType.recordType"]
    assert sorted(bare) == sorted(own)


@pytest.mark.parametrize("name", sorted(catalogue().types))
def test_each_member_of_a_type_stands_in_an_example(name: str) -> None:
    mapping = catalogue().mapping
    files = [file for file in EXAMPLES if file.parents[2].name == name]
    given = {key for file in files for key in _read(file)["record"]}
    assert {one.name for one in mapping.objects[mapping.roots[name]]} - given == set()
