"""Counters of what becomes of many records: places, never values, and never more than fit.

A place is a file, rows and a member path. Of each finding only the first few places are kept, and
the number of findings is bounded, so that a million rows need no more memory than a hundred.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

REFUSED, LOST, FLAGGED = "refused", "lost", "flagged"
EXAMPLES = 3
# A hostile file may name a million columns; what comes after these is counted together.
MOST_FINDINGS = 2_000
ELSEWHERE = "(further places)"
_LONGEST_STEP = 60
# A heading or member name that looks like somebody's number or address is not repeated.
_TELLING = re.compile(r"\d{5}|\w@\w")
_ROW = re.compile(r"^(row|line) \d+(: ?|$)")


class Place(NamedTuple):
    """Where one example stands: file below the folder, rows counted from 1, member path."""

    file: str
    rows: tuple[int, ...]
    path: str


class Key(NamedTuple):
    """What makes two findings one.

    kind: `refused`, `lost` or `flagged`. step: `file`, `read` (native to common), `policy` or
    `write` (common to the recipient's layout). path: without rows and places in lists.
    """

    kind: str
    step: str
    layout: str
    code: str
    path: str
    text: str


@dataclass(slots=True)
class Finding:
    """How often, and where for example."""

    count: int = 0
    examples: list[Place] = field(default_factory=list)

    def add(self, count: int, places: Iterable[Place]) -> None:
        """Count more of it; the first places stay."""
        self.count += count
        if len(self.examples) < EXAMPLES:
            self.examples += list(places)[: EXAMPLES - len(self.examples)]


@dataclass(slots=True)
class LayoutCount:
    """What became of the files and records of one layout.

    records: read or refused. refused: would not leave. whole: leave with nothing lost or flagged.
    lossy, flagged: leave, but with something lost or flagged (a record may be both). common_form:
    leave, but reach the recipient in the common form since no layout of its can carry them.
    """

    record_type: str
    targets: set[str] = field(default_factory=set)
    files: int = 0
    records: int = 0
    refused: int = 0
    whole: int = 0
    lossy: int = 0
    flagged: int = 0
    common_form: int = 0

    def add(self, other: "LayoutCount") -> None:
        """Count the other's files and records too."""
        self.targets |= other.targets
        for name in ("files", "records", "refused", "whole", "lossy", "flagged", "common_form"):
            setattr(self, name, getattr(self, name) + getattr(other, name))


class Tally:
    """Findings by what makes them one, and counts by layout."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.findings: dict[Key, Finding] = {}
        self.layouts: dict[str, LayoutCount] = {}

    def find(self, key: Key, count: int, places: Iterable[Place]) -> None:
        """Count a finding; when there are too many different ones, under `ELSEWHERE`."""
        found = self.findings.get(key)
        if found is None and len(self.findings) >= MOST_FINDINGS:
            key = Key(key.kind, key.step, key.layout, key.code, ELSEWHERE, "")
            found = self.findings.get(key)
        if found is None:
            found = self.findings[key] = Finding()
        found.add(count, places)

    def layout(self, name: str, record_type: str) -> LayoutCount:
        """Give the counts of a layout."""
        return self.layouts.setdefault(name, LayoutCount(record_type))

    def add(self, other: "Tally") -> None:
        """Take over what another tally counted."""
        for key, finding in other.findings.items():
            self.find(key, finding.count, finding.examples)
        for name, count in other.layouts.items():
            self.layout(name, count.record_type).add(count)


@lru_cache(maxsize=4096)
def shown(path: str) -> str:
    """A path without its row, and without names that look like content."""
    steps = _ROW.sub("", path).split("/")
    return "/".join(
        "…" if _TELLING.search(step) or len(step) > _LONGEST_STEP else step for step in steps
    )


@lru_cache(maxsize=4096)
def general(path: str) -> str:
    """A shown path with `*` in place of places in lists, so that equal members count together."""
    steps = re.sub(r"\[\d+\]", "[*]", shown(path)).split("/")
    return "/".join("*" if step.isdigit() else step for step in steps)
