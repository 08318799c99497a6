"""Names of persons: apostrophes, parts, and the choice of a name for a target's script."""

import re
import unicodedata
from typing import Any

_TURNED = "\u02bb"
_TUTUQ = "\u02bc"
_APOSTROPHES = "'`\u2018\u2019\u02bb\u02bc"
_AFTER_O_OR_G = re.compile(rf"(?<=[OoGg])[{_APOSTROPHES}]")
_ANY = re.compile(rf"[{_APOSTROPHES}]")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_FAMILY = re.compile(r"(ов|ова|ев|ева|ёв|ёва|ин|ина|зода|зод|пур|иён|ӣ)$", re.IGNORECASE)
_PATRONYMIC = re.compile(r"(ович|евич|овна|евна|ич)$", re.IGNORECASE)
# Not уулу and кызы: they end a family name (country-formats 3).
_MARKER = re.compile(r"ўғли|қизи|угли|огли|кизи|oʻgʻli|ogli|ugli|qizi|kizi", re.IGNORECASE)
_KNOWN_PARTS = 3

PARTS = ("family", "given", "patronymic")
GIVEN_FIRST = ("given", "patronymic", "family")
# Contracts of the two states write the given name first, their lists and all else the family name.
ORDERS = {("TJK", "contract"): GIVEN_FIRST, ("UZB", "contract"): GIVEN_FIRST}

Name = dict[str, Any]


def unified(text: str) -> str:
    """Uzbek apostrophes as U+02BB after o and g, U+02BC elsewhere (R12)."""
    if not _ANY.search(text):
        return text
    return _AFTER_O_OR_G.sub(_TURNED, _ANY.sub(_TUTUQ, text))


def script_of(text: str) -> str:
    """ISO 15924: `Cyrl` when a Cyrillic letter occurs, else `Latn`."""
    return "Cyrl" if _CYRILLIC.search(text) else "Latn"


def order_of(country: str, paper: str) -> tuple[str, ...]:
    """The order of parts in a state's papers; paper: `list`, `contract` or another word."""
    return ORDERS.get((country, paper), PARTS)


def composed(name: Name, order: tuple[str, ...] = PARTS) -> str:
    """A whole name out of its parts, family first as the four states' lists write it."""
    return " ".join(name[part] for part in order if part in name)


def split(full: str, order: tuple[str, ...] = PARTS) -> Name:
    """Parts of a full name in a known order, only when all three are known to be such.

    A patronymic with ўғли, қизи or their like is one part of two words. One word alone is a
    single-name person (R12); anything else stays whole.
    """
    words = full.split()
    if len(words) == 1:
        return {"full": full, "noFamilyName": True}
    place = order.index("patronymic") + 1
    marked = len(words) == _KNOWN_PARTS + 1 and _MARKER.fullmatch(words[place])
    if marked:
        words[place - 1 : place + 1] = [" ".join(words[place - 1 : place + 1])]
    if len(words) != _KNOWN_PARTS:
        return {"full": full}
    parts = dict(zip(order, words, strict=True))
    ezafe = parts["given"].casefold().endswith("и")
    known = _FAMILY.search(parts["family"]) or _PATRONYMIC.search(parts["patronymic"])
    return {**parts, "full": full} if marked or known or ezafe else {"full": full}


def choose(names: list[Name], script: str, forms: tuple[str, ...]) -> int | None:
    """Place of the name that suits a field of a script, preferring forms in their order."""
    fitting = [i for i, name in enumerate(names) if name.get("script") == script]
    for form in forms:
        for index in fitting:
            if names[index].get("form") == form:
                return index
    return fitting[0] if fitting else None


def normal(text: str) -> str:
    """Text as adapters write it: NFC, no blanks around it, one blank between words."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return " ".join(text.split())
