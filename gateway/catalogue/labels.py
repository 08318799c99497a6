"""Labels of the standard in six languages, as data that a translator edits (DESIGN 3).

`schemas/labels/1/<language>.csv` holds one row a key: `key,text,reviewed`. Keys are
`record/TYPE`, `member/TYPE/MEMBER`, `code/TYPE/CODE`, `code/TYPE.MEMBER/CODE` (codes of an open
list), `warning/CODE` and `text/NAME`. `reviewed` is `no` until a person of that language said
otherwise.
"""

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from gateway.catalogue.folders import record_folders

LANGUAGES = ("en", "kk", "ky", "ru", "tg", "uz")

# Sentences of the templates; everything else is named by the standard itself.
TEXTS = (
    "instructions",
    "required",
    "choose",
    "choose-several",
    "free-text",
    "long-text",
    "whole-number",
    "amount",
    "date",
    "partial-date",
    "code",
    "year-period",
    "how-fill",
    "how-required",
    "how-choices",
    "how-dates",
    "how-more",
    "how-rows",
    "how-headings",
    "how-send",
    "unreviewed",
)
_ENUMERATION = re.compile(r"\^\(\?:\(\?:([A-Za-z0-9]+(?:\|[A-Za-z0-9]+)*)\)\)\$")


@dataclass(frozen=True, slots=True)
class Label:
    """One text and whether a person of its language has reviewed it."""

    text: str
    reviewed: bool


@dataclass(frozen=True, slots=True)
class Labels:
    """All labels: language → key → label."""

    by_language: Mapping[str, Mapping[str, Label]]

    def text(self, key: str, language: str) -> str:
        """The text of a key; KeyError for a key or language that there is not."""
        return self.by_language[language][key].text

    def texts(self, key: str) -> tuple[str, ...]:
        """The texts of a key in every language, in the order of LANGUAGES."""
        return tuple(self.by_language[language][key].text for language in LANGUAGES)


@cache
def load_labels(schemas: Path) -> Labels:
    """Read the six files once. ValueError for a key told twice or a mark other than yes and no."""
    folder = schemas / "labels" / "1"
    return Labels({one: _read(folder / f"{one}.csv") for one in LANGUAGES})


def _read(file: Path) -> dict[str, Label]:
    found: dict[str, Label] = {}
    with file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["key"] in found or row["reviewed"] not in ("yes", "no"):
                message = f"{file.name}: a key stands twice, or is neither reviewed yes nor no"
                raise ValueError(message)
            found[row["key"]] = Label(row["text"], row["reviewed"] == "yes")
    return found


def enumerated(definition: Mapping[str, Any]) -> tuple[str, ...]:
    """The codes of a simple type of the generated JSON Schema; none when it is no list of codes."""
    if definition.get("type") == "boolean":
        return ("true", "false")
    matched = _ENUMERATION.fullmatch(definition.get("pattern", ""))
    return tuple(matched[1].split("|")) if matched else ()


def expected_keys(schemas: Path, warnings: Iterable[str]) -> set[str]:
    """Every key that each language must have, no more: what the twelve XSDs and the code name."""
    found = {f"text/{name}" for name in TEXTS} | {f"warning/{code}" for code in warnings}
    for folder in record_folders(schemas):
        name = folder.parent.name
        document = json.loads((schemas / "generated" / f"{name}.schema.json").read_bytes())
        found.add(f"record/{name}")
        for type_name, definition in document["$defs"].items():
            found.update(_keys(type_name, definition))
    with (schemas / "layouts" / "1" / "open-codes.csv").open(encoding="utf-8", newline="") as told:
        found |= {f"code/{r['type']}.{r['member']}/{r['code']}" for r in csv.DictReader(told)}
    return found


def _keys(type_name: str, definition: Mapping[str, Any]) -> Iterator[str]:
    for member in definition.get("properties", {}):
        yield f"member/{type_name}/{member}"
    for code in enumerated(definition):
        yield f"code/{type_name}/{code}"
