"""Each record type: nothing is stale, examples pass in both forms, others fail by name."""

import json
from pathlib import Path
from typing import Any

import pytest

from gateway.catalogue.generate import stale
from gateway.model.refusal import Refusal
from gateway.proof.forms import read_record_xml, record_xml
from tests.support.schemas import SCHEMAS, catalogue

EXAMPLES = sorted(SCHEMAS.glob("records/*/1/examples/*.json"))
COUNTER = sorted(SCHEMAS.glob("records/*/1/counter-examples/*.json"))


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


@pytest.mark.parametrize("file", COUNTER, ids=_name)
def test_a_counter_example_fails_with_the_code_and_place_it_names(file: Path) -> None:
    counter = _read(file)
    with pytest.raises(Refusal) as refused:
        catalogue().check(counter["recordType"], counter["record"])
    expected = (counter["expect"]["code"], counter["expect"]["place"])
    assert (refused.value.code, refused.value.place) == expected
