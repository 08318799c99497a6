"""Two-way fields for the numbers of other countries' schemes (R22, R35)."""

from typing import Any

from marshmallow import missing

from gateway.translation.fields import TwoWay, blank, clean, text_of
from gateway.translation.identifiers import SCHEMES, scheme_of
from gateway.translation.paths import MISSING, native_pick, pick
from gateway.translation.person_fields import rated
from gateway.translation.turn import Unreadable, turn


class ForeignNumber(TwoWay):
    """A number of another country's scheme, told by its label, country or build (R22, R35)."""

    silent = True

    def __init__(
        self,
        native: str,
        holder: str,
        *,
        kind: str,
        scheme_at: str = "",
        country_at: str = "",
        home_too: bool = False,
        **options: Any,
    ) -> None:
        """kind: `person` or `organisation`. scheme_at, country_at: native paths that name the
        scheme or the issuing country. home_too: the field takes home numbers as well."""
        super().__init__(native, f"{holder}/identifier[scheme=foreign]", **options)
        self.holder = holder
        self.kind = kind
        self.scheme_at = scheme_at
        self.country_at = country_at
        self.home_too = home_too

    def deserialize(self, value: Any, attr: Any = None, data: Any = None, **_kwargs: Any) -> Any:
        if blank(value):
            return missing
        number = "".join(clean(text_of(value)).split())
        scheme = self._labelled(data["/"]) or self._told(number, data["/"])
        if scheme is None:
            turn().warn("IDENTIFIER-SCHEME-UNKNOWN", f"{self.holder}/identifier")
            turn().leave(self.native)
            return missing
        return rated(scheme, number, self.common)

    def _labelled(self, tree: Any) -> str | None:
        named = native_pick(tree, self.scheme_at) if self.scheme_at else MISSING
        return named if isinstance(named, str) and named in SCHEMES else None

    def _told(self, number: str, tree: Any) -> str | None:
        from_layout = native_pick(tree, self.country_at) if self.country_at else MISSING
        return scheme_of(
            number,
            holder=self.kind,
            country=from_layout if isinstance(from_layout, str) else None,
            home=turn().home,
            home_too=self.home_too,
        )

    def find(self, record: dict[str, Any]) -> tuple[Any, str]:
        identifier, pointer = foreign_identifier(record, self.holder, home_too=self.home_too)
        return (identifier["value"], pointer) if pointer else (MISSING, "")

    def serialize(self, attr: str, obj: Any, accessor: Any = None, **_kwargs: Any) -> Any:
        value, pointer = self.find(obj)
        if value is MISSING:
            return missing if self.empty is MISSING else self.empty
        known, _ = pick(obj, f"{self.holder}/identifier")
        identifier = known[int(pointer.rsplit("/", maxsplit=1)[1])]
        told = identifier["scheme"] if self.scheme_at else self._told_again(identifier, obj)
        if told == identifier["scheme"]:
            turn().consume(pointer)
        elif told is not None:
            # It would be read as a number of another scheme.
            return missing if self.empty is MISSING else self.empty
        return value

    def _told_again(self, identifier: dict[str, str], record: dict[str, Any]) -> str | None:
        """The scheme that a reader tells from the number and the country written beside it."""
        beside = (f for f in getattr(self.parent, "two_way", ()) if f.native == self.country_at)
        country = next((field.find(record)[0] for field in beside), None)
        return scheme_of(
            identifier["value"],
            holder=self.kind,
            country=country if isinstance(country, str) else None,
            home=turn().home,
            home_too=self.home_too,
        )


def foreign_identifier(
    record: dict[str, Any], holder: str, *, home_too: bool
) -> tuple[dict[str, str], str]:
    """The first identifier that the layout's home fields do not take, and its pointer."""
    known, pointer = pick(record, f"{holder}/identifier")
    for index, identifier in enumerate([] if known is MISSING else known):
        scheme = SCHEMES.get(identifier["scheme"])
        # A number of an unknown scheme has no field, since nobody could tell it again.
        if scheme is not None and (home_too or scheme.issuer != turn().home):
            return identifier, f"{pointer}/{index}"
    return {}, ""


class ForeignScheme(TwoWay):
    """The label of a foreign number; read by `ForeignNumber`, written from the same identifier."""

    def __init__(self, native: str, holder: str) -> None:
        """holder: record path of the person or organisation."""
        super().__init__(native, f"{holder}/identifier[scheme=foreign]/scheme")
        self.holder = holder

    def read(self, value: Any) -> Any:
        if text_of(value) not in SCHEMES:
            raise Unreadable("code.unknown", "not a known identifier scheme")
        return missing

    def find(self, record: dict[str, Any]) -> tuple[Any, str]:
        identifier, pointer = foreign_identifier(record, self.holder, home_too=False)
        return (identifier["scheme"], pointer) if pointer else (MISSING, "")
