"""Lists to choose from: what a code may be, and how it is called in six languages.

Enumerated codes have their labels in `schemas/labels`; countries, currencies, languages and
scripts are kept by pycountry (ISO) and Babel (Unicode CLDR), so nobody maintains a second copy.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache, cached_property
from pathlib import Path

import pycountry

from gateway.catalogue.labels import LANGUAGES, Labels, enumerated
from gateway.translation import names
from gateway.translation.codes import alpha_2, alpha_3
from gateway.translation.default.columns import Column, Definitions, folded
from gateway.translation.identifiers import SCHEMES

_NAMED_CODE = re.compile(r".*\(([A-Za-z0-9-]+)\)", re.DOTALL)
_CODE_NAMED = re.compile(r"([A-Za-z0-9./-]+) [–-] .*", re.DOTALL)

Words = Callable[[str], Mapping[str, str]]


class Choices:
    """One list: its codes, and its words in each language."""

    def __init__(
        self,
        codes: Iterable[str],
        words: Words,
        *,
        spelled: Callable[[str], str | None] = lambda _: None,
        named: bool = False,
    ) -> None:
        """words: language → code → word. spelled: other spellings of a code, else None. named: a
        word is shown with its code, since words may be alike."""
        self.codes = tuple(codes)
        self.words = words
        self.spelled = spelled
        self.named = named

    @cached_property
    def _by_code(self) -> dict[str, str]:
        return {code.casefold(): code for code in self.codes}

    @cached_property
    def _by_word(self) -> dict[str, str | None]:
        found: dict[str, str | None] = {}
        for language in LANGUAGES:
            for code, word in self.words(language).items():
                # A word of two codes says neither.
                key = folded(word)
                found[key] = code if found.get(key, code) == code else None
        return found

    def read(self, text: str) -> str | None:
        """The code of a cell: a code, a word of any language, or both together; else None."""
        given = text.strip()
        for said in (given, *_said(given)):
            code = self._by_code.get(said.casefold()) or self.spelled(said)
            if code is not None:
                return code
        return self._by_word.get(folded(given))

    def shown(self, code: str, language: str) -> str:
        """How a code is shown in a language; the code itself when it has no word there."""
        word = self.words(language).get(code)
        if word is None:
            return code
        return f"{word} ({code})" if self.named else word

    def listed(self, language: str, first: Iterable[str] = ()) -> list[str]:
        """The list as it is shown; codes named first stand first, the others by their words.

        A code of a long list that has no word in the language is not shown, but may be written.
        """
        words = self.words(language)
        head = [code for code in first if code in self.codes]
        rest = [code for code in self.codes if code not in head]
        if self.named:
            rest = sorted((c for c in rest if c in words), key=lambda code: folded(words[code]))
        return [self.shown(code, language) for code in (*head, *rest)]


def _said(given: str) -> list[str]:
    matched = (pattern.fullmatch(given) for pattern in (_NAMED_CODE, _CODE_NAMED))
    return [found[1] for found in matched if found is not None]


class ChoiceLists:
    """The lists of all columns; each is made when it is first asked for."""

    def __init__(self, labels: Labels, schemas: Path) -> None:
        """schemas: the folder of the standard."""
        self._labels = labels
        self._schemas = schemas
        self._made: dict[str, Choices | None] = {}

    def of(self, column: Column, definitions: Definitions) -> Choices | None:
        """The list of a column, else None."""
        name = column.type_name
        if (column.owner, column.member) == ("Identifier", "scheme"):
            name = "Identifier.scheme"
        if name not in self._made:
            self._made[name] = self._make(name, definitions)
        return self._made[name]

    def _make(self, name: str, definitions: Definitions) -> Choices | None:
        if name in _KEPT:
            return _KEPT[name]()
        if name == "Identifier.scheme":
            return Choices(SCHEMES, lambda _: {})
        codes = enumerated(definitions[name])
        if not codes:
            return None

        @cache
        def words(language: str) -> Mapping[str, str]:
            return {code: self._labels.text(f"code/{name}/{code}", language) for code in codes}

        return Choices(codes, words, spelled=_yes_or_no if name == "Boolean" else lambda _: None)

    def unknown(self) -> frozenset[str]:
        """The words for a date that is not known, folded."""
        return frozenset(folded(word) for word in self._labels.texts("code/DatePrecision/none"))


def _yes_or_no(text: str) -> str | None:
    return {"1": "true", "0": "false"}.get(text)


def _countries() -> Choices:
    codes = [country.alpha_3 for country in pycountry.countries]
    return Choices(codes, _cldr("territories", alpha_2), spelled=alpha_3, named=True)


def _currencies() -> Choices:
    codes = [currency.alpha_3 for currency in pycountry.currencies]
    return Choices(codes, _cldr("currencies", str), named=True)


def _languages() -> Choices:
    codes = [language.alpha_3 for language in pycountry.languages]
    return Choices(codes, _cldr("languages", _shortest), spelled=_two_letters, named=True)


def _shortest(alpha_3_code: str) -> str:
    found = pycountry.languages.get(alpha_3=alpha_3_code)
    return str(getattr(found, "alpha_2", alpha_3_code))


def _two_letters(text: str) -> str | None:
    found = pycountry.languages.get(alpha_2=text.lower())
    return None if found is None else str(found.alpha_3)


def _scripts() -> Choices:
    codes = [script.alpha_4 for script in pycountry.scripts]
    return Choices(codes, _cldr("scripts", str), named=True)


def _subdivisions() -> Choices:
    found = {one.code: one.name for one in pycountry.subdivisions}
    return Choices(found, lambda _: found, named=True)


_KEPT: dict[str, Callable[[], Choices]] = {
    "CountryCode": _countries,
    "CurrencyCode": _currencies,
    "LanguageCode": _languages,
    "ScriptCode": _scripts,
    "SubdivisionCode": _subdivisions,
}


def _cldr(kind: str, key: Callable[[str], str]) -> Words:
    """Words of CLDR by the codes of ISO; key: a code as CLDR names it."""
    codes = {
        "territories": [country.alpha_3 for country in pycountry.countries],
        "currencies": [currency.alpha_3 for currency in pycountry.currencies],
        "languages": [language.alpha_3 for language in pycountry.languages],
        "scripts": [script.alpha_4 for script in pycountry.scripts],
    }[kind]

    @cache
    def words(language: str) -> Mapping[str, str]:
        # Imported here: most files tell codes, and then nobody needs the words.
        from babel import Locale  # noqa: PLC0415

        told = getattr(Locale(language), kind)
        found = ((code, told.get(key(code))) for code in codes)
        return {
            code: names.unified(word) if language == "uz" else word for code, word in found if word
        }

    return words
