"""What a person is told about a column, in the language of the template."""

from gateway.catalogue.labels import Labels
from gateway.translation.default.columns import Column
from gateway.translation.default.compiled import Compiled

_KINDS = {
    "Text": "free-text",
    "LongText": "long-text",
    "Integer": "whole-number",
    "Decimal": "amount",
    "Date": "date",
    "PartialDate": "partial-date",
    "StatisticPeriod": "year-period",
    "Code": "code",
}
_HOW = ("fill", "required", "choices", "dates", "more", "rows", "headings", "send")


def title(compiled: Compiled, language: str) -> str:
    """The name of the record type."""
    return compiled.labels.text(f"record/{compiled.record_type}", language)


def heading(compiled: Compiled, column: Column, language: str) -> str:
    """A column's heading; a star marks what every row must fill."""
    return column.heading(compiled.labels, language) + (" *" if column.needed else "")


def kind(compiled: Compiled, column: Column, language: str) -> str:
    """What to write in a column's cells."""
    if compiled.cells.choices(column) is not None:
        name = "choose-several" if column.several else "choose"
    else:
        name = _KINDS.get(column.type_name, "free-text")
    told = compiled.labels.text(f"text/{name}", language)
    required = compiled.labels.text("text/required", language)
    return f"{told} ({required})" if column.needed else told


def instructions(compiled: Compiled, language: str) -> list[str]:
    """The sentences of the sheet of instructions."""
    labels = compiled.labels
    told = [labels.text(f"text/how-{name}", language) for name in _HOW]
    return (
        told if _reviewed(labels, language) else [*told, labels.text("text/unreviewed", language)]
    )


def _reviewed(labels: Labels, language: str) -> bool:
    return all(label.reviewed for label in labels.by_language[language].values())
