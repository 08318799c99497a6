"""Native bytes to common records."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from marshmallow import ValidationError

from gateway.catalogue import Catalogue
from gateway.model.refusal import Refusal, Warned
from gateway.translation.countries import Adapter, Countries
from gateway.translation.doubts import doubts
from gateway.translation.layout import Opened, Tree
from gateway.translation.media.foreign import Foreign, TableFile, open_foreign
from gateway.translation.paths import MISSING, leaves, pick
from gateway.translation.reading import Reading, Record, Result, Source
from gateway.translation.turn import Fault, Turn, Turns, warned


def read(
    data: bytes,
    layout: str | None,
    countries: Countries,
    catalogue: Catalogue,
    *,
    at: datetime | None = None,
) -> Reading:
    """Read a native file; a refusal of the whole file stands in `Reading.error`.

    layout: a layout name, or None to recognise the content. at: the present, by which birth dates
    with two-digit years are told to be past (R19); without it such dates are refused.
    """
    try:
        if layout is not None and not data.strip():
            return _empty(countries.named(layout))
        foreign = open_foreign(data, countries.encodings)
        adapter = countries.choose(foreign, layout)
        opened = adapter.layout.medium.open(foreign)
    except Refusal as refusal:
        return Reading(layout, None, None, (), error=refusal)
    if not opened.rows and not opened.unreadable:
        return _empty(adapter)
    return _read_rows(adapter, foreign, opened, catalogue, at)


def _empty(adapter: Adapter) -> Reading:
    # R16: HTTP 204 and an empty list are answers, not faults.
    warning = Warned("EMPTY-ANSWER", "")
    return Reading(adapter.name, adapter.version, None, (), warnings=(warning,))


def _read_rows(
    adapter: Adapter,
    foreign: Foreign,
    opened: Opened,
    catalogue: Catalogue,
    at: datetime | None,
) -> Reading:
    profile = foreign.encoding_profile if isinstance(foreign, TableFile) else None
    source = Source(adapter.name, adapter.version, profile)
    year = None if at is None else at.year
    results = [_refused(adapter, n, source, (e,)) for n, e in (opened.unreadable or {}).items()]
    for number, tree in opened.rows:
        row = _RowReader(adapter, source, opened, number, tree)
        results += row.results(catalogue, Turn(adapter.home, profile=profile, year=year))
    results.sort(key=lambda result: result.rows)
    return Reading(
        adapter.name, adapter.version, profile, tuple(results), signatures=opened.signatures
    )


def _refused(adapter: Adapter, number: int, source: Source, errors: tuple[Refusal, ...]) -> Result:
    return Result("refused", (number,), adapter.record_type, None, source, errors=errors)


class _RowReader:
    """One native row on its way to its records."""

    def __init__(
        self, adapter: Adapter, source: Source, opened: Opened, number: int, tree: Tree
    ) -> None:
        self.adapter = adapter
        self.layout = adapter.layout
        self.source = source
        self.opened = opened
        self.number = number
        self.tree = tree

    def results(self, catalogue: Catalogue, now: Turn) -> list[Result]:
        """One result a record, or one refused result with every fault of the row."""
        with Turns(now):
            try:
                record = self.layout.load(self.tree)
                records = self.layout.records(record, self.tree)
            except ValidationError as wrong:
                errors = tuple(self._refusals(wrong.messages, ""))
                return [_refused(self.adapter, self.number, self.source, errors)]
        return [self._result(record, now, catalogue) for record in records]

    def _refusals(self, messages: Any, path: str) -> Iterator[Refusal]:
        for name, found in messages.items():
            place = f"{path}/{name}"
            if isinstance(found, dict):
                yield from self._refusals(found, place)
                continue
            for fault in found:
                code, rule = _told(fault)
                where = f"row {self.number}: {place}"
                yield Refusal(code, step="translate", rule=rule, place=where)

    def _result(self, record: Record, now: Turn, catalogue: Catalogue) -> Result:
        record_type = self.adapter.record_type
        try:
            catalogue.check(record_type, record)
        except Refusal as refusal:
            return _refused(self.adapter, self.number, self.source, (refusal,))
        residue = self._residue(now)
        identity = pick(record, self.layout.identity)[0] if self.layout.identity else MISSING
        return Result(
            "ok",
            (self.number,),
            record_type,
            record,
            self.source,
            warnings=tuple(self._warnings(record, now, catalogue)),
            residue=tuple(residue),
            residue_values=residue,
            identity=None if identity is MISSING else identity,
            action=self.layout.action(self.tree),
            consent_ref=self.layout.consent(self.tree),
        )

    def _warnings(self, record: Record, now: Turn, catalogue: Catalogue) -> list[Warned]:
        found = warned(now.noted, {})
        found += doubts(self.adapter.record_type, record, catalogue)
        found += [
            Warned("NATIVE-SIGNATURE-NOT-CHECKED", signature.place)
            for signature in self.opened.signatures
        ]
        return found

    def _residue(self, now: Turn) -> dict[str, str]:
        root = self.opened.root.replace("#", str(self.number - 1))
        found = {root + path: text for path, text in self.layout.residue(self.tree).items()}
        for native in sorted(now.left):
            found[f"{root}/{native}"] = _text_at(self.tree, native)
        if self.number == 1 and self.opened.envelope is not None:
            found |= {path: str(value) for path, value in leaves(self.opened.envelope)}
        return found


def _told(fault: Any) -> tuple[str, str]:
    if isinstance(fault, Fault):
        return fault.code, fault.rule
    return "field.unreadable", "the part is not built like the layout"


def _text_at(tree: Tree, native: str) -> str:
    found: Any = tree
    for name in native.split("/"):
        found = found.get(name) if isinstance(found, dict) else None
    return "" if found is None else str(found)
