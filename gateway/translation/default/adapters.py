"""Default layouts found by name; they belong to no country."""

from pathlib import Path

from gateway.catalogue.labels import LANGUAGES, load_labels
from gateway.model.refusal import Refusal
from gateway.translation.default.compiled import VERSION, Compiled, compile_all, kebab
from gateway.translation.default.layout import DefaultLayout, default_layout
from gateway.translation.default.media import FORMS, Form

PREFIX = "default"
_FEWEST_PARTS, _MOST_PARTS = 2, 4


class Defaults:
    """The default layouts of the record types of one standard."""

    version = VERSION

    def __init__(self, schemas: Path) -> None:
        """schemas: the folder of the standard; it is read when a layout is asked for."""
        self._schemas = schemas
        self._compiled: dict[str, Compiled] | None = None
        self._made: dict[str, DefaultLayout] = {}

    @property
    def types(self) -> dict[str, Compiled]:
        """The record types by their names in kebab case."""
        if self._compiled is None:
            self._compiled = compile_all(self._schemas, load_labels(self._schemas))
        return self._compiled

    def names(self) -> tuple[str, ...]:
        """The name of each record type's layout, without form and language."""
        return tuple(f"{PREFIX}.{name}" for name in self.types)

    def find(self, name: str) -> DefaultLayout | None:
        """`default.TYPE`, with a form or a language or both behind it, else None."""
        if name not in self._made:
            made = self._make(name)
            if made is None:
                return None
            self._made[name] = made
        return self._made[name]

    def _make(self, name: str) -> DefaultLayout | None:
        prefix, *parts = name.split(".")
        if prefix != PREFIX or not _FEWEST_PARTS <= len(parts) + 1 <= _MOST_PARTS:
            return None
        kind, *chosen = parts
        form: Form = next((one for one in FORMS if one in chosen), "csv")
        language = next((one for one in LANGUAGES if one in chosen), "en")
        known = {form, language}
        if kind not in self.types or not set(chosen) <= known or len(set(chosen)) != len(chosen):
            return None
        return default_layout(self.types[kind], form, language)

    def marked(self, marker: str) -> str:
        """The layout of a marked file. Refuses `record.type-unknown`, `record.version-unknown`."""
        for name, compiled in self.types.items():
            if marker == compiled.marker:
                return f"{PREFIX}.{name}"
            if marker.startswith(f"lmx:{compiled.record_type}:"):
                raise Refusal(
                    "record.version-unknown",
                    step="translate",
                    rule=f"the marker must name version {VERSION}",
                )
        raise Refusal(
            "record.type-unknown",
            step="translate",
            rule="the marker must name a record type of the standard",
        )

    def of(self, record_type: str, language: str = "en") -> str:
        """The name of the layout by which any country takes a record type: CSV.

        CSV, because every system reads it, line by line and in flat memory; and codes in its
        cells, because machines compare them. Workbooks are for people.
        """
        suffix = "" if language == "en" else f".{language}"
        return f"{PREFIX}.{kebab(record_type)}{suffix}"
