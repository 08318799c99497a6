"""Encodings of whole files, decided by words (country-formats 4)."""

import pytest

from gateway.model.refusal import Refusal
from gateway.translation import Countries
from gateway.translation.media.encodings import decoded

REAL = "Ҷинс;Маҳалли зист;Ҳаққи хизмат;Кӣ пардохт;Иҷозатнома;Ғ. Ӯтаев"
TNR = str.maketrans("ҶҷҲҳҚқҒғӢӣӮӯ", "ЉљЊњЌќЃѓЇїЎў")
LEGAL = str.maketrans("ҶҷҲҳҚқҒғӢӣӮӯ", "ЇїІіЅѕЉљЊњЎў")
PLAIN = str.maketrans("ҶҷҲҳҚқҒғӢӣӮӯ", "ЧчХхКкГгИиУу")


@pytest.mark.parametrize(
    ("data", "profile"),
    [
        (REAL.encode(), None),
        (REAL.encode("utf-8-sig"), None),
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
    assert decoded(data, countries.encodings) == (REAL, profile)


def test_degraded_letters_are_not_restored(countries: Countries) -> None:
    flat = REAL.translate(PLAIN)
    assert decoded(flat.encode("cp1251"), countries.encodings) == (flat, "degraded")


def test_one_degraded_word_does_not_degrade_a_file(countries: Countries) -> None:
    assert decoded(f"{REAL};Чинс".encode(), countries.encodings)[1] is None


def test_unproved_encoding_is_refused(countries: Countries) -> None:
    with pytest.raises(Refusal) as caught:
        decoded("привет;мир".encode("cp1251"), countries.encodings)
    assert caught.value.code == "text.encoding"
