"""Records made from the schema: two forms with the same bytes, and every judge of one mind."""

import json
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest
from hypothesis import given

from gateway.model.refusal import Refusal
from gateway.proof.forms import (
    NAMESPACE,
    FormMapping,
    read_record_xml,
    record_json,
    record_xml,
    require_canonical_xml,
)
from tests.support.judges import json_verdicts, xml_verdicts, xmllint_refused
from tests.support.schemas import SCHEMAS, catalogue
from tests.support.strategies import generated, likely_records, records

TYPES = sorted(catalogue().types)
FILES = sorted(SCHEMAS.glob("records/*/1/*examples/*.json"))


def _name(file: Path) -> str:
    return f"{file.parents[2].name}/{file.parent.name}/{file.stem}"


@pytest.mark.parametrize("record_type", TYPES)
def test_a_generated_record_is_the_same_bytes_in_both_forms(record_type: str) -> None:
    mapping = catalogue().mapping

    @generated
    @given(records(record_type))
    def holds(record: dict[str, Any]) -> None:
        octets = record_xml(mapping, record_type, record)
        back_type, back = require_canonical_xml(mapping, octets)
        assert (back_type, record_json(back)) == (record_type, record_json(record))
        assert record_xml(mapping, record_type, json.loads(record_json(back))) == octets

    holds()


@pytest.mark.parametrize("strategy", [records, likely_records], ids=lambda one: one.__name__)
@pytest.mark.parametrize("record_type", TYPES)
def test_every_judge_accepts_a_generated_record(
    record_type: str, strategy: Any, tmp_path: Path
) -> None:
    written: list[bytes] = []

    @generated
    @given(strategy(record_type))
    def holds(record: dict[str, Any]) -> None:
        octets = catalogue().check(record_type, record)
        said = json_verdicts(record_type, record) | xml_verdicts(record_type, octets)
        assert [judge for judge, right in said.items() if not right] == []
        written.append(octets)

    holds()
    assert xmllint_refused(record_type, tmp_path, written) == set()


@pytest.mark.parametrize("file", FILES, ids=_name)
def test_the_judges_agree_on_an_example_and_a_counter_example(file: Path, tmp_path: Path) -> None:
    told = json.loads(file.read_text("utf-8"))
    record_type, record = told["recordType"], told["record"]
    refused = told.get("expect", {}).get("code") == "record.schema"
    assert set(json_verdicts(record_type, record).values()) == {not refused}
    octets = _loose_xml(catalogue().mapping, record_type, record)
    said = xml_verdicts(record_type, octets)
    said["xmllint"] = xmllint_refused(record_type, tmp_path, [octets]) == set()
    said["what XML can say of it"] = not refused or _right_when_read(record_type, octets)
    assert len(set(said.values())) == 1, said


def _right_when_read(record_type: str, octets: bytes) -> bool:
    """Whether a refused record is right once it went through XML, which has no kinds of values."""
    try:
        _, record = read_record_xml(catalogue().mapping, octets)
    except Refusal:
        return False
    return all(json_verdicts(record_type, record).values())


def _loose_xml(mapping: FormMapping, record_type: str, record: dict[str, Any]) -> bytes:
    """The XML of any JSON object, right or wrong, members in the order of the schema."""
    inner = _loose(mapping, mapping.roots[record_type], record)
    return f'<{record_type} xmlns="{NAMESPACE}">{inner}</{record_type}>'.encode()


def _loose(mapping: FormMapping, type_name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, dict):
        return escape(str(value))
    kinds = {one.name: one.type_name for one in mapping.objects.get(type_name, ())}
    order = [name for name in kinds if name in value]
    order += [name for name in value if name not in kinds]
    parts = []
    for name in order:
        inner = value[name] if isinstance(value[name], list) else [value[name]]
        texts = (_loose(mapping, kinds.get(name, ""), one) for one in inner)
        parts += [f"<{name}>{text}</{name}>" for text in texts]
    return "".join(parts)
