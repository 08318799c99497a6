"""Names: apostrophes, parts, choice by script (R12, R37)."""

import pytest

from gateway.translation import names


@pytest.mark.parametrize("apostrophe", "'`‘’ʻʼ")
def test_all_apostrophes_become_one_after_o_and_g(apostrophe: str) -> None:
    assert names.unified(f"O{apostrophe}G{apostrophe}LI") == "OʻGʻLI"


def test_apostrophe_elsewhere_becomes_tutuq() -> None:
    assert names.unified("MA'MUR") == "MAʼMUR"


def test_three_known_parts_are_split_family_first() -> None:
    assert names.split("Назарзода Фарзонаи Ҳаким")["patronymic"] == "Ҳаким"


def test_one_word_is_a_single_name_person() -> None:
    assert names.split("Шодмон") == {"full": "Шодмон", "noFamilyName": True}


@pytest.mark.parametrize("full", ["Назарова Фарзона", "Асанбек уулу Темирлан Кубат"])
def test_unknown_number_of_parts_stays_whole(full: str) -> None:
    assert names.split(full) == {"full": full}


def test_three_words_that_are_no_known_parts_stay_whole() -> None:
    assert names.split("Асанбек уулу Темирлан") == {"full": "Асанбек уулу Темирлан"}


def test_name_of_the_fields_script_is_chosen() -> None:
    known = [{"form": "native", "script": "Cyrl"}, {"form": "icao", "script": "Latn"}]
    assert names.choose(known, "Latn", ("native", "icao")) == 1
    assert names.choose(known[:1], "Latn", ("native", "icao")) is None


@pytest.mark.parametrize("marker", ["ўғли", "ЎҒЛИ", "қизи", "угли", "oʻgʻli", "qizi"])
def test_patronymic_with_its_marking_word_is_one_part(marker: str) -> None:
    parts = names.split(f"Норқул Ғайрат Шуҳрат {marker}")
    assert (parts["family"], parts["given"]) == ("Норқул", "Ғайрат")
    assert parts["patronymic"] == f"Шуҳрат {marker}"


def test_uulu_never_makes_a_patronymic() -> None:
    assert names.split("Асанбек Темирлан Кубат уулу") == {"full": "Асанбек Темирлан Кубат уулу"}


def test_contract_with_the_given_name_first_is_split_in_its_order() -> None:
    parts = names.split("Фарзона Ҳакимовна Назарова", names.order_of("TJK", "contract"))
    assert (parts["given"], parts["family"]) == ("Фарзона", "Назарова")
    marked = names.split("Ғайрат Шуҳрат ўғли Норқул", names.order_of("UZB", "contract"))
    assert (marked["patronymic"], marked["family"]) == ("Шуҳрат ўғли", "Норқул")


@pytest.mark.parametrize(
    ("country", "paper", "whole"),
    [
        ("TJK", "list", "Назарова Фарзона Ҳакимовна"),
        ("TJK", "contract", "Фарзона Ҳакимовна Назарова"),
        ("KGZ", "contract", "Назарова Фарзона Ҳакимовна"),
    ],
)
def test_whole_name_stands_in_the_order_of_the_paper(country: str, paper: str, whole: str) -> None:
    parts = {"family": "Назарова", "given": "Фарзона", "patronymic": "Ҳакимовна"}
    assert names.composed(parts, names.order_of(country, paper)) == whole
