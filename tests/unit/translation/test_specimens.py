"""Specimens are records of the standard, as full as their type allows."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from gateway.catalogue import Catalogue
from gateway.translation import Countries
from gateway.translation.reading import Record
from gateway.translation.specimens import distinct, mark_of, specimens

AT = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.fixture(scope="module")
def found(countries: Countries, catalogue: Catalogue, adapters: Path) -> dict[str, list[Record]]:
    return specimens(countries, catalogue, adapters, at=AT)


def test_every_type_has_specimens_that_the_standard_takes(
    found: dict[str, list[Record]], catalogue: Catalogue
) -> None:
    assert sorted(name for name, records in found.items() if records) == sorted(catalogue.types)
    for name, records in found.items():
        for record in records:
            catalogue.check(name, record)


def test_the_fullest_has_every_member_that_rules_allow_together(
    found: dict[str, list[Record]], catalogue: Catalogue
) -> None:
    mapping = catalogue.mapping
    all_members = {one.name for one in mapping.objects[mapping.roots["EmploymentContract"]]}
    fullest = max(found["EmploymentContract"], key=len)
    assert all_members == fullest.keys()


def test_the_same_countries_give_the_same_specimens(
    found: dict[str, list[Record]], countries: Countries, catalogue: Catalogue, adapters: Path
) -> None:
    assert specimens(countries, catalogue, adapters, at=AT) == found


def test_repetitions_are_left_out_in_order() -> None:
    assert distinct([{"a": 1}, {"b": 2}, {"a": 1}]) == [{"a": 1}, {"b": 2}]


def test_an_element_is_told_by_form_scheme_kind_or_language() -> None:
    marks = [mark_of(one) for one in ({"form": "icao", "lang": "x"}, {"kind": "phone"}, {"a": "b"})]
    assert marks == ["icao", "phone", ""]
