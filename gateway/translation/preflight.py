"""What would become of a ministry's own files on their way to another state (DESIGN 8).

Every file is read by its layout, every record judged as the origin's gateway would (R21, R29) and
written as the destination's would, one record at a time. What comes out are counts and places.
"""

from collections.abc import Iterator
from typing import Any

from gateway.catalogue import Catalogue
from gateway.catalogue.concerned import (
    require_concerned,
    require_consent,
    require_unrestricted,
)
from gateway.model.refusal import Refusal
from gateway.translation.countries import Countries
from gateway.translation.read import Stream
from gateway.translation.reading import Reading, Result
from gateway.translation.tally import FLAGGED, LOST, REFUSED, Key, Place, Tally, general, shown
from gateway.translation.unreadable import UNREADABLE
from gateway.translation.warning_texts import warning_text
from gateway.translation.write import native_rows

COMMON_FORM = "LAYOUT-CANNOT-CARRY"


class Preflight:
    """A flight that only counts.

    files: how many were `read`, `empty` (an answer without records), `refused`, `quarantined`
    and `unreadable`. tally: all the rest.
    """

    def __init__(
        self, to: str, countries: Countries, catalogue: Catalogue, *, origin: str = ""
    ) -> None:
        """to, origin: alpha-2 of the recipient's and of the sender's state; the latter for files
        in layouts of no country, which do not tell."""
        self.to = to
        self.origin = origin
        self.countries = countries
        self.catalogue = catalogue
        self.tally = Tally()
        self._targets: dict[str, tuple[str, ...]] = {}
        self.files = dict.fromkeys(("read", "empty", "refused", "quarantined", "unreadable"), 0)

    def take(self, file: str, reading: Reading | Stream) -> Iterator[int]:
        """Judge the records of one file; gives the number of each as it is done.

        file: its name below the folder. Nothing of a file counts when the file as a whole is
        refused, even at its end (R1).
        """
        seen = _File(self, file)
        try:
            self._require_foreign(reading)
            for number, result in enumerate(reading.results, start=1):
                seen.take(result)
                yield number
            error = reading.error
        except Refusal as refusal:
            error = refusal
        if error is not None:
            self.refuse(file, error, reading.layout or "")
            return
        self.files["read" if seen.tally.layouts else "empty"] += 1
        for count in seen.tally.layouts.values():
            count.files = 1
        for warning in reading.warnings:
            seen.warn("file", reading.layout or "", warning.code, warning.path, ())
        self.tally.add(seen.tally)

    def refuse(self, file: str, error: Refusal, layout: str = "") -> None:
        """Count a file that is refused as a whole."""
        quarantined = error.code == "submission.control-total"
        status = "unreadable" if error.code in UNREADABLE else "refused"
        self.files["quarantined" if quarantined else status] += 1
        # Two control totals are one finding, so the counts that its rule tells are left out.
        rule = error.kind.title if quarantined else error.rule
        key = Key(REFUSED, "file", layout, error.code, general(error.place), rule)
        self.tally.find(key, 1, [Place(file, (), shown(error.place))])

    def _require_foreign(self, reading: Reading | Stream) -> None:
        if reading.layout and reading.error is None and self._country(reading.layout) == self.to:
            raise Refusal(
                "to.mismatch",
                step="policy",
                rule="the file is in a layout of the recipient's own country; "
                "put the files of the state that sends into the folder",
            )

    def _country(self, layout: str) -> str:
        return self.countries.named(layout).country

    def targets(self, record_type: str) -> tuple[str, ...]:
        """The layouts by which the recipient may get a record type, the preferred one first."""
        if record_type not in self._targets:
            own = self.countries.of(self.to, record_type)
            default = self.countries.default(self.to, record_type)
            self._targets[record_type] = own or ((default,) if default else ())
        return self._targets[record_type]

    def totals(self) -> dict[str, int]:
        """The counts of all layouts together."""
        names = ("records", "refused", "whole", "lossy", "flagged", "common_form")
        counts = self.tally.layouts.values()
        return {name: sum(getattr(one, name) for one in counts) for name in names}

    @property
    def exit_code(self) -> int:
        """0: nothing is refused; 1: something is; 2: some file could not be read."""
        if self.files["unreadable"]:
            return 2
        refused = any(key.kind == REFUSED for key in self.tally.findings)
        return int(refused)


