"""Two-way fields for codes with labels: triples, occupations, purposes, documents."""

import re
from typing import Any

from marshmallow import missing

from gateway.catalogue.codelists import CodeLists, Mapped
from gateway.translation import money, names
from gateway.translation.codes import CodeTable, alpha_3, numeric
from gateway.translation.fields import TwoWay, blank, clean, text_of, unknown_code
from gateway.translation.paths import MISSING, pick
from gateway.translation.turn import Unreadable, turn

_ISCO = re.compile(r"(\d{4})(-\d)?")
ISCO = "ISCO-08"


class Triple(TwoWay):
    """A Kazakh code triple with a known table (labels in the table).

    `{Code, NameRu, NameKz}` in synchronous services, `{code, kkValue, ruValue}` in asynchronous.
    """

    def __init__(
        self,
        native: str,
        common: str,
        table: CodeTable,
        *,
        names: tuple[str, ...],
        code: str = "Code",
        leave_unknown: bool = False,
        **options: Any,
    ) -> None:
        """names: the triple's label members, named like the table's columns. code: the member
        that holds the code."""
        super().__init__(native, common, parts=(code, *names), **options)
        self.table = table
        self.leave_unknown = leave_unknown
        self.label_names = names
        self.code = code

    def read(self, value: Any) -> Any:
        common = self.table.common(triple_code(value, self.code))
        if common is None:
            return unknown_code(self, self.table.name, leave=self.leave_unknown)
        return common

    def write(self, value: Any) -> Any:
        native = self.table.native(value)
        if native is None:
            return missing
        labels = self.table.labels[native]
        return {self.code: native} | {n: labels[n] for n in self.label_names if n in labels}


def triple_code(value: Any, member: str = "Code") -> str:
    """The code of a triple; a triple without one is refused."""
    if not isinstance(value, dict) or blank(value.get(member)):
        raise Unreadable("field.unreadable", "a code triple must stand here")
    return text_of(value[member])


class CountryTriple(TwoWay):
    """A country triple: ISO numeric code, or an internal code told by its label (R23)."""

    def __init__(
        self,
        native: str,
        common: str,
        labels: CodeTable,
        *,
        names: tuple[str, ...],
        **options: Any,
    ) -> None:
        """labels: table of country labels (native label → alpha-3), label columns by name."""
        super().__init__(native, common, parts=("Code", *names), **options)
        self.labels = labels
        self.label_names = names

    def read(self, value: Any) -> Any:
        # A code left empty beside its label is outside the list as well (R23).
        empty = isinstance(value, dict) and blank(value.get("Code"))
        code = None if empty else alpha_3(triple_code(value).strip())
        if code is not None:
            return code
        for name in self.label_names:
            found = self.labels.common(str(value.get(name) or ""))
            if found is not None:
                turn().warn("CODE-LIST-ASSUMED", self.common)
                return found
        raise Unreadable("code.unknown", "neither the country code nor its label resolves")

    def write(self, value: Any) -> Any:
        if alpha_3(value) is None:
            return missing
        native = self.labels.native(value)
        labels = self.labels.labels.get(native, {}) if native is not None else {}
        return {"Code": numeric(value)} | {n: labels[n] for n in self.label_names if n in labels}


def _is_isco(occupation: dict[str, Any]) -> bool:
    # A code of another common list would be read again as something else, or not at all.
    isco = occupation.get("list", ISCO) == ISCO
    return isco and _ISCO.fullmatch(occupation["code"]) is not None


