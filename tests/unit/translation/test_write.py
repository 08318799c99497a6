"""Records written in another country's layout: what it carries, what it lists, what it refuses."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gateway.catalogue import Catalogue
from gateway.model.refusal import Refusal
from gateway.proof.strict_xml import parse_native
from gateway.translation import Countries, Stamp, read, write

AT = datetime(2026, 11, 24, tzinfo=UTC)
Triple = tuple[str, dict[str, Any], str]


@pytest.fixture
def triples(countries: Countries, catalogue: Catalogue, adapters: Path) -> dict[str, list[Triple]]:
    """Every sample's records with their type and source country, by file stem."""
    found = {}
    for sample in adapters.glob("*/samples/*"):
        reading = read(sample.read_bytes(), None, countries, catalogue, at=AT)
        country = sample.parent.parent.name.upper()
        found[sample.stem] = [(r.record_type, r.record or {}, country) for r in reading.results]
    return found


KZ_LAYOUT = "kz.labour-contract"
KZ = "01-esutd-contract-shep-sync"
UZ = "02-labour-contract-lc"
KG_REST = "04-departure-registration-rest"
TJ = "02-contracts-2026-q3.expected-utf8"


def test_home_numbers_of_another_country_are_not_put_into_home_fields(
    countries: Countries, triples: dict[str, list[Triple]]
) -> None:
    native = json.loads(write(triples[KZ], "uz.labour-contract", countries).data)
    assert (native["pin_lc"], native["id_lc"]) == (None, None)
    assert native["value_fields_lc"]["foreign_pin"] == "910314350013"


def test_wrong_number_does_not_come_home_where_it_would_refuse_the_row(
    countries: Countries, catalogue: Catalogue, triples: dict[str, list[Triple]]
) -> None:
    record_type, record, country = triples[KZ][0]
    wrong = {"scheme": "UZ-PINFL", "value": "31403912040015", "issuer": "UZB", "state": "failed"}
    person = record["person"] | {"identifier": [wrong]}
    triple = (record_type, record | {"person": person}, country)
    written = write([triple], "uz.labour-contract", countries)
    assert json.loads(written.data)["pin_lc"] is None
    assert "/record/person/identifier" in written.residue
    assert read(written.data, None, countries, catalogue, at=AT).status == "ok"


def test_number_of_an_employer_names_its_country_before_the_workplace_does(
    countries: Countries, catalogue: Catalogue, triples: dict[str, list[Triple]]
) -> None:
    record_type, record, country = triples[KZ][0]
    tin = {"scheme": "UZ-TIN", "value": "300000026", "issuer": "UZB", "state": "structural"}
    triple = (record_type, record | {"employer": {"identifier": [tin]}}, country)
    written = write([triple], "kg.migrant-contract", countries)
    (result,) = read(written.data, None, countries, catalogue, at=AT).results
    assert (result.record or {})["employer"]["identifier"] == [tin]


def test_numbers_stay_numbers_in_json(
    countries: Countries, triples: dict[str, list[Triple]]
) -> None:
    written = write(triples[KZ], "uz.labour-contract", countries)
    assert b'"salary_lc": 280000.00' in written.data


def test_what_the_target_lacks_is_listed(
    countries: Countries, triples: dict[str, list[Triple]]
) -> None:
    written = write(triples[UZ], "kz.labour-contract", countries)
    assert {"/record/agency", "/record/registrationNumber", "/record/travel"} <= set(
        written.residue
    )


def test_other_script_in_a_mandatory_field_is_said(
    countries: Countries, triples: dict[str, list[Triple]]
) -> None:
    written = write(triples[UZ], "kz.labour-contract", countries)
    assert "SCRIPT-SUBSTITUTED" in {warning.code for warning in written.warnings}


