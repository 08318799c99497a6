"""One native row to its records, or to one refused result with every fault of the row."""

from collections.abc import Iterator
from typing import Any

from marshmallow import ValidationError

from gateway.catalogue import Catalogue
from gateway.model.refusal import Refusal, Warned
from gateway.translation.countries import Adapter
from gateway.translation.doubts import doubts
from gateway.translation.layout import Opened, Tree
from gateway.translation.paths import leaves
from gateway.translation.reading import Record, Result, Source
from gateway.translation.turn import Fault, Turn, Turns, warned

# The paths and the values of one row's residue; all its records share them.
_Residue = tuple[tuple[str, ...], dict[str, str]]


def refused(adapter: Adapter, number: int, source: Source, errors: tuple[Refusal, ...]) -> Result:
    """The result of a row that gives no record."""
    return Result("refused", (number,), adapter.record_type, None, source, errors=errors)


class RowReader:
    """Reads the rows of one message."""

    def __init__(
        self,
        adapter: Adapter,
        source: Source,
        opened: Opened,
        catalogue: Catalogue,
        year: int | None,
    ) -> None:
        """year: the present year, by which two-digit birth years are told (R19)."""
        self.adapter = adapter
        self.layout = adapter.layout
        self.source = source
        self.opened = opened
        self.catalogue = catalogue
        self.year = year

    def results(self, place: int, number: int, tree: Tree | Refusal) -> list[Result]:
        """The results of one row. place: in its message. number: in its file; both from 1."""
        if isinstance(tree, Refusal):
            return [refused(self.adapter, number, self.source, (tree,))]
        now = Turn(self.adapter.home, profile=self.source.encoding_profile, year=self.year)
        with Turns(now):
            try:
                record = self.layout.load(tree)
                records = self.layout.records(record, tree)
            except ValidationError as wrong:
                errors = tuple(_refusals(wrong.messages, f"row {number}: "))
                return [refused(self.adapter, number, self.source, errors)]
            except Refusal as refusal:
                return [refused(self.adapter, number, self.source, (refusal,))]
        found = self._residue(place, tree, now)
        residue = (tuple(found), found)
        every = now.origins or [(0,)] * len(records)
        return [
            self._result(record, tuple(number + o for o in origins), tree, now, residue)
            for record, origins in zip(records, every, strict=True)
        ]

    def _result(
        self, record: Record, rows: tuple[int, ...], tree: Tree, now: Turn, residue: _Residue
    ) -> Result:
        record_type = self.adapter.record_type
        try:
            self.catalogue.check_json(record_type, record)
        except Refusal as refusal:
            return refused(self.adapter, rows[0], self.source, (refusal,))
        return Result(
            "ok",
            rows,
            record_type,
            record,
            self.source,
            warnings=tuple(self._warnings(record, now)),
            residue=residue[0],
            residue_values=residue[1],
            identity=self.layout.identify(record, tree),
            action=self.layout.action(tree),
            consent_ref=self.layout.consent(tree),
        )

    def _warnings(self, record: Record, now: Turn) -> list[Warned]:
        found = warned(now.noted, {})
        found += doubts(self.adapter.record_type, record, self.catalogue)
        found += [
            Warned("NATIVE-SIGNATURE-NOT-CHECKED", signature.place)
            for signature in self.opened.signatures
        ]
        return found

    def _residue(self, place: int, tree: Tree, now: Turn) -> dict[str, str]:
        found = self.layout.residue(tree)
        if now.left:
            found |= {f"/{native}": _text_at(tree, native) for native in sorted(now.left)}
        root = self.opened.root.replace("#", str(place - 1))
        if root:
            found = {root + path: text for path, text in found.items()}
        if place == 1 and self.opened.envelope is not None:
            found |= {path: str(value) for path, value in leaves(self.opened.envelope)}
        return found


def _refusals(messages: Any, place: str, path: str = "") -> Iterator[Refusal]:
    for name, found in messages.items():
        if isinstance(found, dict):
            yield from _refusals(found, place, f"{path}/{name}")
            continue
        for fault in found:
            code, rule = _told(fault)
            yield Refusal(code, step="translate", rule=rule, place=f"{place}{path}/{name}")


def _told(fault: Any) -> tuple[str, str]:
    if isinstance(fault, Fault):
        return fault.code, fault.rule
    return "field.unreadable", "the part is not built like the layout"


def _text_at(tree: Tree, native: str) -> str:
    found: Any = tree
    for name in native.split("/"):
        if isinstance(found, list) and name.isdigit() and int(name) < len(found):
            found = found[int(name)]
        else:
            found = found.get(name) if isinstance(found, dict) else None
    return "" if found is None else str(found)
