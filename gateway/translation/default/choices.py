"""Lists to choose from: what a code may be, and how it is called in six languages.

Enumerated codes have their labels in `schemas/labels`; countries, currencies, languages and
scripts are kept by pycountry (ISO) and Babel (Unicode CLDR), so nobody maintains a second copy.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Literal

import pycountry

from gateway.catalogue.codelists import CodeLists
from gateway.catalogue.labels import LANGUAGES, Labels, enumerated
from gateway.translation import names
from gateway.translation.codes import alpha_2, alpha_3
from gateway.translation.default.columns import Column, Definitions, folded, rows_of
from gateway.translation.identifiers import SCHEMES

_ANY_CODE = r"[A-Za-z0-9][A-Za-z0-9._/\-]{0,63}"
_NAMED_CODE = re.compile(r".*\(([A-Za-z0-9-]+)\)", re.DOTALL)
_CODE_NAMED = re.compile(r"([A-Za-z0-9./-]+) [–-] .*", re.DOTALL)

_MOST_SEEN = 4_096

Words = Callable[[str], Mapping[str, str]]
Named = Literal["", "before", "behind"]


class Choices:
    """One list: its codes, and its words in each language."""

    def __init__(
        self,
        codes: Iterable[str],
        words: Words,
        *,
        spelled: Callable[[str], str | None] = lambda _: None,
        named: Named = "",
        kept: str = "",
        list_name: str = "",
    ) -> None:
        """words: language → code → word. spelled: other spellings of a code, else None. named:
        how a code stands beside its word. kept: pattern of codes that are kept though they are
        not listed; a doubt is then told of them. list_name: that a coded value tells."""
        self.codes = tuple(codes)
        self._listed = frozenset(self.codes)
        # What was read of the list before; spellings of listed codes only.
        self.seen: dict[str, str] = {}
        self.words = words
        self.spelled = spelled
        self.named = named
        self.list_name = list_name
        self._kept = re.compile(kept) if kept else None

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
        code = self.seen.get(text)
        if code is None:
            code = self._told(text.strip())
            # Only what stands in the list is remembered: it is no content, and there is an end.
            if code in self._listed and len(self.seen) < _MOST_SEEN:
                self.seen[text] = code
        return code

    def _told(self, given: str) -> str | None:
        if given in self._listed:
            return given
        for said in (given, *_said(given)):
            code = self._by_code.get(said.casefold()) or self.spelled(said)
            if code is not None:
                return code
        known = self._by_word.get(folded(given))
        if known is None and self._kept is not None and self._kept.fullmatch(given):
            return given
        return known

    def shown(self, code: str, language: str) -> str:
        """How a code is shown in a language; the code itself when it has no word there."""
        word = self.words(language).get(code)
        if word is None:
            return code
        return {"behind": f"{word} ({code})", "before": f"{code} – {word}", "": word}[self.named]

    def listed(self, language: str, first: Iterable[str] = ()) -> list[str]:
        """The list as it is shown; codes named first stand first, the others by their words.

        A code of a long list that has no word in the language is not shown, but may be written.
        """
        words = self.words(language)
        head = [code for code in first if code in self._listed]
        rest = [code for code in self.codes if code not in head]
        if self.named == "behind":
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
        self._lists = CodeLists(schemas / "codelists")
        self._of_members = {
            (row["type"], row["member"]): row["list"]
            for file in (schemas / "layouts" / "1" / "lists.csv", self._lists.folder / "uses.csv")
            for row in rows_of(file)
        }
        self._open: dict[str, list[str]] = {}
        for row in rows_of(schemas / "layouts" / "1" / "open-codes.csv"):
            self._open.setdefault(f"{row['type']}.{row['member']}", []).append(row["code"])
        self._made: dict[str, Choices | None] = {}

    def of(self, column: Column, definitions: Definitions) -> Choices | None:
        """The list of a column, else None."""
        name = self._named(column)
        if name not in self._made:
            self._made[name] = self._make(name, definitions)
        return self._made[name]

    def _named(self, column: Column) -> str:
        here = (column.owner, column.member)
        if here == ("Identifier", "scheme"):
            return "Identifier.scheme"
        if here == ("CodedValue", "code"):
            # The member that holds the coded value says of which list its code is.
            _, owner, member = column.words[-2][0].split("/")
            here = (owner, member)
        name = ".".join(here)
        return name if name in self._open else self._of_members.get(here, column.type_name)

    def _make(self, name: str, definitions: Definitions) -> Choices | None:
        if name in _KEPT:
            return _KEPT[name]()
        if name == "Identifier.scheme":
            return Choices(SCHEMES, lambda _: {})
        if name in self._of_members.values():
            return self._listed(name)
        codes = self._open.get(name) or enumerated(definitions[name])
        if not codes:
            return None

        @cache
        def words(language: str) -> Mapping[str, str]:
            return {code: self._labels.text(f"code/{name}/{code}", language) for code in codes}

        spelled = _yes_or_no if name == "Boolean" else lambda _: None
        return Choices(codes, words, spelled=spelled, kept=_ANY_CODE if name in self._open else "")

    def _listed(self, name: str) -> Choices:
        known = self._lists.named(name)

        @cache
        def words(language: str) -> Mapping[str, str]:
            titles = ((code, known.title(code, language) or known.title(code)) for code in codes)
            return {code: title for code, title in titles if title}

        codes = tuple(known.titles)
        return Choices(codes, words, named="before", kept=_ANY_CODE, list_name=name)

    def unknown(self) -> frozenset[str]:
        """The words for a date that is not known, folded."""
        return frozenset(folded(word) for word in self._labels.texts("code/DatePrecision/none"))


def _yes_or_no(text: str) -> str | None:
    return {"1": "true", "0": "false"}.get(text)


def _countries() -> Choices:
    codes = [country.alpha_3 for country in pycountry.countries]
    return Choices(
        codes, _cldr("territories", alpha_2), spelled=alpha_3, named="behind", kept="[A-Z]{3}"
    )


def _currencies() -> Choices:
    codes = [currency.alpha_3 for currency in pycountry.currencies]
    return Choices(codes, _cldr("currencies", str), named="behind", kept="[A-Z]{3}")


def _languages() -> Choices:
    codes = [language.alpha_3 for language in pycountry.languages]
    return Choices(
        codes, _cldr("languages", _shortest), spelled=_two_letters, named="behind", kept="[a-z]{3}"
    )


def _shortest(alpha_3_code: str) -> str:
    found = pycountry.languages.get(alpha_3=alpha_3_code)
    return str(getattr(found, "alpha_2", alpha_3_code))


def _two_letters(text: str) -> str | None:
    found = pycountry.languages.get(alpha_2=text.lower())
    return None if found is None else str(found.alpha_3)


def _scripts() -> Choices:
    codes = [script.alpha_4 for script in pycountry.scripts]
    return Choices(codes, _cldr("scripts", str), named="behind", kept="[A-Z][a-z]{3}")


def _subdivisions() -> Choices:
    found = {one.code: one.name for one in pycountry.subdivisions}
    return Choices(found, lambda _: found, named="behind", kept="[A-Z]{2}-[A-Z0-9]{1,3}")


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
