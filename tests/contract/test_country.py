"""Every country that stands in a folder keeps the same promises; nothing here names one."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gateway.catalogue import load_catalogue
from gateway.translation import Reading, load_countries, read, write
from gateway.translation.identifiers import state_of
from gateway.translation.media.foreign import open_foreign
from gateway.translation.paths import leaves
from gateway.translation.warning_texts import warning_text

ROOT = Path(__file__).resolve().parents[2]
COUNTRIES = load_countries(ROOT / "adapters")
CATALOGUE = load_catalogue(ROOT / "schemas")
AT = datetime(2026, 11, 24, tzinfo=UTC)
# While a country is being made, LMX_COUNTRY=mn tests its samples alone, towards every layout.
FOLDERS = sorted(
    path.parent
    for path in (ROOT / "adapters").glob("*/country.toml")
    if os.environ.get("LMX_COUNTRY", path.parent.name) == path.parent.name
)
SAMPLES = sorted(path for folder in FOLDERS for path in (folder / "samples").iterdir())
every_sample = pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
every_layout = pytest.mark.parametrize("layout", COUNTRIES.names())
own_layout = pytest.mark.parametrize(
    "layout",
    [
        name
        for name in COUNTRIES.names()
        if COUNTRIES.named(name).country.lower() in {folder.name for folder in FOLDERS}
    ],
)


def reading_of(data: bytes, layout: str | None = None) -> Reading:
    return read(data, layout, COUNTRIES, CATALOGUE, at=AT)


def records_of(reading: Reading) -> list[dict[str, Any]]:
    return [result.record for result in reading.results if result.record is not None]


def again(sample: Path) -> tuple[Reading, list[Reading], list[bytes]]:
    """A sample read, and what is read from the files written of its records."""
    first = reading_of(sample.read_bytes())
    assert first.layout is not None
    adapter = COUNTRIES.named(first.layout)
    triples = [(adapter.record_type, record, adapter.country) for record in records_of(first)]
    groups = [triples] if adapter.layout.medium.many else [[triple] for triple in triples]
    written = [write(group, first.layout, COUNTRIES).data for group in groups]
    return first, [reading_of(data) for data in written], written


@own_layout
def test_every_layout_has_a_sample(layout: str) -> None:
    assert layout in {reading_of(sample.read_bytes()).layout for sample in SAMPLES}


@every_sample
def test_sample_is_recognised_by_one_layout_of_its_folder(sample: Path) -> None:
    assert COUNTRIES.detect(sample.read_bytes()).country.lower() == sample.parent.parent.name


@every_sample
def test_sample_becomes_records_of_the_catalogue(sample: Path) -> None:
    reading = reading_of(sample.read_bytes())
    assert reading.status == "ok"
    for record in records_of(reading):
        CATALOGUE.check(reading.results[0].record_type, record)


@every_sample
def test_native_to_common_to_native_keeps_every_record(sample: Path) -> None:
    first, second, _ = again(sample)
    degraded = first.encoding_profile == "degraded"
    wanted = [with_plain_names(record) for record in records_of(first)]
    assert [with_plain_names(r) for reading in second for r in records_of(reading)] == wanted
    assert degraded == any(w.code == "NAME-DEGRADED" for r in first.results for w in r.warnings)


def with_plain_names(record: dict[str, Any]) -> dict[str, Any]:
    """A record whose degraded names count as native: a file written anew is UTF-8."""
    if "person" not in record:
        return record
    names = [
        name | {"form": name["form"].replace("degraded", "native")}
        for name in record["person"]["name"]
    ]
    return record | {"person": record["person"] | {"name": names}}


@every_sample
def test_what_is_not_listed_as_residue_is_written_again(sample: Path) -> None:
    first, _, written = again(sample)
    assert first.layout is not None
    medium = COUNTRIES.named(first.layout).layout.medium
    opened = medium.open(open_foreign(sample.read_bytes(), COUNTRIES.encodings))
    residue = {path for result in first.results for path in result.residue}
    residue |= {
        f"{opened.root}/{path}" for path in COUNTRIES.named(first.layout).layout.told_elsewhere
    }
    made = [medium.open(open_foreign(data, COUNTRIES.encodings)).rows for data in written]
    produced = [{path for path, _ in leaves(tree)} for rows in made for _, tree in rows]
    for (number, tree), paths in zip(opened.rows, produced, strict=True):
        root = opened.root.replace("#", str(number - 1))
        said = {bare(p) for p, _ in leaves(tree) if root + p not in residue}
        assert said - {bare(p) for p in paths} <= said_by_nothing(tree)


def bare(path: str) -> str:
    """A path without places in lists: several native rows may be one record, and written as one."""
    return "/".join(part for part in path.split("/") if not part.isdigit())


def said_by_nothing(tree: dict[str, Any]) -> set[str]:
    """Native parts that say that there is nothing: dashes and fees of zero."""
    return {bare(path) for path, value in leaves(tree) if str(value) in {"—", "0"}}


@every_sample
def test_every_warning_has_words(sample: Path) -> None:
    reading = reading_of(sample.read_bytes())
    assert all(warning_text(w.code) for r in reading.results for w in r.warnings)


@every_sample
def test_identifiers_of_samples_are_right(sample: Path) -> None:
    for record in records_of(reading_of(sample.read_bytes())):
        for identifier in identifiers_in(record):
            assert state_of(identifier["scheme"], identifier["value"]) == identifier["state"]


def identifiers_in(node: Any) -> Iterator[dict[str, str]]:
    """Every identifier of a record, whoever holds it, but for those known to be wrong."""
    if isinstance(node, list):
        for element in node:
            yield from identifiers_in(element)
    elif isinstance(node, dict):
        for name, member in node.items():
            if name == "identifier":
                yield from (one for one in member if one["state"] != "failed")
            else:
                yield from identifiers_in(member)


@every_sample
@every_layout
def test_crossing_gives_a_readable_file_or_a_refusal_by_code(sample: Path, layout: str) -> None:
    first = reading_of(sample.read_bytes())
    assert first.layout is not None
    source, target = COUNTRIES.named(first.layout), COUNTRIES.named(layout)
    for record in records_of(first):
        triple = (source.record_type, record, source.country)
        if target.layout.unfit([triple]):
            continue
        produced = reading_of(write([triple], layout, COUNTRIES).data)
        assert produced.layout == layout
        assert produced.status == "ok", produced
