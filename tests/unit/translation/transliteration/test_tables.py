"""The tables of letters are whole and well formed."""

import pytest

from gateway.translation.transliteration.tables import endings, languages, table

# Letters of each state language beside the Russian ones (country-formats 3, 4, 5, 8).
OWN_LETTERS = {"kaz": "әғқңөұүһі", "kir": "ңөү", "tgk": "ғӣқӯҳҷ", "uzb": "ўқғҳ", "rus": ""}
RUSSIAN = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"


def test_every_language_of_the_four_states_has_a_table() -> None:
    assert set(languages()) == set(OWN_LETTERS)


@pytest.mark.parametrize("lang", OWN_LETTERS)
def test_table_knows_every_cyrillic_letter_of_its_language(lang: str) -> None:
    assert set(RUSSIAN + OWN_LETTERS[lang]) <= set(table(lang).letters)


@pytest.mark.parametrize("lang", OWN_LETTERS)
def test_every_letter_has_a_row_that_holds_anywhere(lang: str) -> None:
    assert all(any(not row.contexts for row in rows) for rows in table(lang).letters.values())


@pytest.mark.parametrize("lang", OWN_LETTERS)
def test_icao_column_holds_letters_of_a_passport_only(lang: str) -> None:
    letters = [row.latin["icao"] for rows in table(lang).letters.values() for row in rows]
    assert all(one == "" or (one.isascii() and one.isalpha()) for one in letters)


@pytest.mark.parametrize("lang", OWN_LETTERS)
def test_variants_are_no_repetition(lang: str) -> None:
    for rows in table(lang).letters.values():
        for row in rows:
            assert row.latin["icao"] not in row.variants
            assert len(set(row.variants)) == len(row.variants)


def test_longest_spelling_is_taken_first() -> None:
    assert [source for source, _ in table("uzb").parted("исҳоқ")] == ["и", "сҳ", "о", "қ"]


def test_unknown_language_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        table("eng")


def test_endings_are_told_by_kind() -> None:
    assert {"уулу", "қизи", "ұлы"} <= set(endings("word"))
    assert {"ов", "зода", "иён"} <= set(endings("family"))