def test_single_name_person_keeps_the_name_where_given_names_stand(
    countries: Countries, triples: dict[str, list[Triple]]
) -> None:
    record_type, record, country = triples[TJ][0]
    alone = {"form": "native", "script": "Cyrl", "full": "Шодмон", "noFamilyName": True}
    person = record["person"] | {"name": [alone]}
    written = write(
        [(record_type, record | {"person": person}, country)], "tj.contracts", countries
    )
    assert b";\xd0\xa8\xd0\xbe\xd0\xb4\xd0\xbc\xd0\xbe\xd0\xbd;" in written.data


def test_departure_and_return_become_one_row_again(
    countries: Countries, triples: dict[str, list[Triple]]
) -> None:
    rows = json.loads(write(triples[KG_REST], "kg.departures", countries).data)["data"]
    assert [row["returnDate"] for row in rows] == [None, "12.12.2024"]
    assert rows[1]["departDate"] == "00.00.0000"


def test_return_without_its_departure_is_refused(
    countries: Countries, triples: dict[str, list[Triple]]
) -> None:
    with pytest.raises(Refusal) as caught:
        write(triples[KG_REST][2:], "kg.departures", countries)
    assert caught.value.code == "layout.cannot-carry"


@pytest.mark.parametrize("layout", ["kg.departures", "tj.departure-cards"])
def test_record_of_another_type_is_refused(
    countries: Countries, triples: dict[str, list[Triple]], layout: str
) -> None:
    with pytest.raises(Refusal) as caught:
        write(triples[KZ], layout, countries)
    assert caught.value.code == "layout.cannot-carry"


def test_state_without_a_form_is_refused(
    countries: Countries, triples: dict[str, list[Triple]]
) -> None:
    record_type, record, country = triples[KZ][0]
    with pytest.raises(Refusal) as caught:
        write(
            [(record_type, record | {"state": "annulled"}, country)],
            "kz.labour-contract",
            countries,
        )
    assert (caught.value.code, caught.value.place) == ("layout.cannot-carry", "/record/state")


def test_agency_without_foreign_employer_is_no_uzbek_contract(
    countries: Countries, triples: dict[str, list[Triple]]
) -> None:
    record_type, record, country = triples[TJ][0]
    record = record | {"employer": {"name": [{"text": "КХ «Мырзашол-Агро»"}]}}
    with pytest.raises(Refusal) as caught:
        write([(record_type, record, country)], "uz.labour-contract", countries)
    assert caught.value.place == "/record/employer"


def test_one_message_holds_one_contract(
    countries: Countries, triples: dict[str, list[Triple]]
) -> None:
    with pytest.raises(Refusal) as caught:
        write(triples[TJ], "kz.labour-contract", countries)
    assert caught.value.code == "layout.cannot-carry"


def test_envelope_tells_the_stamp_and_nothing_without_one(
    countries: Countries, triples: dict[str, list[Triple]]
) -> None:
    stamp = Stamp("0199f0a0-0000-7000-8000-000000000001", "2026-11-24T06:00:00.000Z")
    stamped = write(triples[KZ], "kz.labour-contract", countries, stamp=stamp).data
    root = parse_native(stamped)
    assert [e.text for e in root.iter("messageId")] == [stamp.message_id]
    assert b"messageId" not in write(triples[KZ], "kz.labour-contract", countries).data


def test_same_record_is_written_as_the_same_bytes(
    countries: Countries, triples: dict[str, list[Triple]]
) -> None:
    first = write(triples[KZ], "kg.migrant-contract", countries)
    assert write(triples[KZ], "kg.migrant-contract", countries).data == first.data


def test_control_total_is_written_below_the_rows(
    countries: Countries, triples: dict[str, list[Triple]]
) -> None:
    cards = triples["05-departure-cards-2026-09.cp1251-tnr-tj"]
    lines = write(cards, "tj.departure-cards", countries).data.decode().split("\r\n")
    assert lines[-2].startswith("Ҷамъ:;3;")


REGISTERS = [("kg.departures", "KGZ"), ("tj.departure-cards", "TJK"), ("uz.departures", "UZB")]


