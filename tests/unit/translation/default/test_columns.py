"""Columns of a record type: one a member path, with a heading in each language."""

from collections.abc import Mapping

import pytest

from gateway.catalogue.labels import LANGUAGES
from gateway.translation.default.columns import folded
from gateway.translation.default.compiled import Compiled, kebab


def keys(compiled: Compiled) -> list[str]:
    return [column.key for column in compiled.columns]


def test_repeated_members_are_numbered_as_the_data_says(contract: Compiled) -> None:
    found = keys(contract)
    assert {"person/name/3/family", "fee/4/payer"} <= set(found)
    assert {"person/name/4/family", "fee/5/payer"}.isdisjoint(found)


def test_what_the_gateway_works_out_has_no_column(contract: Compiled) -> None:
    assert [key for key in keys(contract) if "identifier" in key and "state" in key] == []


def test_codes_that_repeat_have_one_column(contract: Compiled) -> None:
    assert "contractLanguages" in keys(contract)


def test_member_that_may_be_empty_has_a_column_of_its_own(types: Mapping[str, Compiled]) -> None:
    assert {"ban", "ban/until"} <= set(keys(types["return-record"]))


def test_only_members_that_no_record_lacks_are_needed(contract: Compiled) -> None:
    assert [column.key for column in contract.columns if column.needed] == ["from", "state"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_heading_is_found_in_each_language(contract: Compiled, language: str) -> None:
    for column in contract.columns:
        heading = column.heading(contract.labels, language)
        assert contract.by_heading[folded(heading)][0] is column


def test_headings_compare_without_case_stars_and_dashes() -> None:
    assert folded("Работник - Имя 1 —  ФАМИЛИЯ *") == folded("Работник – имя 1 – Фамилия")
    assert folded("Toʻlov") == folded("to'lov")


def test_layout_names_are_record_types_in_kebab_case() -> None:
    assert kebab("EmploymentContract") == "employment-contract"
