"""Two-way fields for names and identifiers (R12, R13, R22, R35, R37)."""

from typing import Any

from gateway.translation import names
from gateway.translation.fields import TwoWay, clean, text_of
from gateway.translation.identifiers import SCHEMES, WrongIdentifier, state_of
from gateway.translation.paths import MISSING, pick
from gateway.translation.turn import Unreadable, turn

TJ_TIN_DIGITS = 9


class Spelled(str):
    """A unified name part that remembers how the ministry spelled it."""

    __slots__ = ("raw",)
    raw: str


class NamePart(TwoWay):
    """Family name, given name or patronymic in a field of its own."""

    def __init__(
        self,
        native: str,
        part: str,
        *,
        form: str,
        script: str,
        lang: str | None = None,
        substitute: bool = False,
        holder: str = "person",
        **options: Any,
    ) -> None:
        """form, script, lang: of the name in this field. substitute: a field that may not stay
        empty, so it takes the other script when only that is known (R37). holder: record path of
        the person."""
        chosen = f"[lang={lang}]" if lang else ""
        path = f"{holder}/name[form={form}][script={script}]{chosen}/{part}"
        super().__init__(native, path, **options)
        self.holder = holder
        self.part = part
        self.form = form
        self.script = script
        self.lang = lang
        self.substitute = substitute

    def read(self, value: Any) -> Any:
        given = names.normal(clean(text_of(value)))
        spelled = Spelled(names.unified(given) if self.script == "Latn" else given)
        spelled.raw = given
        return spelled

    def find(self, record: dict[str, Any]) -> tuple[Any, str]:
        found, at = pick(record, f"{self.holder}/name")
        known = [] if found is MISSING else found
        forms = (self.form, "native", "degraded", "icao", "mrz", "transliterated")
        index = names.choose(known, self.script, forms)
        if index is None and self.substitute and known:
            index = 0
            turn().warn("SCRIPT-SUBSTITUTED", f"{at}/0")
        if index is None:
            return MISSING, ""
        if self.part not in known[index] and self.substitute:
            index = self._elsewhere(known, at, index)
        return self._part(known[index], f"{at}/{index}")

    def _elsewhere(self, known: list[dict[str, Any]], at: str, chosen: int) -> int:
        """Another name that has the part which the chosen one lacks, said so, else the chosen."""
        for index, name in enumerate(known):
            if self.part in name:
                turn().warn("SCRIPT-SUBSTITUTED", f"{at}/{index}/{self.part}")
                return index
        return chosen

    def _part(self, name: dict[str, Any], pointer: str) -> tuple[Any, str]:
        if self.part in name:
            same = (name.get("form"), name.get("lang")) == (self.form, self.lang)
            raw = raw_part(name, self.part) if same else name[self.part]
            return raw, f"{pointer}/{self.part}"
        if any(part in name for part in names.PARTS):
            return MISSING, ""
        # A whole name without parts goes where the layout keeps its leading part.
        leading = "given" if name.get("noFamilyName") else "family"
        if self.part != leading:
            return MISSING, ""
        if leading == "family":
            turn().warn("NAME-NOT-SPLIT", pointer)
        return name["full"], f"{pointer}/full"


def raw_part(name: dict[str, Any], part: str) -> str:
    """A name part as the ministry spelled it, told from `raw` word by word."""
    unified: str = name[part]
    words = str(name.get("raw", "")).split()
    start = 0
    for earlier in names.PARTS:
        if earlier == part:
            break
        start += len(str(name.get(earlier, "")).split())
    raw = " ".join(words[start : start + len(unified.split())])
    return raw if names.unified(raw) == unified else unified


