"""Code tables of the adapters: CSV files with the columns `native`, `common` and labels."""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pycountry

from gateway.model.remembered import remembered


@dataclass(frozen=True, slots=True)
class CodeTable:
    """One native code list, both ways.

    to_common: folded native spelling → common code. to_native: common code → its first native
    spelling. labels: native spelling → {column: label}.
    """

    name: str
    to_common: dict[str, str]
    to_native: dict[str, str]
    labels: dict[str, dict[str, str]]
    fold: Callable[[str], str]

    def common(self, native: str) -> str | None:
        """The common code of a native spelling, else None."""
        return self.to_common.get(self.fold(native))

    def native(self, common: str) -> str | None:
        """The native spelling that stands for a common code, else None."""
        return self.to_native.get(common)


@remembered(4096)
def folded(text: str) -> str:
    """A spelling without case and needless blanks."""
    return " ".join(text.split()).casefold()


def load_table(path: Path, fold: Callable[[str], str]) -> CodeTable:
    """Read one table; the first row of a spelling or of a common code rules."""
    to_common: dict[str, str] = {}
    to_native: dict[str, str] = {}
    labels: dict[str, dict[str, str]] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            native, common = row.pop("native"), row.pop("common")
            to_common.setdefault(fold(native), common)
            to_native.setdefault(common, native)
            labels.setdefault(native, {column: text for column, text in row.items() if text})
    return CodeTable(path.stem, to_common, to_native, labels, fold)


def load_tables(adapter_file: str, fold: Callable[[str], str] = folded) -> dict[str, CodeTable]:
    """Every table in `codes/` beside an adapter module; spellings are compared folded."""
    folder = Path(adapter_file).parent / "codes"
    return {path.stem: load_table(path, fold) for path in sorted(folder.glob("*.csv"))}


@cache
def _countries() -> dict[str, str]:
    found: dict[str, str] = {}
    for country in pycountry.countries:
        for spelling in (country.alpha_2, country.alpha_3, country.numeric):
            found[spelling] = country.alpha_3
    return found


def alpha_3(code: str) -> str | None:
    """ISO 3166-1 alpha-3 of an alpha-2, alpha-3 or numeric code, else None (R10)."""
    return _countries().get(code.upper())


@cache
def alpha_2(alpha_3_code: str) -> str:
    """ISO 3166-1 alpha-2 of an alpha-3 code."""
    return str(pycountry.countries.lookup(alpha_3_code).alpha_2)


@cache
def numeric(alpha_3_code: str) -> str:
    """ISO 3166-1 numeric of an alpha-3 code."""
    return str(pycountry.countries.lookup(alpha_3_code).numeric)
