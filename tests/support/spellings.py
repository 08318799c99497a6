"""Independent packages that write Central Asian names in Latin letters, and where we differ."""

import csv
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import alifbe
import icu
import kyrgyz_transliteration
import tojiki

from gateway.translation.transliteration import transliterate

FOLDER = Path(__file__).resolve().parents[1] / "oracles" / "transliteration"


@dataclass(frozen=True, slots=True)
class Judge:
    """A package's function, and the language and scheme of ours that it is held against."""

    name: str
    lang: str
    scheme: str
    spell: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Difference:
    """A letter that a judge writes otherwise than our table, and why ours stays."""

    judge: str
    letter: str
    ours: str
    theirs: str
    reason: str


def _icu(name: str) -> Callable[[str], str]:
    spelled = icu.Transliterator.createInstance(name)
    return lambda word: unicodedata.normalize("NFC", spelled.transliterate(word))


JUDGES = (
    Judge("ICU Kazakh-Latin/BGN", "kaz", "bgn", _icu("Kazakh-Latin/BGN")),
    Judge("ICU Kirghiz-Latin/BGN", "kir", "bgn", _icu("Kirghiz-Latin/BGN")),
    Judge("ICU uz_Cyrl-uz_Latn", "uzb", "latin1995", _icu("uz_Cyrl-uz_Latn")),
    Judge(
        "alifbe cyrillic_to_latin",
        "uzb",
        "latin1995",
        lambda word: str(alifbe.cyrillic_to_latin(word)),
    ),
    Judge(
        "alifbe to_new_latin",
        "uzb",
        "latin2026",
        lambda word: str(alifbe.to_new_latin(transliterate(word, "uzb", "latin1995"))),
    ),
    Judge("tojiki to_latin", "tgk", "bgn", tojiki.to_latin),
    Judge(
        "tojiki to_latin ascii", "tgk", "icao", lambda word: tojiki.to_latin(word, ascii_only=True)
    ),
    Judge(
        "kyrgyz-transliteration english",
        "kir",
        "icao",
        lambda word: kyrgyz_transliteration.to_latin(word, scheme="english"),
    ),
)
# Its letters are of no scheme of ours (BGN/PCGN 1979, before the Latin alphabet): keys only.
UZBEK_BGN = Judge("ICU Uzbek-Latin/BGN", "uzb", "", _icu("Uzbek-Latin/BGN"))


def words(lang: str) -> list[str]:
    """Common names, places and words of a language, lower case."""
    with (FOLDER / "words.csv").open(encoding="utf-8", newline="") as lines:
        return [row["word"].lower() for row in csv.DictReader(lines) if row["lang"] == lang]


def differences() -> list[Difference]:
    """Every known difference, in the order of the file."""
    with (FOLDER / "differences.csv").open(encoding="utf-8", newline="") as lines:
        return [Difference(**row) for row in csv.DictReader(lines)]
