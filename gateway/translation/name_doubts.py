"""Doubts about a person's names: a Latin name that cannot be a spelling of the Cyrillic one."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from gateway.model.refusal import Warned
from gateway.translation.transliteration import consonants
from gateway.translation.transliteration.tables import endings

_FIRST_CONSONANTS = 2
_DOCUMENTED = ("icao", "mrz")


def name_doubts(person: dict[str, Any]) -> list[Warned]:
    """`NAME-LATIN-DISAGREES` for a passport's name that shares no part with a Cyrillic one.

    Marriage, Russian endings, another order and lost letters change single parts, so only names
    of which *no* word can be the same are doubted.
    """
    known = person.get("name", [])
    if len(known) < 2:
        return []
    cyrillic = [name for name in known if name.get("script") == "Cyrl"]
    return [
        Warned("NAME-LATIN-DISAGREES", f"/person/name/{place}")
        for place, name in enumerate(known)
        if name.get("script") == "Latn" and name["form"] in _DOCUMENTED and cyrillic
        if not any(alike(words(name), words(other)) for other in cyrillic)
    ]


def words(name: dict[str, Any]) -> tuple[str, ...]:
    """Given name and family name, or the whole name where the parts are not known."""
    return tuple(name[part] for part in ("given", "family") if part in name) or (name["full"],)


def alike(some: Sequence[str], others: Sequence[str]) -> bool:
    """Whether two names share a word, going by its first two consonants in any script.

    Names without consonants are alike to all, since nothing can be said of them.
    """
    # Mostly the first words agree, and then the others need no look.
    if consonants(some[0], _FIRST_CONSONANTS) == consonants(others[0], _FIRST_CONSONANTS) != "":
        return True
    first, second = _skeletons(some), _skeletons(others)
    if not first or not second:
        return True
    return any(one.startswith(other) or other.startswith(one) for one in first for other in second)


def _skeletons(texts: Iterable[str]) -> list[str]:
    kept = [word for word in " ".join(texts).casefold().split() if word not in _markers()]
    # Kazakh у is U or W in passports (ANUAR, ANWAR), while elsewhere W is в.
    kept += [word.replace("w", "u") for word in kept if "w" in word]
    found = (consonants(word, _FIRST_CONSONANTS) for word in kept)
    return [skeleton for skeleton in found if skeleton]


@cache
def _markers() -> frozenset[str]:
    return frozenset(endings("word"))
