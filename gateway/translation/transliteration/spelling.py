"""One text in another alphabet: by a scheme, as ICAO 9303 spells it, and in all its variants.

For matching, and for names of the form `transliterated` where a layout asks for one. No record
gets a transliterated text silently (R37).
"""

import unicodedata
from collections.abc import Iterator
from itertools import combinations, islice, product
from typing import Any

from gateway.translation.names import PARTS, unified
from gateway.translation.transliteration.tables import Letter, table

ICAO = "icao"
_SEPARATORS = " -"


def transliterate(text: str, lang: str, scheme: str) -> str:
    """A text by a scheme of its language's table; what the table lacks stays as it is.

    lang: ISO 639-3. scheme: a column of the table, e.g. `icao`, `bgn`, `latin1995`. Uzbek may
    come in either Latin alphabet and with any apostrophe. KeyError for an unknown scheme.
    """
    known = table(lang)
    if scheme not in known.schemes:
        raise KeyError(scheme)
    given = _given(text, lang)
    written = []
    at = 0
    for source, letter in known.parted(_lower(given)):
        spelled = given[at : at + len(source)]
        latin = spelled if letter is None else letter.latin[scheme]
        written.append(latin if letter is None else _cased(latin, given, at, len(source)))
        at += len(source)
    return "".join(written)


def icao(text: str, lang: str) -> str:
    """A name in capitals A to Z, blanks and hyphens, as a passport prints it.

    The Central Asian letters follow national practice, since 9303 does not define them; letters
    of another Cyrillic alphabet follow 9303, and marks on Latin letters are dropped.
    """
    return _plain(transliterate(transliterate(text, lang, ICAO), "rus", ICAO))


def variants(text: str, lang: str, *, limit: int = 200) -> list[str]:
    """ICAO spellings that documents may show for a name, the usual one first, at most `limit`.

    A letter that occurs twice is spelled alike both times; fewer departures come first.
    """
    pieces = _spelled(text, lang)
    choices = {source: options for source, options in pieces if len(options) > 1}
    spellings = (
        "".join(chosen.get(source, options[0]) for source, options in pieces)
        for chosen in _departures(choices)
    )
    return list(dict.fromkeys(islice(spellings, limit)))


def could_be(text: str, latin: str, lang: str) -> bool:
    """Whether a Latin name is one of the spellings of a text, each letter chosen freely.

    Blanks, hyphens and apostrophes do not count.
    """
    target = "".join(letter for letter in _plain(latin) if letter not in _SEPARATORS)
    reached = {0}
    for source, options in _spelled(text, lang):
        if source not in _SEPARATORS:
            reached = {
                at + len(one) for at in reached for one in options if target.startswith(one, at)
            }
    return len(target) in reached


def transliterated(name: dict[str, Any], scheme: str) -> dict[str, Any]:
    """A name of the form `transliterated`: the same parts in Latin letters, by a scheme.

    name: a `PersonName` with its `lang`; KeyError when that has no such table or scheme.
    """
    lang = name["lang"]
    parts = {
        part: transliterate(name[part], lang, scheme) for part in (*PARTS, "full") if part in name
    }
    alone = {"noFamilyName": True} if name.get("noFamilyName") else {}
    return {"form": "transliterated", "script": "Latn", "lang": lang, **parts, **alone}


def _given(text: str, lang: str) -> str:
    composed = unicodedata.normalize("NFC", text)
    return unified(composed) if lang == "uzb" else composed


def _lower(text: str) -> str:
    """Lower case that keeps every letter's place."""
    return "".join(one.lower() if len(one.lower()) == 1 else one for one in text)


def _cased(latin: str, given: str, at: int, length: int) -> str:
    if not given[at].isupper():
        return latin
    after, before = given[at + length : at + length + 1], given[at - 1 : at]
    rest = given[at + 1 : at + length]
    capitals = rest.isupper() or (after.isupper() if after.isalpha() else before.isupper())
    return latin.upper() if capitals else latin[:1].upper() + latin[1:]


def _plain(text: str) -> str:
    bare = unicodedata.normalize("NFD", text).upper()
    return "".join(one for one in bare if "A" <= one <= "Z" or one in _SEPARATORS)


def _spelled(text: str, lang: str) -> list[tuple[str, tuple[str, ...]]]:
    """Each letter of a text with its spellings in A to Z, the ICAO one first."""
    lowered = _lower(_given(text, lang))
    return [(source, _options(source, letter)) for source, letter in table(lang).parted(lowered)]


def _options(source: str, letter: Letter | None) -> tuple[str, ...]:
    if letter is None:
        return (source,) if source in _SEPARATORS else (_plain(transliterate(source, "rus", ICAO)),)
    known = (letter.latin[ICAO], *letter.latin.values(), *letter.variants)
    return tuple(dict.fromkeys(_plain(one) for one in known))


def _departures(choices: dict[str, tuple[str, ...]]) -> Iterator[dict[str, str]]:
    for count in range(len(choices) + 1):
        for sources in combinations(choices, count):
            for spellings in product(*(choices[source][1:] for source in sources)):
                yield dict(zip(sources, spellings, strict=True))