@pytest.mark.parametrize(("layout", "home"), REGISTERS)
def test_departure_to_the_registers_own_country_is_refused(
    countries: Countries, triples: dict[str, list[Triple]], layout: str, home: str
) -> None:
    record_type, record, source = triples[KG_REST][0]
    back = (record_type, record | {"fromCountry": "KAZ", "toCountry": home}, source)
    with pytest.raises(Refusal) as caught:
        write([back], layout, countries)
    assert (caught.value.code, caught.value.place) == ("layout.cannot-carry", "/record/toCountry")


@pytest.mark.parametrize("layout", [layout for layout, _ in REGISTERS])
def test_where_another_countrys_departure_began_is_told_as_lost(
    countries: Countries, triples: dict[str, list[Triple]], layout: str
) -> None:
    record_type, record, source = triples[KG_REST][0]
    elsewhere = (record_type, record | {"fromCountry": "KAZ", "toCountry": "RUS"}, source)
    assert "/record/fromCountry" in write([elsewhere], layout, countries).residue


def test_unknown_layout_is_refused(countries: Countries, triples: dict[str, list[Triple]]) -> None:
    with pytest.raises(Refusal) as caught:
        write(triples[KZ], "kz.nothing", countries)
    assert caught.value.code == "layout.unknown"


def test_country_outside_iso_is_refused_where_the_layout_needs_one(
    countries: Countries, triples: dict[str, list[Triple]]
) -> None:
    _, record, source = triples[KG_REST][0]
    triple = ("MovementEvent", record | {"fromCountry": "UZB", "toCountry": "XXX"}, source)
    with pytest.raises(Refusal) as caught:
        write([triple], "uz.departures", countries)
    assert (caught.value.code, caught.value.place) == ("layout.cannot-carry", "/record/toCountry")


def test_country_outside_iso_is_residue_where_the_layout_can_do_without(
    countries: Countries, triples: dict[str, list[Triple]]
) -> None:
    record_type, record, source = triples[UZ][0]
    person = record["person"] | {"citizenship": ["XXX"]}
    written = write(
        [(record_type, record | {"person": person}, source)], "kz.labour-contract", countries
    )
    assert "/record/person/citizenship" in written.residue


def test_a_wrong_home_number_is_residue_since_its_own_country_would_refuse_the_row(
    countries: Countries, catalogue: Catalogue, triples: dict[str, list[Triple]]
) -> None:
    ((record_type, record, country),) = triples[UZ]
    wrong = {"scheme": "KZ-IIN", "value": "910314350014", "issuer": "KAZ", "state": "failed"}
    person = record["person"] | {"identifier": [wrong]}
    written = write([(record_type, record | {"person": person}, country)], KZ_LAYOUT, countries)
    assert "/record/person/identifier" in written.residue
    assert ("ID-CHECK-FAILED", "/person/identifier/0") in {
        (w.code, w.path) for w in written.warnings
    }
    assert read(written.data, None, countries, catalogue, at=AT).status == "ok"


def test_a_person_who_employs_is_not_written_where_only_organisations_have_a_place(
    countries: Countries, triples: dict[str, list[Triple]]
) -> None:
    ((record_type, record, country),) = triples[UZ]
    told = record | {"employer": {"person": record["person"]}}
    with pytest.raises(Refusal) as refused:
        write([(record_type, told, country)], KZ_LAYOUT, countries)
    assert refused.value.code == "layout.cannot-carry"


def test_a_row_that_its_reader_would_refuse_is_not_written(
    countries: Countries, triples: dict[str, list[Triple]]
) -> None:
    record_type, record, country = triples[KG_REST][0]
    # Tajik cards know a day, a year or nothing; of a month they could say nothing.
    month = record | {"fromCountry": "TJK", "date": {"value": "2026-08", "precision": "month"}}
    with pytest.raises(Refusal) as refused:
        write([(record_type, month, country)], "tj.departure-cards", countries)
    assert (refused.value.code, refused.value.place) == ("layout.cannot-carry", "/record/date")
