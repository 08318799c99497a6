"""One record, two forms: a bijection, and canonical by an independent canonicaliser."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from gateway.model.refusal import Refusal
from gateway.proof.forms import (
    read_record_xml,
    record_json,
    record_xml,
    require_canonical_xml,
)
from gateway.proof.strict_json import parse
from gateway.proof.strict_xml import exclusive_c14n, parse_signed
from tests.support.schemas import catalogue

MAPPING = catalogue().mapping
XML_CHARACTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn"))
TEXTS = st.text(XML_CHARACTERS, min_size=1, max_size=20)


def _values(type_name: str) -> st.SearchStrategy[Any]:
    members = MAPPING.objects.get(type_name)
    if members is None:
        kinds = {"string": TEXTS, "integer": st.integers(0, 10**15 - 1), "boolean": st.booleans()}
        return kinds[MAPPING.kinds[type_name]]
    optional = {
        one.name: st.lists(_values(one.type_name), min_size=1, max_size=2)
        if one.repeats
        else _values(one.type_name)
        for one in members
    }
    return st.fixed_dictionaries({}, optional=optional)


RECORDS = _values(MAPPING.roots["MovementEvent"])


@given(RECORDS)
def test_a_record_comes_back_from_its_xml(record: dict[str, Any]) -> None:
    octets = record_xml(MAPPING, "MovementEvent", record)
    assert read_record_xml(MAPPING, octets) == ("MovementEvent", record)


@given(RECORDS)
def test_a_record_comes_back_from_its_json(record: dict[str, Any]) -> None:
    assert parse(record_json(record)) == record


@given(RECORDS)
def test_the_xml_is_canonical_as_libxml2_writes_it(record: dict[str, Any]) -> None:
    octets = record_xml(MAPPING, "MovementEvent", record)
    assert exclusive_c14n(parse_signed(octets)) == octets


def test_white_space_between_elements_is_no_part_of_a_record() -> None:
    octets = b'<MovementEvent xmlns="urn:lmx:1">\n  <kind>exit</kind>\n</MovementEvent>'
    assert read_record_xml(MAPPING, octets) == ("MovementEvent", {"kind": "exit"})


def test_sealed_xml_laid_out_otherwise_is_refused() -> None:
    octets = b'<MovementEvent xmlns="urn:lmx:1"> <kind>exit</kind></MovementEvent>'
    with pytest.raises(Refusal, match=r"xml\.not-canonical"):
        require_canonical_xml(MAPPING, octets)


@pytest.mark.parametrize(
    "inner",
    [
        "<kind a='1'>exit</kind>",
        "<kind>exit</kind><kind>exit</kind>",
        "<other>1</other>",
        "text<kind>exit</kind>",
        "<kind><x>1</x></kind>",
        "<organised>yes</organised>",
        "<kind xmlns=''>exit</kind>",
    ],
    ids=["attribute", "twice", "unknown", "mixed", "nested", "Boolean", "namespace"],
)
def test_xml_outside_the_subset_is_refused(inner: str) -> None:
    octets = f'<MovementEvent xmlns="urn:lmx:1">{inner}</MovementEvent>'.encode()
    with pytest.raises(Refusal) as refused:
        read_record_xml(MAPPING, octets)
    assert refused.value.code in {"record.schema", "xml.profile"}


def test_an_unknown_type_is_refused() -> None:
    with pytest.raises(Refusal, match=r"record\.type-unknown"):
        record_xml(MAPPING, "Passport", {})


def test_the_root_is_in_our_namespace() -> None:
    assert etree.QName(parse_signed(record_xml(MAPPING, "MovementEvent", {}))).namespace == (
        "urn:lmx:1"
    )
