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
_KNOWN_PARTS = 3

PARTS = ("family", "given", "patronymic")

Name = dict[str, Any]


def unified(text: str) -> str:
    """Uzbek apostrophes as U+02BB after o and g, U+02BC elsewhere (R12)."""
    if not _ANY.search(text):
        return text
    return _AFTER_O_OR_G.sub(_TURNED, _ANY.sub(_TUTUQ, text))


def script_of(text: str) -> str:
    """ISO 15924: `Cyrl` when a Cyrillic letter occurs, else `Latn`."""
    return "Cyrl" if _CYRILLIC.search(text) else "Latn"


def composed(name: Name) -> str:
    """`full` out of the parts, family first as the four states' lists write it."""
    return " ".join(name[part] for part in PARTS if part in name)


def split(full: str) -> Name:
    """Parts of a full name written family first, only when all three are known to be such.

    One word alone is a single-name person (R12); anything else stays whole.
    """
    words = full.split()
    if len(words) == 1:
        return {"full": full, "noFamilyName": True}
    if len(words) != _KNOWN_PARTS:
        return {"full": full}
    family, given, patronymic = words
    ezafe = given.casefold().endswith("и")
    if _FAMILY.search(family) or _PATRONYMIC.search(patronymic) or ezafe:
        return {"family": family, "given": given, "patronymic": patronymic, "full": full}
    return {"full": full}


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
