"""Which records stand in which native files: a country's layouts tried in turn (R36)."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from gateway.model.refusal import Refusal
from gateway.translation.countries import Countries
from gateway.translation.layout import Layout
from gateway.translation.reading import Record

Triple = tuple[str, Record, str]


@dataclass(slots=True)
class Files:
    """Native files to be written: layout name and the places of its records, in their order.

    refused: place → why the first of the layouts cannot carry the record, and no other can.
    """

    made: list[tuple[str, list[int]]] = field(default_factory=list)
    refused: dict[int, Refusal] = field(default_factory=dict)


def plan_files(triples: Sequence[Triple], layouts: Sequence[str], countries: Countries) -> Files:
    """Give every (record type, record, source country) triple to the first layout that takes it.

    Records that cannot stand in one file (two people in an answer about one) get files of their
    own. layouts: at least one, the preferred first.
    """
    found = Files()
    left = list(range(len(triples)))
    for name in layouts:
        layout = countries.named(name).layout
        left = _fill(found, name, layout, triples, left)
    found.refused = {place: found.refused[place] for place in left}
    return found


def _fill(
    found: Files, name: str, layout: Layout, triples: Sequence[Triple], places: Sequence[int]
) -> list[int]:
    """Put what a layout takes into files of it; gives the places that are left, in order."""
    left = []
    for part in _parts(layout, triples, places):
        rest = part
        while rest:
            unfit = layout.unfit([triples[place] for place in rest])
            taken = [place for index, place in enumerate(rest) if index not in unfit]
            for index, refusal in unfit.items():
                found.refused.setdefault(rest[index], refusal)
            if not taken:
                break
            files = [taken] if layout.medium.many else [[place] for place in taken]
            found.made += [(name, one) for one in files]
            rest = [place for index, place in enumerate(rest) if index in unfit]
        left += rest
    return sorted(left)


def _parts(layout: Layout, triples: Sequence[Triple], places: Sequence[int]) -> Iterator[list[int]]:
    """The places by what a whole file of the layout is about."""
    parts: dict[str, list[int]] = {}
    for place in places:
        about = triples[place][1].get(layout.about) if layout.about else None
        parts.setdefault(json.dumps(about, sort_keys=True), []).append(place)
    yield from parts.values()
