"""Native bytes to common records."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain

from gateway.catalogue import Catalogue
from gateway.model.refusal import Refusal, Warned
from gateway.translation.countries import Adapter, Countries
from gateway.translation.layout import Opened
from gateway.translation.media.foreign import MAX_ROWS, Foreign, TableFile, XmlFile, open_foreign
from gateway.translation.media.soap import refuse_fault
from gateway.translation.read_row import RowReader, refused
from gateway.translation.reading import NativeSignature, Reading, Result, Source


@dataclass(slots=True)
class Stream:
    """A native file on its way: results that are made as they are asked for, once.

    error: what refuses the file whole, known before the first result. signatures holds each kind
    once and grows with the messages that have been read. Other members are as in `Reading`.
    """

    layout: str | None
    adapter_version: str | None
    encoding_profile: str | None
    results: Iterator[Result]
    error: Refusal | None = None
    warnings: tuple[Warned, ...] = ()
    signatures: dict[NativeSignature, None] = field(default_factory=dict)


def read(
    data: bytes,
    layout: str | None,
    countries: Countries,
    catalogue: Catalogue,
    *,
    at: datetime | None = None,
    home: str = "",
) -> Reading:
    """Read a native file; a refusal of the whole file stands in `Reading.error`.

    layout: a layout name, or None to recognise the content. at: the present, by which birth dates
    with two-digit years are told to be past (R19); without it such dates are refused. home:
    alpha-3 of whoever submits, for layouts that belong to no country.
    """
    found = stream(data, layout, countries, catalogue, at=at, home=home)
    results = tuple(found.results)
    return Reading(
        found.layout,
        found.adapter_version,
        found.encoding_profile,
        results,
        error=found.error,
        warnings=found.warnings,
        signatures=tuple(found.signatures),
    )


def stream(
    data: bytes,
    layout: str | None,
    countries: Countries,
    catalogue: Catalogue,
    *,
    at: datetime | None = None,
    home: str = "",
) -> Stream:
    """As `read`, one result after another in flat memory; the file is judged whole before them."""
    try:
        if layout is not None and not data.strip():
            return _empty(countries.named(layout))
        foreign = open_foreign(data, countries.encodings)
        adapter = countries.choose(foreign, layout)
        adapter = replace(adapter, home=adapter.home or home)
        _require_batch_whole(foreign)
        reader = _FileReader(adapter, foreign, catalogue, None if at is None else at.year)
        first = next(reader.results, None)
    except Refusal as refusal:
        return Stream(layout, None, None, iter(()), error=refusal)
    if first is None:
        return _empty(adapter)
    return Stream(
        adapter.name,
        adapter.version,
        reader.source.encoding_profile,
        chain((first,), reader.results),
        signatures=reader.signatures,
    )


def _empty(adapter: Adapter) -> Stream:
    # R16: HTTP 204 and an empty list are answers, not faults.
    warning = Warned("EMPTY-ANSWER", "")
    return Stream(adapter.name, adapter.version, None, iter(()), warnings=(warning,))


def _require_batch_whole(foreign: Foreign) -> None:
    # A batch that breaks off in its middle must not have given records before it is noticed.
    if isinstance(foreign, XmlFile) and isinstance(foreign.batch, bytes):
        for number, _ in enumerate(foreign.messages(), start=1):
            if number > MAX_ROWS:
                rule = f"a file holds at most {MAX_ROWS} messages"
                raise Refusal("submission.too-large", step="translate", rule=rule)


class _FileReader:
    """One native file: its messages, their rows, and the results of those."""

    def __init__(
        self, adapter: Adapter, foreign: Foreign, catalogue: Catalogue, year: int | None
    ) -> None:
        profile = foreign.encoding_profile if isinstance(foreign, TableFile) else None
        self.adapter = adapter
        self.foreign = foreign
        self.catalogue = catalogue
        self.year = year
        self.source = Source(adapter.name, adapter.version, profile)
        self.signatures: dict[NativeSignature, None] = {}
        self.results = self._results()

    def _results(self) -> Iterator[Result]:
        if not isinstance(self.foreign, XmlFile):
            yield from self._message(self.adapter.layout.medium.open(self.foreign), before=0)
            return
        rows = 0
        for count, message in enumerate(self.foreign.messages()):
            try:
                if count:
                    refuse_fault(message.root)
                opened = self.adapter.layout.medium.open(message)
            except Refusal as refusal:
                if count == 0:
                    raise
                rows += 1
                yield refused(self.adapter, rows, self.source, (refusal,))
                continue
            before = rows
            for result in self._message(opened, before=before):
                rows = max(rows, *result.rows)
                yield result

    def _message(self, opened: Opened, *, before: int) -> Iterator[Result]:
        self.signatures |= dict.fromkeys(opened.signatures)
        rows = RowReader(self.adapter, self.source, opened, self.catalogue, self.year)
        for number, tree in opened.rows:
            yield from rows.results(number, before + number, tree)
