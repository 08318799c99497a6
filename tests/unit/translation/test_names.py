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
