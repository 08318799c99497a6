"""Remittance statistics as SDMX: both forms, both ways, and refusals with row and column."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.sdmx.structure import ATTRIBUTES, DIMENSIONS, MEASURE
from gateway.catalogue import load_catalogue
from gateway.catalogue.sdmx_structure import remittances
from gateway.model.refusal import Refusal
from gateway.translation import Reading, Stamp, load_countries, read, write

ROOT = Path(__file__).resolve().parents[2]
COUNTRIES = load_countries(ROOT / "adapters")
CATALOGUE = load_catalogue(ROOT / "schemas")
SAMPLES = sorted((ROOT / "adapters" / "sdmx" / "samples").iterdir())
EXAMPLES = sorted((ROOT / "schemas/records/RemittanceStatistic/1/examples").glob("*.json"))
LAYOUTS = ("sdmx.remittances-csv", "sdmx.remittances-json")
STAMP = Stamp("0190a1b2-0000-7000-8000-000000000001", "2026-11-25T02:00:00Z")
HEADING = f"STRUCTURE,STRUCTURE_ID,ACTION,{','.join((*DIMENSIONS, MEASURE, *ATTRIBUTES))}"
ROW = {
    "STRUCTURE": "dataflow",
    "STRUCTURE_ID": "LMX:REMITTANCES(1.0.0)",
    "ACTION": "I",
    "FREQ": "Q",
    "REF_AREA": "UZ",
    "COUNTERPART_AREA": "KZ",
    "ACCOUNTING_ENTRY": "C",
    "INT_ACC_ITEM": "D752",
    "INSTRUMENT": "cash",
    "CHANNEL": "bank",
    "TIME_PERIOD": "2026-Q2",
    "OBS_VALUE": "198750000.00",
    "UNIT_MEASURE": "USD",
    "UNIT_MULT": "0",
    "OBS_STATUS": "P",
    "REVISION": "",
    "CONF_STATUS": "F",
    "METHOD": "settlement",
    "VINTAGE": "2026-08-15",
    "EMBARGO_DATE": "2026-09-01",
    "SOURCE": "Central bank",
}
every_layout = pytest.mark.parametrize("layout", LAYOUTS)


def reading_of(data: bytes, layout: str | None = None) -> Reading:
    return read(data, layout, COUNTRIES, CATALOGUE)


def csv_of(*changes: dict[str, str]) -> bytes:
    lines = [",".join((ROW | change).values()) for change in changes]
    return "\r\n".join([HEADING, *lines, ""]).encode()


def record_of(change: dict[str, str]) -> dict[str, Any]:
    (result,) = reading_of(csv_of(change)).results
    assert result.record is not None, result.errors
    return result.record


def faults_of(change: dict[str, str]) -> set[tuple[str, str]]:
    (result,) = reading_of(csv_of(change)).results
    return {(error.code, error.place) for error in result.errors}


def written(records: list[dict[str, Any]], layout: str) -> bytes:
    made = write(
        [("RemittanceStatistic", r, "UZ") for r in records], layout, COUNTRIES, stamp=STAMP
    )
    assert made.residue == ()
    return made.data


def test_the_columns_are_the_components_of_the_structure() -> None:
    found = remittances(ROOT / "schemas")
    assert tuple(one.id for one in found.of("dimension", "time")) == DIMENSIONS
    assert tuple(one.id for one in found.of("attribute")) == ATTRIBUTES
    assert tuple(one.id for one in found.of("measure")) == (MEASURE,)


@every_layout
def test_a_layout_carries_every_component(layout: str) -> None:
    fields = {field.native for field in COUNTRIES.named(layout).layout.two_way}
    assert fields == {*DIMENSIONS, MEASURE, *ATTRIBUTES}


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
def test_a_sample_is_told_by_its_content_and_read_whole(sample: Path) -> None:
    reading = reading_of(sample.read_bytes())
    assert (reading.status, reading.layout) == ("ok", f"sdmx.remittances-{sample.suffix[1:]}")


def test_a_layout_of_no_country_makes_no_country() -> None:
    assert not COUNTRIES.is_country("")
    assert COUNTRIES.named(LAYOUTS[0]).country == ""


@every_layout
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_comes_back_as_it_went(example: Path, layout: str) -> None:
    record = json.loads(example.read_bytes())["record"]
    reading = reading_of(written([record], layout))
    assert ([r.record for r in reading.results], reading.layout) == ([record], layout)
    assert [r.warnings for r in reading.results] == [()]


PERIODS = st.one_of(
    st.integers(1900, 2100).map(str),
    st.builds("{}-Q{}".format, st.integers(1900, 2100), st.integers(1, 4)),
    st.builds("{}-{:02}".format, st.integers(1900, 2100), st.integers(1, 12)),
)
CODES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._/\-]{0,63}", fullmatch=True)
DAYS = st.dates().map(str)
RECORDS = st.fixed_dictionaries(
    {
        "reporter": st.just("UZB"),
        "counterpart": st.sampled_from(["KAZ", "KGZ", "TJK", "RUS"]),
        "period": PERIODS,
        "direction": st.sampled_from(["inflow", "outflow"]),
        "amount": st.from_regex(r"(0|[1-9][0-9]{0,15})(\.[0-9]{1,6})?", fullmatch=True),
        "currency": st.sampled_from(["USD", "KZT", "UZS"]),
        "method": CODES,
        "status": st.sampled_from(["preliminary", "final", "revised"]),
        "source": st.from_regex(r'[A-Za-zА-я"]([ -~А-я]{0,60}[!-~])?', fullmatch=True),
    },
    optional={
        "item": st.sampled_from(["D1", "D752"]),
        "instrument": CODES,
        "channel": CODES,
        "vintage": DAYS,
        "embargoUntil": DAYS,
        "confidentiality": st.sampled_from(["F", "N", "C"]),
    },
)


@every_layout
@settings(max_examples=60, deadline=None)
@given(record=RECORDS)
def test_any_record_comes_back_as_it_went(layout: str, record: dict[str, Any]) -> None:
    (result,) = reading_of(written([record], layout)).results
    assert result.record == record, result.errors


@every_layout
def test_a_file_holds_one_observation_a_key(layout: str) -> None:
    record = record_of({})
    again = record | {"currency": "KZT"}
    triples = [("RemittanceStatistic", one, "UZ") for one in (record, again)]
    refusals = COUNTRIES.named(layout).layout.unfit(triples)
    assert {place: one.code for place, one in refusals.items()} == {1: "layout.cannot-carry"}


def test_a_text_that_a_spreadsheet_would_run_is_not_written_as_csv() -> None:
    record = record_of({}) | {"source": "=1+1"}
    with pytest.raises(Refusal) as refused:
        written([record], "sdmx.remittances-csv")
    assert (refused.value.code, refused.value.place) == ("layout.cannot-carry", "/record/source")


@pytest.mark.parametrize(
    ("freq", "period", "read_as"),
    [
        ("A", "2026", "2026"),
        ("A", "2026-A1", "2026"),
        ("Q", "2026-Q4", "2026-Q4"),
        ("M", "2026-03", "2026-03"),
        ("M", "2026-M03", "2026-03"),
    ],
)
def test_a_period_has_the_form_of_its_frequency(freq: str, period: str, read_as: str) -> None:
    assert record_of({"FREQ": freq, "TIME_PERIOD": period})["period"] == read_as


@pytest.mark.parametrize(
    ("change", "code", "column"),
    [
        ({"FREQ": "M"}, "date.unreadable", "TIME_PERIOD"),
        ({"FREQ": "W"}, "code.unknown", "FREQ"),
        ({"FREQ": ""}, "field.missing", "FREQ"),
        ({"TIME_PERIOD": "2026-Q5"}, "date.unreadable", "TIME_PERIOD"),
        ({"TIME_PERIOD": ""}, "field.missing", "TIME_PERIOD"),
        ({"REF_AREA": "W1"}, "code.unknown", "REF_AREA"),
        ({"ACCOUNTING_ENTRY": "B"}, "code.unknown", "ACCOUNTING_ENTRY"),
        ({"INT_ACC_ITEM": "D4"}, "code.unknown", "INT_ACC_ITEM"),
        ({"OBS_VALUE": ""}, "field.missing", "OBS_VALUE"),
        ({"OBS_VALUE": "NaN"}, "number.unreadable", "OBS_VALUE"),
        ({"OBS_VALUE": "-5"}, "number.unreadable", "OBS_VALUE"),
        ({"UNIT_MULT": "x"}, "code.unknown", "UNIT_MULT"),
        ({"OBS_STATUS": "E"}, "code.unknown", "OBS_STATUS"),
        ({"REVISION": "Q"}, "code.unknown", "REVISION"),
        ({"CONF_STATUS": "S"}, "code.unknown", "CONF_STATUS"),
        ({"METHOD": ""}, "field.missing", "METHOD"),
        ({"VINTAGE": "2026-02-30"}, "date.unreadable", "VINTAGE"),
        ({"UNIT_MEASURE": ""}, "field.missing", "UNIT_MEASURE"),
    ],
)
def test_a_row_is_refused_with_row_and_column(
    change: dict[str, str], code: str, column: str
) -> None:
    assert faults_of(change) == {(code, f"row 1: /{column}")}


def test_good_rows_beside_a_refused_one_are_read() -> None:
    reading = reading_of(csv_of({}, {"FREQ": "M"}, {"CHANNEL": "post"}))
    assert [(r.rows, r.status) for r in reading.results] == [
        ((1,), "ok"),
        ((2,), "refused"),
        ((3,), "ok"),
    ]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"STRUCTURE_ID": "IMF:BOP(1.0)"}, "layout.unknown"),
        ({"STRUCTURE_ID": "LMX:REMITTANCES(2.0.0)"}, "layout.unknown"),
        ({"ACTION": "D"}, "source.not-a-record"),
    ],
)
def test_another_structure_and_a_deletion_are_refused(change: dict[str, str], code: str) -> None:
    assert faults_of(change) == {(code, "row 1")}


@pytest.mark.parametrize(
    ("value", "power", "amount"),
    [
        ("198.75", "6", "198750000"),
        ("0.000001", "6", "1"),
        ("5", "3", "5000"),
        ("1.9875E8", "0", "198750000"),
        ("0", "6", "0"),
        ("007", "0", "7"),
    ],
)
def test_a_sum_is_written_out_in_units(value: str, power: str, amount: str) -> None:
    assert record_of({"OBS_VALUE": value, "UNIT_MULT": power})["amount"] == amount


def test_a_scaled_sum_is_told() -> None:
    (result,) = reading_of(csv_of({"UNIT_MULT": "6"})).results
    assert [(one.code, one.path) for one in result.warnings] == [("AMOUNT-SCALED", "/amount")]


@pytest.mark.parametrize(
    ("status", "revision", "read_as"),
    [
        ("P", "", "preliminary"),
        ("A", "", "final"),
        ("A", "R", "revised"),
        ("P", "R", "preliminary"),
    ],
)
def test_a_status_is_told_by_two_attributes(status: str, revision: str, read_as: str) -> None:
    assert record_of({"OBS_STATUS": status, "REVISION": revision})["status"] == read_as


def test_a_mark_without_a_place_is_residue() -> None:
    (result,) = reading_of(csv_of({"OBS_STATUS": "P", "REVISION": "R"})).results
    assert result.residue == ("/REVISION",)


@pytest.mark.parametrize("unsaid", ["_X", "_Z", "_T"])
def test_a_dimension_that_says_nothing_makes_no_member(unsaid: str) -> None:
    record = record_of({"INSTRUMENT": unsaid, "INT_ACC_ITEM": "_X"})
    assert {"instrument", "item"} & record.keys() == set()


def test_columns_stand_in_any_order_and_unknown_ones_are_residue() -> None:
    names = [*ROW, "COMMENT"]
    row = ROW | {"COMMENT": "checked"}
    front, rest = names[:3], sorted(names[3:])
    lines = [",".join([*front, *rest]), ",".join(row[name] for name in [*front, *rest])]
    (result,) = reading_of("\n".join(lines).encode()).results
    assert (result.status, result.residue) == ("ok", ("/COMMENT",))


def test_names_behind_codes_are_passed_over() -> None:
    labelled = HEADING.replace("FREQ", "FREQ: Frequency").replace("REF_AREA", "REF_AREA: Area")
    row = ROW | {"FREQ": "Q: Quarterly", "REF_AREA": "UZ: Uzbekistan", "SOURCE": "Bank: statistics"}
    (result,) = reading_of(f"{labelled}\n{','.join(row.values())}\n".encode()).results
    assert result.record is not None
    assert (result.record["reporter"], result.record["source"]) == ("UZB", "Bank: statistics")


def test_semicolons_part_cells_as_well() -> None:
    data = csv_of({}).replace(b",", b";")
    assert reading_of(data).status == "ok"


def message() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(written([record_of({})], "sdmx.remittances-json"))
    return found


def test_a_message_without_a_stamp_has_no_header() -> None:
    triple = ("RemittanceStatistic", record_of({}), "UZ")
    made = write([triple], "sdmx.remittances-json", COUNTRIES)
    assert list(json.loads(made.data)) == ["data"]


@pytest.mark.parametrize("key", ["0:0:0:0:0:0:0:9", "0:0", "-1:0:0:0:0:0:0:0", "x"])
def test_a_place_that_leads_nowhere_refuses_the_observation(key: str) -> None:
    told = message()
    observations = told["data"]["dataSets"][0]["observations"]
    observations[key] = next(iter(observations.values()))
    reading = reading_of(json.dumps(told).encode())
    assert [r.status for r in reading.results] == ["ok", "refused"]
    assert [(e.code, e.place) for e in reading.results[1].errors] == [("field.unreadable", "row 2")]


@pytest.mark.parametrize(
    "path", ["structures", "dataSets", "structures/0/dimensions", "dataSets/0/observations"]
)
@pytest.mark.parametrize("instead", [None, 7, "x", [], [7], {"0": 7}])
def test_a_message_of_another_build_is_no_traceback(path: str, instead: Any) -> None:
    told = message()
    *parents, last = path.split("/")
    node: Any = told["data"]
    for name in parents:
        node = node[int(name) if name.isdigit() else name]
    node[last] = instead
    reading = reading_of(json.dumps(told).encode(), "sdmx.remittances-json")
    assert reading.status in ("ok", "refused")


def test_a_data_set_of_another_structure_is_refused_row_by_row() -> None:
    told = message()
    told["data"]["structures"].append(json.loads(json.dumps(told["data"]["structures"][0])))
    told["data"]["structures"][1]["links"][0]["urn"] = "urn:x=IMF:BOP(1.0)"
    told["data"]["dataSets"].append(told["data"]["dataSets"][0] | {"structure": 1})
    reading = reading_of(json.dumps(told).encode())
    assert [[e.code for e in r.errors] for r in reading.results] == [[], ["layout.unknown"]]


def test_a_deletion_in_a_message_is_refused() -> None:
    told = message()
    told["data"]["dataSets"][0]["action"] = "Delete"
    reading = reading_of(json.dumps(told).encode())
    assert [[e.code for e in r.errors] for r in reading.results] == [["source.not-a-record"]]
