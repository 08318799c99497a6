"""Search keys: one name in many spellings gives one key.

The keys are opaque (Ш is `x`, Ч is `c`, Х is `h`) and never shown. They find candidates; a score
or a person decides. Each is coarser than the one before:

- `folded`: scripts, apostrophes, both Uzbek Latin alphabets, national and ICAO digraphs;
- `degraded`: also letters which a Russian keyboard or an old code page lost (Ҷ as Ч, Ӯ as У),
  and а, о, у as one, since passports took over Russian spellings (Қўчқоров, KUCHKAROV);
- `consonants`: the skeleton, for blocking.
"""

import csv
import re
import unicodedata
from functools import cache

from gateway.translation.names import unified
from gateway.translation.transliteration.tables import FOLDER, endings

# The order counts: `ø` (oʻ, ў, ö) must not make `yo`, nor `ħ` (ҳ, х, x) after s make `sh`, since
# Latin Uzbek parts the two (Isʼhoq). It does not part зҳ, кҳ and гҳ (Azhar), so they are digraphs.
_STEPS = tuple(
    (re.compile(pattern), key)
    for pattern, key in (
        (r"(?<![sc])ħ", "h"),
        (r"dzh|dj|zh", "j"),
        (r"sh", "x"),
        (r"ch", "c"),
        (r"kh|ħ", "h"),
        (r"gh", "g"),
        (r"ts", "s"),
        (r"xc", "x"),
        (r"ʼ|ʻ", ""),
        (r"ng+", "n"),
        (r"y[eo]", "e"),
        (r"y", "i"),
        (r"ie", "e"),
        (r"ø", "o"),
        (r"[^a-z]+", " "),
        (r"(.)\1+", r"\1"),
    )
)
_BROAD = re.compile(r"[aou]+")
_MUTE = str.maketrans({**dict.fromkeys("aeiouyhøħʼ"), "j": "c", "x": "s"})
_TWICE = re.compile(r"(.)\1+")
_LOST_I = re.compile(r"[ӣī]\b")
_MARKS = re.compile(r"[\u0300-\u036f]")
_SHORTEST_STEM = 3


def folded(text: str) -> str:
    """The finest key: the same for a name in Cyrillic, in either Uzbek Latin and in ICAO letters
    that keep its vowels."""
    key = unified(unicodedata.normalize("NFC", text).casefold())
    key = key.replace("oʻ", "ø").replace("gʻ", "g").translate(_letters())
    if not key.isascii():
        key = _MARKS.sub("", unicodedata.normalize("NFD", key))
    for pattern, letters in _STEPS:
        key = pattern.sub(letters, key)
    return key.strip()


def degraded(text: str) -> str:
    """The same for a name and for what a degraded file made of it (R4)."""
    broad = _BROAD.sub("a", folded(text).replace("j", "c").replace("dc", "c").replace("xc", "x"))
    return _TWICE.sub(r"\1", broad)


def consonants(text: str, most: int = 0) -> str:
    """The consonants of each word, for blocking; h is mute, ш counts as с.

    most: how many are asked for, blanks between words among them; 0: all of them. Letters of
    other alphabets say nothing. Made to be cheap, since doubts ask for it on every record.
    """
    digraph, letters = _digraphs()
    lower = text.casefold()
    if digraph.search(lower):
        lower = digraph.sub(lambda found: letters[found[0]], lower)
    found, before = [], " "
    for letter in lower.translate(_skeleton()):
        if letter != before:
            found.append(letter)
            before = letter
            # One more than asked for tells whether a blank stands last.
            if len(found) == most + 1 > 1:
                return "".join(found[:most])
    return "".join(found).rstrip()


def stems(text: str) -> tuple[str, ...]:
    """Folded words without their endings, and without уулу, қизи and their like.

    Of the list of country-formats 8 with Russian patronymics; a stem keeps three letters.
    """
    parted = _attached().sub(r" \1", _LOST_I.sub("", text.casefold()))
    words = folded(parted).split()
    return tuple(_stem(word) for word in words if word not in _folded_endings("word"))


def without_ezafe(given: str) -> str:
    """A Tajik given name without the ezafe -и that ties it to the patronymic, for matching only."""
    return given[:-1] if given.endswith(("и", "И")) else given


def _stem(word: str) -> str:
    for kind in ("patronymic", "family"):
        for ending in _folded_endings(kind):
            if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
                return word[: -len(ending)]
    return word


@cache
def _letters() -> dict[int, str]:
    return str.maketrans(_rows("folding.csv"))


@cache
def _digraphs() -> tuple[re.Pattern[str], dict[str, str]]:
    """What counts as one consonant, and the letter that stands for it."""
    letters = _rows("digraphs.csv")
    return re.compile("|".join(sorted(letters, key=len, reverse=True))), letters


def _rows(name: str) -> dict[str, str]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as lines:
        return dict(list(csv.reader(lines))[1:])


class _Mute(dict[int, str]):
    """A translation by which a letter that is not in it says nothing."""

    def __missing__(self, letter: int) -> str:
        return ""


@cache
def _skeleton() -> _Mute:
    letters = {ord(one): one for one in "abcdefghijklmnopqrstuvwxyz "} | _letters()
    return _Mute({letter: key.translate(_MUTE) for letter, key in letters.items()})


@cache
def _attached() -> re.Pattern[str]:
    return re.compile(rf"(?<=\w{{3}})({'|'.join(endings('attached'))})\b")


@cache
def _folded_endings(kind: str) -> tuple[str, ...]:
    keys = {folded(spelling) for spelling in endings(kind)} - {"i"}
    return tuple(sorted(keys, key=len, reverse=True))
