"""Labels: every word of the standard in six languages, none missing, none too many."""

import csv
import re
from pathlib import Path

import pytest

from gateway.catalogue.labels import LANGUAGES, enumerated, expected_keys, load_labels
from gateway.translation.warning_texts import WARNINGS

SCHEMAS = Path(__file__).resolve().parents[3] / "schemas"
LABELS = load_labels(SCHEMAS)
every_language = pytest.mark.parametrize("language", LANGUAGES)
CYRILLIC, LATIN = re.compile("[\u0400-\u04ff]"), re.compile("[A-Za-z]")


def rows(language: str) -> list[dict[str, str]]:
    with (SCHEMAS / "labels" / "1" / f"{language}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@every_language
def test_no_label_is_missing_and_none_is_superfluous(language: str) -> None:
    found = set(LABELS.by_language[language])
    expected = expected_keys(SCHEMAS, WARNINGS)
    assert (sorted(expected - found), sorted(found - expected)) == ([], [])


@every_language
def test_no_label_is_empty_or_has_blanks_around_it(language: str) -> None:
    assert [row["key"] for row in rows(language) if row["text"].split() == []] == []
    assert [row["key"] for row in rows(language) if row["text"] != row["text"].strip()] == []


def test_every_file_lists_its_keys_in_the_same_order() -> None:
    orders = {tuple(row["key"] for row in rows(language)) for language in LANGUAGES}
    assert len(orders) == 1


def test_english_words_of_a_warning_are_those_of_the_catalogue_of_warnings() -> None:
    assert {code: LABELS.text(f"warning/{code}", "en") for code in WARNINGS} == WARNINGS


@pytest.mark.parametrize("language", ["kk", "ky", "ru", "tg"])
def test_cyrillic_languages_mix_no_scripts_in_a_word(language: str) -> None:
    words = [word for row in rows(language) for word in re.findall(r"\w+", row["text"])]
    assert [word for word in words if CYRILLIC.search(word) and LATIN.search(word)] == []


def test_uzbek_stands_in_the_latin_alphabet_of_1995() -> None:
    texts = [row["text"] for row in rows("uz")]
    assert [text for text in texts if CYRILLIC.search(text)] == []
    assert [text for text in texts if re.search("['`\u2018\u2019]|[oOgG]\u02bc", text)] == []


def test_codes_of_an_enumeration_are_told_from_its_pattern() -> None:
    assert enumerated({"pattern": "^(?:(?:gross|net))$"}) == ("gross", "net")
    assert enumerated({"pattern": "^(?:(?:[A-Z]{3}))$"}) == ()
    assert enumerated({"type": "boolean"}) == ("true", "false")
