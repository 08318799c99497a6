"""Countries are folders; a file is never guessed between two layouts."""

from pathlib import Path

import pytest

from gateway.model.refusal import Refusal
from gateway.translation import Countries, load_countries
from gateway.translation.countries import Adapter


def test_layouts_are_found_in_folders(countries: Countries) -> None:
    assert set(countries.names()) >= {
        "kg.departures",
        "kg.migrant-contract",
        "kz.labour-contract",
        "tj.contracts",
        "tj.departure-cards",
        "uz.labour-contract",
    }


def test_country_is_known_by_its_layouts(countries: Countries) -> None:
    assert countries.is_country("KZ")
    assert not countries.is_country("RU")
    assert countries.of("KZ", "EmploymentContract") == ("kz.labour-contract",)


def test_folder_without_countries_gives_none(tmp_path: Path) -> None:
    assert load_countries(tmp_path).names() == ()


def test_file_that_two_layouts_recognise_is_refused(countries: Countries, adapters: Path) -> None:
    known = countries.named("uz.labour-contract")

    class Twin(type(known.layout)):  # type: ignore[misc]
        name = "xx.twin"

    both = Countries([known, Adapter(Twin(), "XX", "XXX", "1")], ())
    data = (adapters / "uz/samples/02-labour-contract-lc.json").read_bytes()
    with pytest.raises(Refusal) as caught:
        both.detect(data)
    assert caught.value.code == "layout.ambiguous"
    assert both.detect(data, "xx.twin").name == "xx.twin"


def test_layouts_of_no_country_are_found_and_make_no_country(countries: Countries) -> None:
    adapter = countries.named("sdmx.remittances-csv")
    assert (adapter.country, adapter.home, adapter.version) == ("", "", "1.0.0")
    assert not countries.is_country("")
