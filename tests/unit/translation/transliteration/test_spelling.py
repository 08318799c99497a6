"""Names in other alphabets: by scheme, by ICAO, and in the variants of documents."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.translation.transliteration import (
    could_be,
    icao,
    transliterate,
    transliterated,
    variants,
)
from gateway.translation.transliteration.tables import languages, table


def letters(lang: str) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(sorted(table(lang).letters)), min_size=1, max_size=12).map(
        "".join
    )


@pytest.mark.parametrize(
    ("lang", "scheme", "native", "latin"),
    [
        ("uzb", "latin1995", "Қўчқоров Шуҳрат ўғли", "Qoʻchqorov Shuhrat oʻgʻli"),
        ("uzb", "latin2026", "Қўчқоров Шуҳрат ўғли", "Qöçqorov Şuhrat öğli"),
        ("uzb", "latin1995", "Исҳоқ Мўъжиза Юсуф Эргаш Зиёд", "Isʼhoq Moʻjiza Yusuf Ergash Ziyod"),
        ("uzb", "latin1995", "Елена Абдуллаева Царёв", "Yelena Abdullayeva Saryov"),
        ("kaz", "bgn", "Әбдіқадырұлы Нұрсұлтан", "Äbdiqadyruly Nursultan"),
        ("kaz", "icao", "Әбдіқадырұлы Нұрсұлтан", "Abdikadyruly Nursultan"),
        ("kir", "bgn", "Өмүрзак уулу Үсөн", "Ömürzak uulu Üsön"),
        ("kir", "icao", "Жаңыл кызы Айгүл", "Jangyl kyzy Aigul"),
        ("tgk", "icao", "Назарзода Фарзонаи Ҳаким", "Nazarzoda Farzonai Hakim"),
        ("tgk", "bgn", "Ҷумъаев Шӯҳрат", "Jumʼaev Shŭhrat"),
        ("rus", "icao", "Щукина Юлия", "Shchukina Iuliia"),
    ],
)
def test_name_by_scheme(lang: str, scheme: str, native: str, latin: str) -> None:
    assert transliterate(native, lang, scheme) == latin


@pytest.mark.parametrize("apostrophe", "'`‘’ʻʼ")
def test_all_six_apostrophes_give_one_name(apostrophe: str) -> None:
    given = f"Qo{apostrophe}chqorov G{apostrophe}ayratjon"
    assert transliterate(given, "uzb", "latin1995") == "Qoʻchqorov Gʻayratjon"
    assert transliterate(given, "uzb", "latin2026") == "Qöçqorov Ğayratjon"


@pytest.mark.parametrize("name", ["Qöçqorov", "Qo‘chqorov", "Қўчқоров"])
def test_both_uzbek_alphabets_and_cyrillic_become_one(name: str) -> None:
    assert transliterate(name, "uzb", "latin1995") == "Qoʻchqorov"
    assert icao(name, "uzb") == "KUCHKOROV"


@pytest.mark.parametrize(
    ("native", "latin"),
    [
        ("ШУҲРАТ", "SHUHRAT"),
        ("Шуҳрат", "Shuhrat"),
        ("шуҳрат", "shuhrat"),
        ("Ш", "Sh"),
        ("ИШ", "ISH"),
    ],
)
def test_capitals_follow_the_word(native: str, latin: str) -> None:
    assert transliterate(native, "uzb", "latin1995") == latin


@pytest.mark.parametrize(
    ("lang", "native", "passport"),
    [
        ("uzb", "ЎҒЛИ", "UGLI"),
        ("uzb", "OʻGʻLI", "UGLI"),
        ("kir", "Асанбек уулу", "ASANBEK UULU"),
        ("tgk", "Ҷумъаев", "JUMAEV"),
        ("kaz", "Сейітқызы-Ёлкина", "SEIITKYZY-ELKINA"),
        ("rus", "Müller", "MULLER"),
    ],
)
def test_passport_spelling(lang: str, native: str, passport: str) -> None:
    assert icao(native, lang) == passport


@pytest.mark.parametrize("lang", languages())
@given(data=st.data())
def test_passport_spelling_has_no_other_letters(lang: str, data: st.DataObject) -> None:
    spelled = icao(data.draw(st.one_of(letters(lang), st.text())), lang)
    assert all("A" <= one <= "Z" or one in " -" for one in spelled)


@pytest.mark.parametrize("lang", languages())
@given(data=st.data())
def test_every_variant_could_be_the_name(lang: str, data: st.DataObject) -> None:
    text = data.draw(letters(lang))
    found = variants(text, lang, limit=30)
    assert found[0] == icao(text, lang)
    assert len(set(found)) == len(found)
    assert all(could_be(text, one, lang) for one in found)


@pytest.mark.parametrize(
    ("lang", "native", "latin"),
    [
        ("uzb", "Қўчқоров", "KUCHKAROV"),
        ("uzb", "Тўхтасинова", "TUKHTASINOVA"),
        ("uzb", "Toʻxtasinova", "TOKHTASINOVA"),
        ("uzb", "Ғайратжон", "Gayratdzhon"),
        ("tgk", "Ҷумъаев", "DZHUMAEV"),
        ("tgk", "Раҳмонӣ", "RAHMONI"),
        ("kaz", "Жұмабай", "JUMABAY"),
        ("kaz", "Қайрат", "QAIRAT"),
        ("kir", "Жаңыл", "ZHANYL"),
        ("rus", "Юлия", "YULIYA"),
    ],
)
def test_spellings_of_documents_are_variants(lang: str, native: str, latin: str) -> None:
    assert could_be(native, latin, lang)


def test_another_name_is_no_variant() -> None:
    assert not could_be("Қўчқоров", "KADYROV", "uzb")
    assert not could_be("Қўчқоров", "KUCHKAROVA", "uzb")


def test_long_hostile_name_is_answered_at_once() -> None:
    assert not could_be("й" * 2000, "I" * 1999 + "X", "kaz")
    assert len(variants("йқңғұүһхцщ" * 50, "kaz", limit=50)) <= 50


def test_transliterated_name_says_so_and_keeps_its_parts() -> None:
    name = {"form": "native", "script": "Cyrl", "lang": "uzb", "family": "Ғаниев", "full": "Ғаниев"}
    assert transliterated(name, "latin1995") == {
        "form": "transliterated",
        "script": "Latn",
        "lang": "uzb",
        "family": "Gʻaniyev",
        "full": "Gʻaniyev",
    }


def test_single_name_person_stays_one() -> None:
    name = {"form": "native", "lang": "tgk", "full": "Шодмон", "noFamilyName": True}
    assert transliterated(name, "icao")["noFamilyName"] is True


def test_unknown_scheme_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        transliterate("Шодмон", "tgk", "latin1995")
