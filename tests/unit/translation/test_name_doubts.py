"""Doubts about names: only a Latin name of which no part can be the same is doubted."""

from typing import Any

import pytest

from gateway.translation.name_doubts import name_doubts

CYRILLIC = {
    "form": "native",
    "script": "Cyrl",
    "family": "ҚЎЧҚОРОВ",
    "given": "ҒАЙРАТЖОН",
    "full": "ҚЎЧҚОРОВ ҒАЙРАТЖОН",
}


def doubted(native: dict[str, Any], family: str, given: str, form: str = "icao") -> bool:
    latin = {
        "form": form,
        "script": "Latn",
        "family": family,
        "given": given,
        "full": f"{family} {given}",
    }
    found = [(warned.code, warned.path) for warned in name_doubts({"name": [native, latin]})]
    assert found in ([], [("NAME-LATIN-DISAGREES", "/person/name/1")])
    return bool(found)


def whole(full: str) -> dict[str, Any]:
    return {"form": "native", "script": "Cyrl", "full": full}


@pytest.mark.parametrize(
    ("family", "given"),
    [
        ("KUCHKAROV", "GAYRATJON"),
        ("QOʻCHQOROV", "GʻAYRATJON"),
        ("GAYRATJON", "KUCHKAROV"),
        ("SOBIROVA", "GAYRATJON"),
        ("KUCHKAROV", "ANVAR"),
    ],
)
def test_name_with_one_part_alike_is_believed(family: str, given: str) -> None:
    assert not doubted(CYRILLIC, family, given)


def test_name_of_another_person_is_doubted() -> None:
    assert doubted(CYRILLIC, "KADYROVA", "NURZAT")
    assert doubted(whole("Асанбек уулу Темирлан"), "BAKYT UULU", "NURLAN", "mrz")


def test_uulu_alone_makes_no_two_names_alike() -> None:
    assert not doubted(whole("Асанбек уулу Темирлан"), "ASANBEK UULU", "TEMIRLAN")
    assert doubted(whole("Асанбек уулу Темирлан"), "KUBAT UULU", "NURLAN")


@pytest.mark.parametrize(
    ("native", "family", "given"),
    [
        ("Чумъаев Хаким", "JUMAEV", "HAKIM"),
        ("ДЖУМАЕВ ХОДЖИМУРОД", "JUMAEV", "HOJIMUROD"),
        ("Джонсон Майкл", "JOHNSON", "MICHAEL"),
        ("Чжан Вэй", "ZHANG", "WEI"),
        ("Цой Ирина", "TSOY", "IRINA"),
        ("Шукюров Чингиз", "SHUKUROV", "JINGIZ"),
        ("Өмүрзак Үсөн", "OMURZAK", "USON"),
        ("Ая Аю", "SMITH", "JOHN"),
        ("Әнуар Дәурен", "DAWREN", "ANWAR"),
        ("Вали Валиев", "WALIYEV", "WALI"),
    ],
)
def test_spellings_of_one_name_raise_nothing(native: str, family: str, given: str) -> None:
    assert not doubted(whole(native), family, given)


@pytest.mark.parametrize("form", ["native", "transliterated", "previous"])
def test_only_a_documents_name_is_judged(form: str) -> None:
    assert not doubted(CYRILLIC, "KADYROVA", "NURZAT", form)


def test_one_name_alone_is_never_doubted() -> None:
    assert name_doubts({"name": [CYRILLIC]}) == []
    assert name_doubts({}) == []
