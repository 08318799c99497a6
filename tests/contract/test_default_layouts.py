"""Every record type goes through its default layout and comes back, in each form and language."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from gateway.catalogue import load_catalogue
from gateway.catalogue.labels import LANGUAGES, load_labels
from gateway.translation import Reading, load_countries, read, write
from gateway.translation.default.compiled import compile_all, kebab

ROOT = Path(__file__).resolve().parents[2]
SCHEMAS = ROOT / "schemas"
COUNTRIES = load_countries(ROOT / "adapters")
CATALOGUE = load_catalogue(SCHEMAS)
COMPILED = compile_all(SCHEMAS, load_labels(SCHEMAS))
EXAMPLES = sorted(SCHEMAS.glob("records/*/1/examples/*.json"))
every_example = pytest.mark.parametrize(
    "example", EXAMPLES, ids=lambda file: f"{file.parents[2].name}/{file.stem}"
)
every_type = pytest.mark.parametrize("kind", sorted(COMPILED))
every_form = pytest.mark.parametrize("form", ["", ".xlsx", ".json", ".xlsx.tg", ".xlsx.uz"])


def told(example: Path) -> tuple[str, dict[str, Any]]:
    whole = json.loads(example.read_bytes())
    return whole["recordType"], whole["record"]


def read_back(data: bytes) -> Reading:
    return read(data, None, COUNTRIES, CATALOGUE)


def without(record: Any, lost: set[str], pointer: str = "") -> Any:
    """A record without what was told as lost."""
    if isinstance(record, dict):
        kept = {
            name: without(member, lost, f"{pointer}/{name}")
            for name, member in record.items()
            if f"/record{pointer}/{name}" not in lost
        }
        return {name: member for name, member in kept.items() if member != []}
    if isinstance(record, list):
        return [
            without(item, lost, f"{pointer}/{place}")
            for place, item in enumerate(record)
            if f"/record{pointer}/{place}" not in lost
        ]
    return record


@every_form
@every_example
def test_record_written_and_read_is_equal_but_for_what_is_told(example: Path, form: str) -> None:
    record_type, record = told(example)
    written = write([(record_type, record, "KZ")], f"default.{kebab(record_type)}{form}", COUNTRIES)
    reading = read_back(written.data)
    assert reading.layout == f"default.{kebab(record_type)}"
    assert [result.errors for result in reading.results] == [()]
    (result,) = reading.results
    lost = set(written.residue)
    assert without(result.record, lost) == without(record, lost)
    assert result.residue == ()


@pytest.mark.parametrize("language", LANGUAGES)
@every_type
def test_headings_of_every_language_are_read(kind: str, language: str) -> None:
    example = next(file for file in EXAMPLES if kebab(file.parents[2].name) == kind)
    record_type, record = told(example)
    name = f"default.{kind}" if language == "en" else f"default.{kind}.{language}"
    written = write([(record_type, record, "KZ")], name, COUNTRIES)
    (result,) = read_back(written.data).results
    lost = set(written.residue)
    assert without(result.record, lost) == without(record, lost)


@every_type
def test_headings_of_all_languages_name_one_column_each(kind: str) -> None:
    compiled = COMPILED[kind]
    assert {column for column, _ in compiled.by_heading.values()} == set(compiled.columns)


@every_type
def test_words_of_a_list_name_one_code_each(kind: str) -> None:
    compiled = COMPILED[kind]
    for column in compiled.columns:
        choices = compiled.cells.choices(column)
        if choices is None or choices.named or choices.list_name:
            continue
        for language in LANGUAGES:
            for code in choices.codes:
                assert choices.read(choices.shown(code, language)) == code


def table_of(record_type: str, cells: dict[str, str]) -> bytes:
    """A table of one row whose headings are column keys."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerows([[f"lmx:{record_type}:1"], ["", *cells], ["", *cells.values()]])
    return text.getvalue().encode()