class Occupation(TwoWay):
    """An occupation code that begins with an ISCO-08 unit group; the native code stays beside it.

    The national list tells how; a code that it does not hold is cut and marked `assumed`, and one
    that does not begin with a unit group is kept alone with `CODE-UNMAPPED` (R38).
    """

    def __init__(
        self,
        native: str,
        *,
        native_list: str,
        lists: CodeLists | None = None,
        label_langs: tuple[tuple[str, str], ...] = (),
        **options: Any,
    ) -> None:
        """native_list: its name; lists: where it stands, if it is known. label_langs:
        (member, ISO 639-3) of a triple's labels; empty for a bare code."""
        parts = ("Code", *(name for name, _ in label_langs)) if label_langs else ()
        super().__init__(native, "occupation", parts=parts, **options)
        self.native_list = native_list
        self.lists = lists
        self.label_langs = label_langs

    def read(self, value: Any) -> Any:
        code = clean(triple_code(value) if self.label_langs else text_of(value))
        occupation: dict[str, Any] = {"nativeCode": code, "nativeList": self.native_list}
        found = self._common(code)
        if found is None:
            turn().warn("CODE-UNMAPPED", self.common)
        else:
            occupation |= {"code": found.code, "list": ISCO, "mapping": found.mapping}
        labels = [
            {"text": clean(text_of(value[name])), "lang": lang}
            for name, lang in self.label_langs
            if not blank(value.get(name))
        ]
        return occupation | ({"label": labels} if labels else {})

    def _common(self, code: str) -> Mapped | None:
        listed = None if self.lists is None else self.lists.common(self.native_list, code)
        matched = _ISCO.fullmatch(code)
        return listed or (Mapped(matched[1], "assumed") if matched else None)

    def write(self, value: Any) -> Any:
        own = value.get("nativeList") == self.native_list and "nativeCode" in value
        code = value["nativeCode"] if own else value.get("code")
        if code is None or not (own or _is_isco(value)):
            return missing
        turn().consume("/occupation/code")
        if own or value.get("nativeCode") == code:
            turn().consume("/occupation/nativeCode")
        return self._triple(code, value.get("label", [])) if self.label_langs else code

    def _triple(self, code: str, labels: list[dict[str, str]]) -> dict[str, str]:
        triple = {"Code": code}
        for name, lang in self.label_langs:
            for place, label in enumerate(labels):
                if label.get("lang") == lang and name not in triple:
                    turn().consume(f"/occupation/label/{place}")
                    triple[name] = label["text"]
        return triple

    def serialize(self, attr: str, obj: Any, accessor: Any = None, **_kwargs: Any) -> Any:
        occupation, _ = pick(obj, self.common)
        return missing if occupation is MISSING else self.write(occupation)


class OccupationWords(TwoWay):
    """The words for an occupation, in one language or in an unknown one."""

    def __init__(self, native: str, *, lang: str | None = None, **options: Any) -> None:
        """lang: of the words that are read; any language's are written."""
        chosen = f"[lang={lang}]" if lang else "[0]"
        super().__init__(native, f"occupation/label{chosen}/text", **options)

    def find(self, record: dict[str, Any]) -> tuple[Any, str]:
        words, pointer = super().find(record)
        return (words, pointer) if pointer else pick(record, "occupation/label[0]/text")


class Word(TwoWay):
    """A word of the source as a coded value: the common code if the table knows it."""

    def __init__(self, native: str, common: str, table: CodeTable, **options: Any) -> None:
        """table: native word → common code."""
        super().__init__(native, common, **options)
        self.table = table

    def read(self, value: Any) -> Any:
        word = clean(text_of(value))
        code = self.table.common(word)
        if code is None:
            turn().warn("CODE-UNMAPPED", self.common)
            return {"nativeCode": word}
        return {"code": code, "nativeCode": word, "mapping": "assumed"}

    def write(self, value: Any) -> Any:
        word = value.get("nativeCode")
        if "code" not in value or (word and self.table.common(word) == value["code"]):
            return word or missing
        native = self.table.native(value["code"])
        return missing if native is None else native

    def serialize(self, attr: str, obj: Any, accessor: Any = None, **_kwargs: Any) -> Any:
        value, pointer = self.find(obj)
        written = missing if value is MISSING else self.write(value)
        if written is missing:
            return missing if self.empty is MISSING else self.empty
        # The word of another source is lost where the layout's own word stands for its code.
        turn().consume(f"{pointer}/code")
        if value.get("nativeCode") == written:
            turn().consume(f"{pointer}/nativeCode")
        return written


DocumentKinds = tuple[tuple[str, str], ...]
OTHER_DOCUMENT = "identityDocument"


def document_kind(number: str, kinds: DocumentKinds) -> str:
    """The type of a document by the first pattern its number fits, else `identityDocument`."""
    for pattern, kind in kinds:
        if re.fullmatch(pattern, number):
            return kind
    return OTHER_DOCUMENT


class DocumentNumber(TwoWay):
    """The number of an identity document; one lost in a spreadsheet refuses the row (R19)."""

    def __init__(
        self, native: str, *, kinds: DocumentKinds | None, place: int = 0, **options: Any
    ) -> None:
        """kinds: (pattern, type) by which the type is told; None when another field tells it."""
        super().__init__(native, f"person/document[{place}]", **options)
        self.kinds = kinds

    def read(self, value: Any) -> Any:
        given = text_of(value).strip()
        if money.SCIENTIFIC.fullmatch(given):
            raise Unreadable("document.number-lost", "a spreadsheet turned the number into a power")
        number = "".join(names.normal(clean(given)).split()).upper()
        told = {} if self.kinds is None else {"type": document_kind(number, self.kinds)}
        return {"number": number, **told}

    def find(self, record: dict[str, Any]) -> tuple[Any, str]:
        number, pointer = pick(record, f"{self.common}/number")
        if number is not MISSING and self.kinds is not None:
            document, at = pick(record, self.common)
            if document["type"] == document_kind(number, self.kinds):
                turn().consume(f"{at}/type")
        return number, pointer