class _File:
    """The records of one file; its counts join the others when the file has stood to its end."""

    def __init__(self, preflight: Preflight, name: str) -> None:
        self.preflight = preflight
        self.name = name
        self.tally = Tally()
        self.noted: set[Key] = set()

    def take(self, result: Result) -> None:
        """Judge one record, or count one refused row."""
        self.noted = set()
        layout = result.source.layout
        for refusal in result.errors:
            self._refuse("read", layout, refusal, result.rows)
        for warning in result.warnings:
            self.warn("read", layout, warning.code, warning.path, result.rows)
        for path in result.residue:
            self._lose("read", layout, path, result.rows)
        target = ""
        if result.record is not None:
            target = self._send(result, result.record)
        self._count(result, target)

    def _count(self, result: Result, target: str) -> None:
        kinds = {key.kind for key in self.noted}
        count = self.tally.layout(result.source.layout, result.record_type)
        count.records += 1
        count.targets |= {target} - {""}
        if REFUSED in kinds:
            count.refused += 1
            return
        count.whole += not kinds
        count.lossy += LOST in kinds
        count.flagged += FLAGGED in kinds
        count.common_form += target == ""

    def _send(self, result: Result, record: dict[str, Any]) -> str:
        """Judge and write a record; gives the layout it was written in, if any."""
        layout, record_type, to = result.source.layout, result.record_type, self.preflight.to
        stays = False
        try:
            require_consent(record_type, record)
        except Refusal as refusal:
            stays = True
            self._refuse("policy", layout, refusal, result.rows)
        try:
            require_concerned(
                self.preflight.catalogue, record_type, record, to, origin=self._origin(layout)
            )
        except Refusal as refusal:
            stays = True
            self._refuse("policy", layout, refusal, result.rows)
        try:
            require_unrestricted(self.preflight.catalogue, record_type)
        except Refusal as refusal:
            # What else is wrong is told all the same: the SDK will meet it.
            self._refuse("policy", layout, refusal, result.rows)
        return "" if stays else self._write(result, record)

    def _origin(self, layout: str) -> str:
        return self.preflight.countries.named(layout).country

    def _write(self, result: Result, record: dict[str, Any]) -> str:
        countries, to = self.preflight.countries, self.preflight.to
        layout = result.source.layout
        source = self._origin(layout)
        triple = (result.record_type, record, source)
        reason = f"{to} has no layout for {result.record_type}"
        for target in self.preflight.targets(result.record_type):
            try:
                _, warnings, residue = native_rows([triple], countries.named(target))
            except Refusal as refusal:
                if refusal.code != "layout.cannot-carry":
                    self._refuse("write", layout, refusal, result.rows)
                    return target
                reason = f"{target}: {refusal.rule}"
                continue
            for warning in warnings:
                self.warn("write", layout, warning.code, warning.path, result.rows)
            for path in residue:
                self._lose("write", layout, path, result.rows)
            return target
        self._note(Key(FLAGGED, "write", layout, COMMON_FORM, "", reason), "", result.rows)
        return ""

    def warn(self, step: str, layout: str, code: str, path: str, rows: tuple[int, ...]) -> None:
        """Count a warning."""
        key = Key(FLAGGED, step, layout, code, general(path), warning_text(code))
        self._note(key, path, rows)

    def _refuse(self, step: str, layout: str, refusal: Refusal, rows: tuple[int, ...]) -> None:
        key = Key(REFUSED, step, layout, refusal.code, general(refusal.place), refusal.rule)
        self._note(key, refusal.place, rows)

    def _lose(self, step: str, layout: str, path: str, rows: tuple[int, ...]) -> None:
        self._note(Key(LOST, step, layout, "", general(path), ""), path, rows)

    def _note(self, key: Key, path: str, rows: tuple[int, ...]) -> None:
        # A record counts once, however many elements of a list share the finding.
        if key not in self.noted:
            self.noted.add(key)
            self.tally.find(key, 1, (Place(self.name, rows, shown(path)),))
