"""Countries found as folders under `adapters/`; the gateway imports none by name (DESIGN 2)."""

import importlib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gateway.model.refusal import Refusal
from gateway.translation.default.adapters import Defaults
from gateway.translation.default.media import marked_type
from gateway.translation.layout import Layout
from gateway.translation.media.encodings import EncodingProfile
from gateway.translation.media.foreign import Foreign, JsonFile, XmlFile, open_foreign
from gateway.translation.media.json_answers import refuse_failed
from gateway.translation.media.soap import refuse_fault

_FOLDERS = ("country", "layouts")


@dataclass(frozen=True, slots=True)
class Adapter:
    """One layout with the country that it belongs to.

    country: alpha-2. home: alpha-3. Both are empty for a layout that belongs to no country.
    version: of the country's adapter, it travels with records.
    """

    layout: Layout
    country: str
    home: str
    version: str

    @property
    def name(self) -> str:
        """The layout's name, `kz.labour-contract`."""
        return self.layout.name

    @property
    def record_type(self) -> str:
        """The record type that the layout carries."""
        return self.layout.record_type


class Countries:
    """All layouts of all countries, and the encodings of their files."""

    def __init__(
        self,
        adapters: Iterable[Adapter],
        encodings: Iterable[EncodingProfile],
        *,
        defaults: Defaults | None = None,
        languages: Mapping[str, str] | None = None,
    ) -> None:
        """adapters: every layout once; encodings: profiles of all countries. defaults: layouts
        of no country. languages: country (alpha-2) → language of the headings it likes."""
        self._adapters = {adapter.name: adapter for adapter in adapters}
        self.encodings = tuple(encodings)
        self.defaults = defaults
        self._languages = dict(languages or {})

    def names(self) -> tuple[str, ...]:
        """Every layout name, sorted."""
        return tuple(sorted(self._adapters))

    @property
    def homes(self) -> tuple[str, ...]:
        """The countries that have layouts of their own (alpha-3), sorted."""
        return tuple(sorted({one.home for one in self._adapters.values()} - {""}))

    def default_names(self) -> tuple[str, ...]:
        """The default layout of every record type, without form and language."""
        return () if self.defaults is None else self.defaults.names()

    def of(self, country: str, record_type: str) -> tuple[str, ...]:
        """The country's own layouts (alpha-2) of a record type, the preferred one first.

        The order is that of `layouts` in its `country.toml`.
        """
        return tuple(
            name
            for name, adapter in self._adapters.items()
            if adapter.country == country and adapter.record_type == record_type
        )

    def targets(self, country: str, record_type: str) -> tuple[str, ...]:
        """The layouts in which a country may get a record type: its own, then the default one.

        The first that can carry a record takes it; none when there is no default layout either.
        """
        default = self.default(country, record_type)
        return (*self.of(country, record_type), *(() if default is None else (default,)))

    def default(self, country: str, record_type: str) -> str | None:
        """The default layout with headings in the language of a country; None without one."""
        if self.defaults is None:
            return None
        return self.defaults.of(record_type, self._languages.get(country, "en"))

    def knows(self, layout: str) -> bool:
        """Whether there is a layout of that name, of a country or default."""
        return layout in self._adapters or self._default(layout) is not None

    def _default(self, layout: str) -> Adapter | None:
        found = None if self.defaults is None else self.defaults.find(layout)
        return None if found is None else Adapter(found, "", "", Defaults.version)

    def is_country(self, code: str) -> bool:
        """Whether a country of that alpha-2 code has layouts."""
        return code != "" and any(one.country == code for one in self._adapters.values())

    def named(self, layout: str) -> Adapter:
        """The adapter of a layout name; refuses `layout.unknown`."""
        found = self._adapters.get(layout) or self._default(layout)
        if found is None:
            raise _unknown("no country has a layout of that name")
        return found

    def detect(self, data: bytes, layout: str | None = None) -> Adapter:
        """The one layout that recognises the bytes.

        With a layout name, that layout. Refuses `layout.unknown`, `layout.ambiguous`,
        `source.fault`, `source.not-a-record` and what `open_foreign` refuses.
        """
        return self.choose(open_foreign(data, self.encodings), layout)

    def choose(self, foreign: Foreign, layout: str | None) -> Adapter:
        """As `detect`, for a file that is open already."""
        _refuse_faults(foreign)
        if layout is not None:
            return self.named(layout)
        marked = marked_type(foreign)
        if marked is not None and self.defaults is not None:
            return self.named(self.defaults.marked(marked))
        fitting = [a for a in self._adapters.values() if a.layout.medium.recognises(foreign)]
        if len(fitting) > 1:
            rule = "more than one layout recognises the file: name the layout"
            raise Refusal("layout.ambiguous", step="translate", rule=rule)
        if not fitting:
            raise _unknown("no layout recognises the file")
        return fitting[0]


def _unknown(rule: str) -> Refusal:
    return Refusal("layout.unknown", step="translate", rule=rule)


def _refuse_faults(foreign: Foreign) -> None:
    if isinstance(foreign, XmlFile):
        refuse_fault(foreign.root)
    if isinstance(foreign, JsonFile) and isinstance(foreign.value, dict):
        refuse_failed(foreign.value)


def load_countries(adapters_dir: Path) -> Countries:
    """Load every `adapters/<cc>/` folder that holds a `country.toml`, and the default layouts.

    A folder with `layouts.toml` instead holds layouts that belong to no country. The parent of
    `adapters_dir` must be on the import path; default layouts come from `schemas/` beside it. A
    layout named twice is a ValueError.
    """
    adapters: list[Adapter] = []
    encodings: list[EncodingProfile] = []
    languages: dict[str, str] = {}
    of_countries, of_none = (sorted(adapters_dir.glob(f"*/{n}.toml")) for n in _FOLDERS)
    for told in (*of_countries, *of_none):
        country = tomllib.loads(told.read_text(encoding="utf-8"))
        package = f"{adapters_dir.name}.{told.parent.name}"
        adapters += [
            Adapter(
                layout, country.get("country", ""), country.get("alpha3", ""), country["version"]
            )
            for module in country["layouts"]
            for layout in _layouts(f"{package}.{module}")
        ]
        encodings += [_encoding(profile) for profile in country.get("encoding", [])]
        languages[country.get("country", "")] = country.get("language", "en")
    names = [adapter.name for adapter in adapters]
    if len(set(names)) != len(names):
        message = "a layout name is declared twice"
        raise ValueError(message)
    defaults = Defaults(adapters_dir.parent / "schemas")
    return Countries(adapters, encodings, defaults=defaults, languages=languages)


def _layouts(module_name: str) -> list[Layout]:
    module = importlib.import_module(module_name)
    return [
        found()
        for found in vars(module).values()
        if isinstance(found, type) and issubclass(found, Layout) and found.__module__ == module_name
    ]


def _encoding(told: dict[str, Any]) -> EncodingProfile:
    letters = {ord(a): b for a, b in zip(told.get("from", ""), told.get("to", ""), strict=True)}
    words = frozenset(word.casefold() for word in told["words"])
    return EncodingProfile(told.get("name"), tuple(told["codecs"]), letters, words)
