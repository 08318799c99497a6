"""The default layout of a record type, both ways, built from the compiled standard.

A table has a column a member and is forgiving cell by cell; JSON holds the records in common form
and is strict. Both give the same results as a hand-made layout.
"""

import unicodedata
from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import ValidationError

from gateway.catalogue.rules import check_rules
from gateway.model.refusal import Refusal
from gateway.proof.strict_json import NumberText
from gateway.translation.default.columns import Column
from gateway.translation.default.compiled import Compiled, kebab
from gateway.translation.default.media import CommonRecord, DefaultMedium, Form
from gateway.translation.default.plan import Gathered
from gateway.translation.default.rows import spread
from gateway.translation.fields import blank
from gateway.translation.layout import Layout
from gateway.translation.reading import Record
from gateway.translation.turn import Fault, turn

Errors = dict[str, list[Fault]]


class DefaultLayout(Layout):
    """One record type; a subclass for each form and language is made by `default_layout`."""

    compiled: ClassVar[Compiled]
    form: ClassVar[Form]
    language: ClassVar[str]

    def load(self, data: Any, **_kwargs: Any) -> Any:
        """The record of a row; ValidationError names each heading, or JSON path, with its fault."""
        if isinstance(data, CommonRecord):
            return self._strict(data["record"])
        return self._row(data)

    def _strict(self, given: Any) -> Record:
        record = _plain(given)
        compiled = self.compiled
        found: Errors = {}
        for pointer, fault in compiled.checks.faults(record):
            found.setdefault(pointer.removeprefix("/"), []).append(fault)
        if found:
            raise ValidationError(found)
        for pointer, fault in compiled.completion.complete(record):
            found.setdefault(pointer.removeprefix("/"), []).append(fault)
        if not found and (broken := self._broken(record)) is not None:
            found[broken.place.removeprefix("/")] = [Fault(broken.code, broken.rule)]
        if found:
            raise ValidationError(found)
        complete: Record = record
        return complete

    def _row(self, tree: Mapping[str, str]) -> Record:
        compiled, step = self.compiled, self.compiled.step
        told = compiled.plan.gather(
            [
                (known, text)
                for heading, text in tree.items()
                if (known := step(heading)) is not None and text and not text.isspace()
            ]
        )
        record = told.record
        wrong = [*compiled.checks.faults(record), *compiled.completion.complete(record)]
        for code, pointer in told.noted():
            turn().warn(code, pointer)
        found = self._errors(tree, told, wrong) if wrong or told.failed else {}
        if not found and (broken := self._broken(record)) is not None:
            found = self._errors(tree, told, [(broken.place, Fault(broken.code, broken.rule))])
        if found:
            raise ValidationError(found)
        return record

    def _errors(
        self, tree: Mapping[str, str], told: Gathered, wrong: list[tuple[str, Fault]]
    ) -> Errors:
        """Faults by the headings as they stand; one that only follows from another is not told.

        A column that the file has not is told by its heading in the language of the file.
        """
        found: Errors = {}
        headings: dict[Column, str] = {}
        spoken = self.language
        for heading in tree:
            known = self.compiled.known(heading)
            if known is not None:
                column, spoken = known
                headings[column] = heading

        def tell(column: Column, fault: Fault) -> None:
            heading = headings.get(column) or column.heading(self.compiled.labels, spoken)
            found.setdefault(heading, []).append(fault)

        for column, fault in told.failed.items():
            tell(column, fault)
        failed = {_pointer_like(column) for column in told.failed}
        for pointer, fault in wrong:
            if not _follows(pointer, failed, found):
                tell(told.column_at(pointer), fault)
        return found

    def _broken(self, record: Record) -> Refusal | None:
        try:
            check_rules(self.compiled.rules, record)
        except Refusal as refusal:
            return refusal
        return None

    def dump(self, obj: Any, **_kwargs: Any) -> Any:
        """A record as a row: texts by column key; for JSON the record itself."""
        lost = self._lost(obj)
        if self.form == "json":
            return {"record": _without(obj, lost)}
        words = self.language if self.form == "xlsx" else None
        cells = self.compiled.cells
        return {
            column.key: cells.write(column, value, words)
            for column, value, pointer in spread(self.compiled.root, obj, "", set())
            if not _within(pointer, lost)
        }

    def residue(self, tree: Any) -> dict[str, str]:
        """Cells below headings that are no member's."""
        if isinstance(tree, CommonRecord):
            return {}
        step = self.compiled.step
        return {
            f"/{heading}": str(text)
            for heading, text in tree.items()
            if step(heading) is None and not blank(text)
        }

    def lost(self, record: Record, consumed: set[str]) -> list[str]:
        """Pointers of what a written row does not say: repeats beyond the columns, and states of
        identifiers that only a register can give."""
        completion = self.compiled.completion
        states = completion.restated(record)
        if self.form == "json":
            states -= completion.verified(record)
        return sorted(self._lost(record) | states)

    def _lost(self, record: Record) -> set[str]:
        unreadable = self.compiled.completion.unreadable(record)
        if self.form == "json":
            return unreadable
        lost: set[str] = set()
        for _ in spread(self.compiled.root, record, "", lost):
            pass
        return lost | unreadable


def default_layout(compiled: Compiled, form: Form, language: str) -> DefaultLayout:
    """The layout that writes a form with headings of a language; it reads every form and language.

    Its name is `default.employment-contract`, with `.xlsx` or `.json` unless it writes CSV, and
    with the language unless that is English.
    """
    parts = ["default", kebab(compiled.record_type)]
    parts += [] if form == "csv" else [form]
    parts += [] if language == "en" else [language]
    made = type(
        f"Default{compiled.record_type}",
        (DefaultLayout,),
        {
            "name": ".".join(parts),
            "record_type": compiled.record_type,
            "medium": DefaultMedium(compiled, form, language),
            "identity": compiled.identity,
            "compiled": compiled,
            "form": form,
            "language": language,
        },
    )
    layout: DefaultLayout = made()
    return layout


def _plain(value: Any) -> Any:
    """Foreign JSON with whole numbers as numbers; a fraction stays the text that spells it."""
    if isinstance(value, dict):
        return {name: _plain(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, NumberText):
        return int(value) if value.isdigit() else str(value)
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    return value


def _pointer_like(column: Column) -> str:
    return "/" + "/".join(step for step in column.key.split("/") if not step.isdigit())


def _follows(pointer: str, failed: set[str], found: Errors) -> bool:
    """Whether a member is missing only because its cell could not be read, or was a fault."""
    bare = "/" + "/".join(step for step in pointer.split("/")[1:] if not step.isdigit())
    return bool(found) and any(f"{one}/".startswith(f"{bare}/") for one in failed)


def _within(pointer: str, lost: set[str]) -> bool:
    while pointer:
        if pointer in lost:
            return True
        pointer = pointer.rpartition("/")[0]
    return False


def _without(node: Any, lost: set[str], pointer: str = "") -> Any:
    if isinstance(node, dict):
        kept = {
            name: _without(child, lost, f"{pointer}/{name}")
            for name, child in node.items()
            if f"{pointer}/{name}" not in lost
        }
        return {name: child for name, child in kept.items() if child != []}
    if isinstance(node, list):
        return [
            _without(item, lost, f"{pointer}/{place}")
            for place, item in enumerate(node)
            if f"{pointer}/{place}" not in lost
        ]
    return node
