"""What survives the way from one layout to another: measured, not claimed (DESIGN 4).

A record is written and read back in the origin's layout, so that it holds what such a file can
hold; then it is written in the destination's layout and read back from there, and compared.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from gateway.catalogue import Catalogue
from gateway.model.refusal import Refusal
from gateway.translation.countries import Countries
from gateway.translation.paths import plain
from gateway.translation.read import read
from gateway.translation.reading import Record
from gateway.translation.specimens import MARKS, distinct, mark_of, sample_records, specimens
from gateway.translation.write import write

CARRIED, DEGRADED, LOST = "carried", "degraded", "lost"
# Members that say how a sibling is to be read; they have no fidelity of their own.
_BESIDE = frozenset(
    {*MARKS, "script", "raw", "noFamilyName", "precision", "list", "listVersion", "nativeList"}
    | {"mapping"}
)
_PARTS = frozenset({"family", "given", "patronymic"})

Leaves = dict[str, list[Any]]


@dataclass(slots=True)
class Crossing:
    """One layout to another. sent: records tried; taken: records that could be written.

    members: path → `carried`, `degraded` or `lost`. doubts: path → warning codes on writing.
    reasons: why records could not be written or read back, in the words of the refusals.
    """

    origin: str
    target: str
    sent: int = 0
    taken: int = 0
    members: dict[str, str] = field(default_factory=dict)
    doubts: dict[str, set[str]] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Origin:
    """A layout as origin: what its files can tell, and its crossings.

    country: alpha-2, or empty for a layout that any country may use.
    given: member paths of its records. silent: members whose field no record filled.
    """

    layout: str
    country: str
    record_type: str
    records: list[Record]
    given: list[str]
    silent: list[str]
    crossings: list[Crossing] = field(default_factory=list)


def measure(
    countries: Countries, catalogue: Catalogue, adapters_dir: Path, *, at: datetime
) -> dict[str, list[Origin]]:
    """Every record type, every layout of it, towards every layout that is not its country's own."""
    full = specimens(countries, catalogue, adapters_dir, at=at)
    samples: dict[str, list[Record]] = {}
    for layout, _, record in sample_records(countries, catalogue, adapters_dir, at=at):
        samples.setdefault(layout, []).append(record)
    survey = _Survey(countries, catalogue, at)
    found: dict[str, list[Origin]] = {}
    for record_type, records in full.items():
        layouts = layouts_of(countries, record_type)
        found[record_type] = [
            survey.origin(layout, country, records, samples.get(layout, []))
            for layout, country in layouts
        ]
        for origin in found[record_type]:
            origin.crossings = [
                survey.cross(origin, target)
                for target, country in layouts
                if country != origin.country or not country
            ]
    return found


def layouts_of(countries: Countries, record_type: str) -> list[tuple[str, str]]:
    """(layout, country) of a record type: country by country, then those of no country."""
    found = [
        (layout, state)
        for state in states_of(countries)
        for layout in countries.of(state, record_type)
    ]
    shared = [
        (layout, "")
        for layout in (*countries.names(), *countries.default_names())
        if not countries.named(layout).country
        and countries.named(layout).record_type == record_type
    ]
    return found + shared


def states_of(countries: Countries) -> list[str]:
    """Alpha-2 of every country that has layouts."""
    return sorted({countries.named(name).country for name in countries.names()} - {""})


