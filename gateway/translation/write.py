"""Common records to native bytes."""

from collections.abc import Sequence

from gateway.translation.countries import Countries
from gateway.translation.reading import Record, Stamp, Written


def write(
    records: Sequence[tuple[str, Record, str]],
    layout: str,
    countries: Countries,
    *,
    stamp: Stamp | None = None,
) -> Written:
    """Write (record type, record, source country alpha-2) triples as one native file.

    Refuses `layout.cannot-carry` when the layout has no form for a record.
    """
    raise NotImplementedError
