"""Search keys: one person under many spellings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.translation.transliteration import (
    consonants,
    degraded,
    folded,
    stems,
    transliterate,
    without_ezafe,
)

# What a Russian keyboard or code page leaves of the states' letters (country-formats 3, 4).
LOST = str.maketrans("ҶҲҚҒӢӮҷҳқғӣӯҢӨҮңөүӘҰІҺәұіһЎў", "ЧХКГИУчхкгиуНОУноуАУИХауихУу")


def one_key(*spellings: str) -> None:
    assert len({folded(one) for one in spellings}) == 1


def test_cyrillic_and_both_latin_alphabets_have_one_key() -> None:
    one_key("Қўчқоров Ғайратжон", "Qoʻchqorov Gʻayratjon", "Qöçqorov Ğayratjon")


@pytest.mark.parametrize("apostrophe", "'`‘’ʻʼ")
def test_every_apostrophe_has_one_key(apostrophe: str) -> None:
    one_key(f"TO{apostrophe}XTASINOVA", "Тўхтасинова", "Töxtasinova")


@pytest.mark.parametrize(
    "spellings",
    [
        ("Ҷумъаев", "JUMAEV", "Джумаев", "DZHUMAEV"),
        ("Исҳоқ", "Isʼhoq"),
        ("Азҳар", "Azhar"),
        ("Ёқуб", "Yoqub"),
        ("Дилёра", "Dilyora"),
        ("Йўлдош", "Yoʻldosh", "Yöldoş"),
        ("Зиёд", "Ziyod"),
        ("Юлия", "IULIIA", "Yuliya"),
        ("Әбдіқадырұлы", "Äbdiqadyruly", "ABDIKADYRULY"),
        ("Жаңыл", "JANGYL", "Janyl"),
        ("Семён", "SEMEN"),
        ("Щукина", "SHCHUKINA", "Şukina"),
        ("Царёв", "Saryov", "TSAREV"),
        ("Оңғар", "ONGAR", "Ongghar", "Oñğar"),
        ("Абдулла-Али", "ABDULLA ALI"),
    ],
)
def test_one_name_has_one_key(spellings: tuple[str, ...]) -> None:
    one_key(*spellings)


@pytest.mark.parametrize(
    ("one", "other"), [("Исҳоқ", "Ишоқ"), ("Шариф", "Сариф"), ("Каримов", "Каримова")]
)
def test_two_names_have_two_keys(one: str, other: str) -> None:
    assert folded(one) != folded(other)


@given(st.text(alphabet="абвгдежзийклмнопрстуфхчшяю ҷҳқғӣӯңөүәұіһўё", max_size=20))
def test_degraded_text_has_the_key_of_the_real_letters(text: str) -> None:
    assert degraded(text.translate(LOST)) == degraded(text)


@pytest.mark.parametrize(
    "spellings",
    [
        ("Ҷумъаев", "Чумъаев", "JUMAEV"),
        ("Қўчқоров", "KUCHKAROV", "Кучкаров", "Qoʻchqorov"),
        ("Тўхтасинова", "Тухтасинова", "TUKHTASINOVA"),
        ("Үсөн", "Усон", "USON"),
    ],
)
def test_russian_spelling_of_a_passport_has_the_degraded_key(spellings: tuple[str, ...]) -> None:
    assert len({degraded(one) for one in spellings}) == 1


@given(st.text(alphabet="абвгдежзийклмнопрстуфхчшяю ўқғҳё", max_size=20))
def test_own_latin_spelling_has_the_key_of_its_cyrillic(text: str) -> None:
    assert folded(transliterate(text, "uzb", "latin1995")) == folded(text)


@given(st.text())
def test_keys_are_plain_letters(text: str) -> None:
    for key in (folded, degraded, consonants):
        assert set(key(text)) <= set("abcdefghijklmnopqrstuvwxyz ")


@pytest.mark.parametrize(
    ("name", "skeleton"),
    [
        ("Ҳакимов Исҳоқ", "kmv sk"),
        ("KHAKIMOV ISHOQ", "kmv sk"),
        ("Джумаев", "cmv"),
        ("Азҳар", "cr"),
        ("Azhar", "cr"),
        ("Шарипов", "srpv"),
        ("日本", ""),
    ],
)
def test_skeleton_for_blocking(name: str, skeleton: str) -> None:
    assert consonants(name) == skeleton


def test_endings_and_marking_words_are_stripped() -> None:
    assert stems("Назарова Фарзона Ҳакимовна") == ("nazar", "farzona", "hakim")
    assert stems("Назарзода Фарзона Ҳаким") == ("nazar", "farzona", "hakim")
    assert stems("АСАНБЕК УУЛУ") == stems("Asanbek uulu") == ("asanbek",)
    assert stems("Шуҳрат ўғли") == stems("SHUHRAT UGLI") == stems("Şuhrat öğli") == ("xuhrat",)
    assert stems("Серікқызы") == ("serik",)
    assert stems("Раҳмонӣ") == stems("Раҳмонов") == ("rahmon",)


def test_short_name_keeps_its_ending() -> None:
    assert stems("Ева") == ("eva",)


def test_ezafe_is_taken_off_a_given_name() -> None:
    assert without_ezafe("Фарзонаи") == "Фарзона"
    assert without_ezafe("ФАРЗОНАИ") == "ФАРЗОНА"
    assert without_ezafe("Фарзона") == "Фарзона"