class FullName(TwoWay):
    """A whole name in one field, family first; split only when three parts are known."""

    def __init__(self, native: str, *, script: str, lang: str, **options: Any) -> None:
        """script, lang: of the names in this field."""
        super().__init__(native, f"person/name[form=native][script={script}]", **options)
        self.script = script
        self.lang = lang

    def read(self, value: Any) -> Any:
        full = names.normal(clean(text_of(value)))
        told = {"form": "native", "script": names.script_of(full), "lang": self.lang}
        return told | names.split(full)

    def find(self, record: dict[str, Any]) -> tuple[Any, str]:
        known = record.get("person", {}).get("name", [])
        if not known:
            return MISSING, ""
        index = names.choose(known, self.script, ("native", "degraded"))
        if index is None:
            turn().warn("SCRIPT-SUBSTITUTED", "/person/name/0")
        place = index or 0
        return known[place]["full"], f"/person/name/{place}"


def rated(scheme: str, number: str, path: str) -> dict[str, str]:
    """An identifier with its state (R13); raises Unreadable when the row cannot stand."""
    if scheme == "TJ-TIN" and number.isdigit() and len(number) < TJ_TIN_DIGITS:
        number = number.zfill(TJ_TIN_DIGITS)
        turn().warn("TIN-PADDED", path)
    issuer = SCHEMES[scheme].issuer
    try:
        state = state_of(scheme, number)
    except WrongIdentifier as wrong:
        kazakh_length = issuer == "KAZ" and wrong.code == "identifier.length"
        if issuer == turn().home or kazakh_length:
            raise Unreadable(wrong.code, wrong.rule) from None
        state = "failed"
        turn().warn("ID-CHECK-FAILED", path)
    return {"scheme": scheme, "value": number, "issuer": issuer, "state": state}


class Identifier(TwoWay):
    """A number of a known scheme; with several, the first that the number is built like."""

    def __init__(self, native: str, holder: str, *schemes: str, **options: Any) -> None:
        """holder: record path of the person or organisation. schemes: the first one rules."""
        super().__init__(native, f"{holder}/identifier[scheme={schemes[0]}]", **options)
        self.holder = holder
        self.schemes = schemes

    def read(self, value: Any) -> Any:
        number = "".join(clean(text_of(value)).split())
        scheme = self.schemes[0]
        if len(self.schemes) > 1:
            fitting = (s for s in self.schemes if SCHEMES[s].pattern.fullmatch(number))
            scheme = next(fitting, scheme)
        return rated(scheme, number, self.common)

    def find(self, record: dict[str, Any]) -> tuple[Any, str]:
        known, pointer = pick(record, f"{self.holder}/identifier")
        for index, identifier in enumerate([] if known is MISSING else known):
            if identifier["scheme"] not in self.schemes:
                continue
            if identifier["state"] == "failed" and identifier["issuer"] == turn().home:
                # Its own country refuses a wrong number (R13), and with it the whole row.
                turn().warn("ID-CHECK-FAILED", f"{pointer}/{index}")
                continue
            return identifier["value"], f"{pointer}/{index}"
        return MISSING, ""


class OrganisationName(TwoWay):
    """The name of an organisation, in a language or in an unknown one."""

    def __init__(
        self,
        native: str,
        holder: str,
        *,
        lang: str | None = None,
        substitute: bool = True,
        **options: Any,
    ) -> None:
        """substitute: writes a name of another language when there is none of this one."""
        chosen = f"[lang={lang}]" if lang else "[0]"
        super().__init__(native, f"{holder}/name{chosen}/text", **options)
        self.holder = holder
        self.substitute = substitute

    def find(self, record: dict[str, Any]) -> tuple[Any, str]:
        name, pointer = super().find(record)
        if pointer or not self.substitute:
            return name, pointer
        return pick(record, f"{self.holder}/name[0]/text")


class ScriptText(TwoWay):
    """A text of a Cyrillic field; another script goes in as it is, said and unified (R37)."""

    def write(self, value: Any) -> Any:
        if names.script_of(value) == "Cyrl":
            return value
        turn().warn("SCRIPT-SUBSTITUTED", f"/{self.common}")
        return names.unified(value)
