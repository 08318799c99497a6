"""Code lists as versioned data: `LIST/VERSION.csv` beside `LIST/about.json`, read when asked for.

Common lists stand in `schemas/codelists`, national ones in `adapters/<cc>/lists`. A CSV has the
columns `code`, `parent`?, `title_<language>` and `note`?; a national one also `common`, `mapping`
and `reason`. Lists that pycountry keeps have no CSV, so that nobody maintains a second copy.
"""

import csv
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pycountry

from gateway.model.remembered import remembered

MAPPINGS = frozenset({"exact", "narrower", "broader", "assumed"})


@dataclass(frozen=True, slots=True)
class Mapped:
    """A code of the common list, and how it follows from the native one.

    mapping: exact; broader or narrower: the common code covers more or less; assumed.
    """

    code: str
    mapping: str


@dataclass(frozen=True, slots=True)
class CodeList:
    """One list in one version.

    titles: code → {language: title}. parents, notes: by code, where there are any. mapped: code →
    code of the common list. nested: a code begins with the code of what it lies in.
    """

    name: str
    version: str
    titles: dict[str, dict[str, str]]
    parents: dict[str, str]
    notes: dict[str, str]
    mapped: dict[str, Mapped]
    nested: bool = False

    def has(self, code: str) -> bool:
        """Whether the list holds the code."""
        return code in self.titles

    def title(self, code: str, language: str = "en") -> str | None:
        """The title in a language, else None."""
        return self.titles.get(code, {}).get(language)

    def parent(self, code: str) -> str | None:
        """The code that a code lies in, else None."""
        return self.parents.get(code)

    def common(self, code: str) -> Mapped | None:
        """The common code of a native one.

        In a nested list a code that is not listed, or has no common code of its own, takes that
        of what it lies in, which is broader. None: nothing is known (R38).
        """
        found = self.mapped.get(code)
        if found is not None or not self.nested:
            return found
        for length in range(len(code) - 1, 0, -1):
            found = self.mapped.get(code[:length])
            if found is not None:
                return Mapped(found.code, "broader" if found.mapping == "exact" else "assumed")
        return None


class CodeLists:
    """The code lists of one folder; each is read when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        """folder: holds a folder a list; it is not touched yet."""
        self.folder = folder
        self._read: dict[tuple[str, str | None], CodeList] = {}
        self._common: dict[str, Callable[[str], Mapped | None]] = {}

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of all lists, sorted."""
        return tuple(sorted(file.parent.name for file in self.folder.glob("*/about.json")))

    def about(self, name: str) -> dict[str, Any]:
        """What `about.json` tells of a list: title, keeper, source, what, versions and more."""
        told: dict[str, Any] = json.loads((self.folder / name / "about.json").read_bytes())
        return told

    def find(self, name: str, version: str | None = None) -> CodeList | None:
        """A list in a version, or in its newest; None when there is no such list or version."""
        found = self._read.get((name, version))
        if found is None:
            found = self._load(name, version)
            # What is not there is not remembered: names come from records, without end.
            if found is not None:
                self._read[name, version] = found
        return found

    def named(self, name: str, version: str | None = None) -> CodeList:
        """A list that must be there; KeyError when it is not."""
        found = self.find(name, version)
        if found is None:
            raise KeyError(f"{self.folder.name} holds no list {name} {version or ''}".rstrip())
        return found

    def common(self, name: str, code: str) -> Mapped | None:
        """As `CodeList.common` of a list that must be there; a file repeats its codes."""
        if name not in self._common:
            self._common[name] = remembered(4096)(self.named(name).common)
        return self._common[name](code)

    def _load(self, name: str, version: str | None) -> CodeList | None:
        # Name and version come from a record: they are looked up, and never made a path unseen.
        if name not in self.names:
            return None
        about = self.about(name)
        wanted = version or next(reversed(about["versions"]), "")
        if wanted not in about["versions"]:
            return None
        if "package" in about:
            return CodeList(name, wanted, _from_pycountry(about["package"]), {}, {}, {})
        rows = list(read_rows(self.folder / name / f"{wanted}.csv"))
        return CodeList(
            name,
            wanted,
            {row["code"]: _titles(row) for row in rows},
            {row["code"]: row["parent"] for row in rows if row.get("parent")},
            {row["code"]: row["note"] for row in rows if row.get("note")},
            {r["code"]: Mapped(r["common"], r["mapping"]) for r in rows if r.get("common")},
            nested=about.get("nested", False),
        )


def read_rows(file: Path) -> list[dict[str, str]]:
    """The rows of a list's CSV by column."""
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _titles(row: dict[str, str]) -> dict[str, str]:
    marked = "title_"
    return {
        column[len(marked) :]: text
        for column, text in row.items()
        if column.startswith(marked) and text
    }


def _from_pycountry(part: str) -> dict[str, dict[str, str]]:
    # Its file, not its objects: those cost a sixth of a second and 7 MB for the languages alone.
    name, key = part.split(".")
    database = getattr(pycountry, name)
    told = json.loads(Path(database.filename).read_bytes())
    return {entry[key]: {"en": entry["name"]} for entry in told[database.root_key]}
