"""The tables of letters: one CSV a language, a column a scheme, contexts by name."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
VOWELS = frozenset("аәеёиіӣоөуұүўӯыэюяaeiouöü")
SIGNS = frozenset("ъьʼ")
_NOT_A_SCHEME = ("letter", "context", "variants")


@dataclass(frozen=True, slots=True)
class Letter:
    """One row: a letter or digraph, where it holds, and how each scheme writes it.

    contexts: `initial`, `after vowel`, `after sign`; none means anywhere. variants: other
    spellings of documents and of earlier practice, for matching only.
    """

    spelling: str
    contexts: frozenset[str]
    latin: dict[str, str]
    variants: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The letters of one language, by spelling; rows with a context stand first."""

    lang: str
    schemes: tuple[str, ...]
    letters: dict[str, tuple[Letter, ...]]
    longest: int

    def parted(self, text: str) -> Iterator[tuple[str, Letter | None]]:
        """A lower-case text in letters, the longest spelling first; None: not in the table."""
        at, before = 0, ""
        while at < len(text):
            letter = self._at(text, at, before)
            step = 1 if letter is None else len(letter.spelling)
            yield text[at : at + step], letter
            before = text[at + step - 1]
            at += step

    def _at(self, text: str, at: int, before: str) -> Letter | None:
        for length in range(self.longest, 0, -1):
            for letter in self.letters.get(text[at : at + length], ()):
                if not letter.contexts or _context(before) in letter.contexts:
                    return letter
        return None


def _context(before: str) -> str:
    if before in SIGNS:
        return "after sign"
    if before in VOWELS:
        return "after vowel"
    return "after consonant" if before.isalpha() else "initial"


@cache
def table(lang: str) -> Table:
    """The table of a language (ISO 639-3): kaz, kir, rus, tgk or uzb; KeyError for another."""
    path = FOLDER / "letters" / f"{lang}.csv"
    if lang not in languages():
        raise KeyError(lang)
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines)
        schemes = tuple(name for name in rows.fieldnames or () if name not in _NOT_A_SCHEME)
        found: dict[str, list[Letter]] = {}
        for row in rows:
            found.setdefault(row["letter"], []).append(_letter(row, schemes))
    letters = {
        spelling: tuple(sorted(ones, key=lambda one: not one.contexts))
        for spelling, ones in found.items()
    }
    return Table(lang, schemes, letters, max(map(len, letters)))


def _letter(row: dict[str, str], schemes: tuple[str, ...]) -> Letter:
    return Letter(
        row["letter"],
        frozenset(row["context"].split("|")) - {""},
        {scheme: row[scheme] for scheme in schemes},
        tuple(row["variants"].split("|")) if row["variants"] else (),
    )


@cache
def languages() -> tuple[str, ...]:
    """The languages that have a table, ISO 639-3."""
    return tuple(sorted(path.stem for path in (FOLDER / "letters").glob("*.csv")))


@cache
def endings(kind: str) -> tuple[str, ...]:
    """Spellings of `endings.csv`: `word`, `attached`, `patronymic` or `family`."""
    with (FOLDER / "endings.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(row["spelling"] for row in csv.DictReader(lines) if row["kind"] == kind)
