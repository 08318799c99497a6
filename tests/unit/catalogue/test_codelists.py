"""Code lists: read when asked for, by version, with the code they lie in and the common code."""

from pathlib import Path

import pytest

from gateway.catalogue.codelists import CodeLists, Mapped

ROOT = Path(__file__).resolve().parents[3]
COMMON = CodeLists(ROOT / "schemas" / "codelists")
KZ, KG, UZ = (CodeLists(ROOT / "adapters" / country / "lists") for country in ("kz", "kg", "uz"))


def test_an_occupation_has_a_title_and_lies_in_its_minor_group() -> None:
    isco = COMMON.named("ISCO-08")
    assert (isco.title("7112"), isco.parent("7112")) == ("Bricklayers and related workers", "711")
    assert isco.parent("7") is None


def test_a_list_says_what_it_does_not_hold() -> None:
    assert not COMMON.named("ISCO-08").has("9999")


@pytest.mark.parametrize(
    ("name", "code", "title"),
    [
        ("ISO-3166-1", "KAZ", "Kazakhstan"),
        ("ISO-3166-2", "UZ-TK", "Toshkent"),
        ("ISO-4217", "KGS", "Som"),
        ("ISO-639-3", "tgk", "Tajik"),
        ("ISO-15924", "Cyrl", "Cyrillic"),
    ],
)
def test_lists_of_pycountry_are_lists_like_others(name: str, code: str, title: str) -> None:
    assert COMMON.named(name).title(code) == title


def test_a_list_is_found_in_its_version_only() -> None:
    assert COMMON.find("ISCO-08", "2008") is not None
    assert COMMON.find("ISCO-08", "1988") is None


@pytest.mark.parametrize("name", ["ISCO-88", "../types", "", "uses.csv"])
def test_a_name_from_a_record_never_becomes_a_path(name: str) -> None:
    assert COMMON.find(name) is None


def test_a_list_without_a_table_is_told_and_not_found() -> None:
    assert UZ.about("KODP")["versions"] == []
    assert UZ.find("KODP") is None


def test_a_list_that_must_be_there_is_named_when_it_is_not() -> None:
    with pytest.raises(KeyError, match="no list KATO"):
        COMMON.named("KATO")


@pytest.mark.parametrize(
    ("lists", "name", "code", "common", "mapping"),
    [
        (KZ, "KATO", "75", "KZ-75", "exact"),
        (KZ, "KATO", "751210000", "KZ-75", "broader"),
        (KZ, "OKED", "41201", "41", "broader"),
        (KG, "SOATE", "41721000000000", "KG-GO", "broader"),
        (UZ, "SOATO", "1726", "UZ-TK", "exact"),
        (UZ, "SOATO", "1703401", "UZ-AN", "broader"),
        (UZ, "SOATO", "1703202550", "UZ-AN", "broader"),
    ],
)
def test_a_code_takes_the_common_code_of_what_it_lies_in(
    lists: CodeLists, name: str, code: str, common: str, mapping: str
) -> None:
    assert lists.named(name).common(code) == Mapped(common, mapping)


def test_a_code_that_lies_in_nothing_known_has_no_common_code() -> None:
    assert KZ.named("KATO").common("999999999") is None


def test_a_list_without_nesting_knows_its_own_codes_only() -> None:
    occupations = KZ.named("NKRK-01-2017")
    assert occupations.common("7112-1") == Mapped("7112", "exact")
    assert occupations.common("7112-12") is None


def test_titles_stand_by_language() -> None:
    assert UZ.named("SOATO").title("1703202", "uz") == "Oltinkoʻl tumani"
    assert UZ.named("SOATO").title("1703202") is None