@dataclass(frozen=True, slots=True)
class _Survey:
    countries: Countries
    catalogue: Catalogue
    at: datetime

    def origin(
        self, layout: str, country: str, records: Sequence[Record], samples: Sequence[Record]
    ) -> Origin:
        """What a layout's files can tell: its samples, and what it makes of all the records."""
        adapter = self.countries.named(layout)
        told = list(samples)
        for record in records:
            try:
                data, _ = self._written(adapter.record_type, record, country, layout)
                told += self._back(data, layout)
            except Refusal:
                # A record that the origin's files cannot hold never comes from there.
                continue
        told = distinct(told)
        given = sorted({path for record in told for path in members(record)})
        bare = {unmarked(path) for path in given}
        declared = {plain(f.common)[1:] for f in adapter.layout.two_way if " " not in f.common}
        mapping = self.catalogue.mapping
        known = {member.name for member in mapping.objects[mapping.roots[adapter.record_type]]}
        silent = [
            path
            for path in sorted(declared)
            if path.partition("/")[0] in known
            and not any(f"{one}/".startswith(f"{path}/") for one in bare)
        ]
        return Origin(layout, country, adapter.record_type, told, given, silent)

    def cross(self, origin: Origin, target: str) -> Crossing:
        """Every record of an origin in the target's layout and back, compared."""
        crossing = Crossing(origin.layout, target)
        outcomes: dict[str, set[str]] = {}
        for record in origin.records:
            crossing.sent += 1
            try:
                data, doubted = self._written(origin.record_type, record, origin.country, target)
                back = self._back(data, target)
            except Refusal as refusal:
                reason = f"{refusal.code}: {refusal.rule}"
                crossing.reasons[reason] = crossing.reasons.get(reason, 0) + 1
                continue
            crossing.taken += 1
            for path, outcome, codes in compared(record, back, doubted):
                outcomes.setdefault(path, set()).add(outcome)
                if codes:
                    crossing.doubts.setdefault(path, set()).update(codes)
        for path, found in outcomes.items():
            crossing.members[path] = found.pop() if len(found) == 1 else DEGRADED
        return crossing

    def _written(
        self, record_type: str, record: Record, country: str, layout: str
    ) -> tuple[bytes, dict[str, str]]:
        written = write([(record_type, record, country)], layout, self.countries)
        return written.data, {warning.path: warning.code for warning in written.warnings}

    def _back(self, data: bytes, layout: str) -> list[Record]:
        reading = read(data, layout, self.countries, self.catalogue, at=self.at)
        if reading.error is not None:
            raise reading.error
        for result in reading.results:
            for refusal in result.errors:
                raise refusal
        return [result.record for result in reading.results if result.record is not None]


def compared(
    record: Record, back: Sequence[Record], doubted: dict[str, str]
) -> Iterator[tuple[str, str, set[str]]]:
    """(member path, outcome, codes) of a record against what was read back of it.

    doubted: JSON pointer into the record → warning code of the writing. A value that comes back
    under another mark (a name without a language, now called Tajik) is degraded.
    """
    again: Leaves = {}
    anywhere: Leaves = {}
    for one in back:
        for path, values in members(one).items():
            told = [value for _, value in values]
            again.setdefault(path, []).extend(told)
            anywhere.setdefault(unmarked(path), []).extend(told)
    for path, values in members(record).items():
        codes = {
            code
            for pointer, code in doubted.items()
            if any(f"{at}/".startswith(f"{pointer}/") for at, _ in values)
        }
        kept = again.get(path, [])
        if all(value in kept for _, value in values) and not codes:
            outcome = CARRIED
        elif kept or any(value in anywhere.get(unmarked(path), ()) for _, value in values):
            outcome = DEGRADED
        else:
            outcome = LOST
        yield path, outcome, codes if outcome == DEGRADED else set()


def unmarked(path: str) -> str:
    """A member path without the marks of list elements: `person/name/family`."""
    return re.sub(r"\[[^\]]*\]", "", path)


def members(record: Record) -> dict[str, list[tuple[str, Any]]]:
    """Member path (`person/name[native]/family`) → (JSON pointer, value) of each that stands."""
    found: dict[str, list[tuple[str, Any]]] = {}
    for path, pointer, value in _leaves(record, "", ""):
        found.setdefault(path, []).append((pointer, value))
    return found


def _leaves(node: Any, path: str, pointer: str) -> Iterator[tuple[str, str, Any]]:
    if isinstance(node, dict):
        for name, child in node.items():
            if not _is_beside(name, node, path):
                below = f"{path}/{name}" if path else name
                yield from _leaves(child, below, f"{pointer}/{name}")
    elif isinstance(node, list):
        for place, child in enumerate(node):
            mark = mark_of(child)
            below = f"{path}[{mark}]" if mark else path
            yield from _leaves(child, below, f"{pointer}/{place}")
    else:
        yield path, pointer, node


def _is_beside(name: str, holder: dict[str, Any], path: str) -> bool:
    if not path:
        return False
    if "scheme" in holder and name in ("issuer", "state"):
        return True
    if name == "full":
        return bool(_PARTS & holder.keys())
    return name in _BESIDE
