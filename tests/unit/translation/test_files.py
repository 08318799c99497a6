"""Records find the file that can hold them: the country's layouts in turn, then the default one."""

from pathlib import Path

import pytest

from gateway.catalogue import Catalogue
from gateway.translation import Countries, read
from gateway.translation.files import Triple, plan_files


@pytest.fixture
def sums(countries: Countries, catalogue: Catalogue, adapters: Path) -> list[Triple]:
    """Contributions of two people."""
    data = (adapters / "kz/samples/10-pension-two-persons.xml").read_bytes()
    found = read(data, None, countries, catalogue).results
    return [(one.record_type, one.record or {}, "KZ") for one in found]


@pytest.fixture
def departures(countries: Countries, catalogue: Catalogue, adapters: Path) -> list[Triple]:
    """Departures, the last with its return."""
    data = (adapters / "kg/samples/04-departure-registration-rest.json").read_bytes()
    found = read(data, None, countries, catalogue).results
    return [(one.record_type, one.record or {}, "KG") for one in found]


def test_people_of_an_answer_about_one_get_files_of_their_own(
    countries: Countries, sums: list[Triple]
) -> None:
    files = plan_files(sums, ["kg.work-periods"], countries)
    people = [{str(sums[place][1]["person"]) for place in places} for _, places in files.made]
    assert [len(one) for one in people] == [1, 1]
    # A voluntary contribution is no period of employment.
    assert [sums[place][1]["type"] for place in files.refused] == ["voluntary"]


def test_return_stays_with_its_departure(countries: Countries, departures: list[Triple]) -> None:
    files = plan_files(departures, ["kg.departures", "default.movement-event"], countries)
    assert files.made == [("kg.departures", [0, 1, 2])]


def test_return_alone_goes_to_the_next_layout(
    countries: Countries, departures: list[Triple]
) -> None:
    alone = departures[2:]
    files = plan_files(alone, ["kg.departures", "default.movement-event"], countries)
    assert (files.made, files.refused) == ([("default.movement-event", [0])], {})


def test_what_no_layout_takes_is_refused_in_the_words_of_the_first(
    countries: Countries, departures: list[Triple]
) -> None:
    files = plan_files(departures, ["kg.departures", "kg.work-periods"], countries)
    assert files.refused == {}
    files = plan_files(departures, ["uz.departures", "kg.work-periods"], countries)
    assert {one.place for one in files.refused.values()} == {"/record/kind"}


def test_layout_of_one_record_a_file_gets_a_file_each(
    countries: Countries, catalogue: Catalogue, adapters: Path
) -> None:
    data = (adapters / "tj/samples/02-contracts-2026-q3.expected-utf8.csv").read_bytes()
    found = read(data, None, countries, catalogue).results
    triples = [(one.record_type, one.record or {}, "TJ") for one in found]
    files = plan_files(triples, ["kz.labour-contract"], countries)
    assert files.made == [("kz.labour-contract", [0]), ("kz.labour-contract", [1])]


def test_same_figure_twice_becomes_two_files_of_statistics(
    countries: Countries, catalogue: Catalogue, adapters: Path
) -> None:
    data = (adapters / "sdmx/samples/01-remittances-2026.csv").read_bytes()
    record = read(data, None, countries, catalogue).results[0].record or {}
    twice = [("RemittanceStatistic", record, "KZ")] * 2
    files = plan_files(twice, ["sdmx.remittances-json"], countries)
    assert [places for _, places in files.made] == [[0], [1]]
