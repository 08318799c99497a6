"""Common records to native bytes."""

from collections.abc import Sequence

from gateway.model.refusal import Warned
from gateway.translation.codes import alpha_3
from gateway.translation.countries import Adapter, Countries
from gateway.translation.layout import Tree, cannot_carry
from gateway.translation.reading import Record, Stamp, Written
from gateway.translation.turn import Turn, Turns, warned


def write(
    records: Sequence[tuple[str, Record, str]],
    layout: str,
    countries: Countries,
    *,
    stamp: Stamp | None = None,
) -> Written:
    """Write (record type, record, source country alpha-2) triples as one native file.

    stamp: id and instant for layouts whose envelope tells them; without it they are left out.
    Refuses `layout.unknown`, and `layout.cannot-carry` when the layout has no form for a record
    or for several in one file (R36).
    """
    adapter = countries.named(layout)
    trees, warnings, residue = native_rows(records, adapter)
    medium = adapter.layout.medium
    return Written(
        medium.close(trees, stamp),
        adapter.name,
        adapter.version,
        warnings,
        residue,
        medium.media_type,
        medium.extension,
    )


def native_rows(
    records: Sequence[tuple[str, Record, str]], adapter: Adapter
) -> tuple[list[Tree], tuple[Warned, ...], tuple[str, ...]]:
    """The rows of the file that `write` makes, with its warnings and residue; refuses as it."""
    wanted = adapter.layout
    for refusal in wanted.unfit(records).values():
        raise refusal
    rows = wanted.rows([record for _, record, _ in records])
    if not rows or (len(rows) > 1 and not wanted.medium.many):
        raise cannot_carry("a file of the layout holds one record", "")
    trees, warnings, residue = [], dict[Warned, None](), dict[str, None]()
    for record, origins in rows:
        country = alpha_3(records[origins[0]][2]) or ""
        now = Turn(adapter.home, source_country=country)
        with Turns(now):
            trees.append(wanted.dump(record))
        warnings |= dict.fromkeys(warned(now.noted, {}))
        residue |= dict.fromkeys(f"/record{path}" for path in wanted.lost(record, now.consumed))
    return trees, tuple(warnings), tuple(residue)
