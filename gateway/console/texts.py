"""The console's texts by language: English in the templates, others from gettext catalogues."""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

LANGUAGES = {"en": "English", "ru": "Русский"}
_FOLDER = Path(__file__).parent / "texts"


def text_in(language: str) -> Callable[[str], str]:
    """Give the function that says an English text in a language; what has no translation stays."""
    known = _catalogue(language)
    return lambda english: known.get(english) or english


@cache
def _catalogue(language: str) -> Mapping[str, str]:
    file = _FOLDER / f"{language}.po"
    if language not in LANGUAGES or not file.exists():
        return {}
    with file.open("rb") as lines:
        return {str(one.id): str(one.string) for one in read_po(lines, locale=language) if one.id}
