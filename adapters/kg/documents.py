"""Kyrgyz documents: series and number, together or in two fields."""

import re
from typing import Any

from marshmallow import missing

from gateway.translation.coded_fields import document_kind
from gateway.translation.fields import Text
from gateway.translation.paths import MISSING, pick
from gateway.translation.turn import turn

KINDS = ((r"ID\d{7}", "idCard"), (r"(AC|AN|PE)\d{7}", "passport"))
_PARTS = re.compile(r"([A-Z]{1,3})?(\d+)")


class Series(Text):
    """The letters of a document number."""

    def find(self, record: dict[str, Any]) -> tuple[Any, str]:
        series, pointer = pick(record, "person/document[0]/series")
        if series is not MISSING:
            return series, pointer
        return _split(record, part=1)


class Number(Text):
    """The digits of a document number; the whole where it has no letters in front."""

    def find(self, record: dict[str, Any]) -> tuple[Any, str]:
        number, pointer = _split(record, part=2)
        document = pick(record, "person/document[0]")[0]
        if number is not MISSING and document["type"] == document_kind(document["number"], KINDS):
            turn().consume("/person/document/0/type")
        return number, pointer

    def write(self, value: Any) -> Any:
        return value or missing


def _split(record: dict[str, Any], *, part: int) -> tuple[Any, str]:
    whole, pointer = pick(record, "person/document[0]/number")
    if whole is MISSING:
        return MISSING, ""
    series, _ = pick(record, "person/document[0]/series")
    if series is not MISSING and whole.startswith(series):
        return (series, whole[len(series) :])[part - 1], pointer
    matched = _PARTS.fullmatch(whole)
    found = (matched[part] if matched else whole if part > 1 else None) or MISSING
    return found, pointer if found is not MISSING else ""
