"""Encodings of whole files, decided by words (country-formats 4)."""

import pytest

from gateway.model.refusal import Refusal
from gateway.translation import Countries
from gateway.translation.media.encodings import told

REAL = "Ҷинс;Маҳалли зист;Ҳаққи хизмат;Кӣ пардохт;Иҷозатнома;Ғ. Ӯтаев"
TNR = str.maketrans("ҶҷҲҳҚқҒғӢӣӮӯ", "ЉљЊњЌќЃѓЇїЎў")
LEGAL = str.maketrans("ҶҷҲҳҚқҒғӢӣӮӯ", "ЇїІіЅѕЉљЊњЎў")
PLAIN = str.maketrans("ҶҷҲҳҚқҒғӢӣӮӯ", "ЧчХхКкГгИиУу")


def reading(data: bytes, countries: Countries) -> tuple[str, str | None]:
    decoding = told(data, countries.encodings)
    return "".join(decoding.lines(data)), decoding.name


@pytest.mark.parametrize(
    ("data", "profile"),
    [
        (REAL.encode(), None),
        (REAL.encode("utf-8-sig"), None),
        (REAL.encode("utf-16"), None),
        (b"\xfe\xff" + REAL.encode("utf-16-be"), None),
        (REAL.encode("koi8_t"), "koi8-t"),
        (REAL.encode("ptcp154"), "ptcp154"),
        (REAL.translate(TNR).encode("cp1251"), "times-new-roman-tj"),
        (REAL.translate(LEGAL).encode("cp1251"), "legal-database-font"),
        (REAL.translate(TNR).encode(), "times-new-roman-tj"),
    ],
)
def test_every_profile_reads_the_same_letters(
    countries: Countries, data: bytes, profile: str | None
) -> None:
    assert reading(data, countries) == (REAL, profile)


KAZAKH = "Тегі;Әкесінің аты;Туған күні;Азаматтығы;Құжат нөмірі;Ғ. Өтеев"


@pytest.mark.parametrize(
    ("codec", "profile"),
    [("utf-8", None), ("utf-16", None), ("kz1048", "kz1048"), ("ptcp154", "ptcp154-kazakh")],
)
def test_kazakh_letters_are_read_from_every_encoding_that_has_them(
    countries: Countries, codec: str, profile: str | None
) -> None:
    assert reading(KAZAKH.encode(codec), countries) == (KAZAKH, profile)


def test_russian_headings_prove_the_letters_that_all_codecs_share(countries: Countries) -> None:
    russian = "Фамилия;Отчество;Дата рождения;Гражданство"
    assert reading(russian.encode("cp1251"), countries)[0] == russian


def test_degraded_letters_are_not_restored(countries: Countries) -> None:
    flat = REAL.translate(PLAIN)
    assert reading(flat.encode("cp1251"), countries) == (flat, "degraded")


def test_degraded_letters_in_utf_8_are_told_too(countries: Countries) -> None:
    flat = REAL.translate(PLAIN)
    assert reading(flat.encode(), countries) == (flat, "degraded")


def test_one_degraded_word_does_not_degrade_a_file(countries: Countries) -> None:
    assert reading(f"{REAL};Чинс".encode(), countries)[1] is None


def test_unproved_encoding_is_refused(countries: Countries) -> None:
    with pytest.raises(Refusal) as caught:
        told("привет;мир".encode("cp1251"), countries.encodings)
    assert caught.value.code == "text.encoding"
