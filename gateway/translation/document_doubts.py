"""Doubts about identity documents: unusual numbers, and zones that spell something else."""

from collections.abc import Iterator
from typing import Any

from gateway.model.refusal import Refusal, Warned
from gateway.translation import mrz
from gateway.translation.document_numbers import usual
from gateway.translation.name_doubts import alike, words

# 9303-3, section 5: Germany alone has a code of one letter.
_SHORT_STATES = {"D": "DEU"}
_SEX = {"M": "1", "F": "2"}
# Zones of the three states with a person's number carry it; what is shorter says something else.
_NUMBER_LENGTHS = (12, 14)
_LOOKALIKES = str.maketrans("АВЕКМНОРСТХ", "ABEKMHOPCTX")


def document_doubts(person: dict[str, Any]) -> list[Warned]:
    """Every doubt about a person's documents; a zone is compared, nothing is taken from it (R7)."""
    found = []
    for place, document in enumerate(person.get("document", [])):
        path = f"/person/document/{place}"
        if not usual(document.get("issuer", ""), document["type"], document["number"]):
            found.append(Warned("DOCUMENT-NUMBER-UNUSUAL", f"{path}/number"))
        if "mrz" in document:
            found += _zone_doubts(document, person, path)
    return found


def _zone_doubts(document: dict[str, Any], person: dict[str, Any], path: str) -> list[Warned]:
    try:
        zone = mrz.read(document["mrz"])
    except Refusal:
        return [Warned("MRZ-CHECK-FAILED", f"{path}/mrz")]
    places = (*_document_differs(zone, document, path), *_person_differs(zone, person))
    return [Warned("MRZ-MISMATCH", place) for place in places]


def _document_differs(zone: mrz.Mrz, document: dict[str, Any], path: str) -> Iterator[str]:
    if _bare(document["number"]) != zone.number:
        yield f"{path}/number"
    issuer = _SHORT_STATES.get(zone.issuer, zone.issuer)
    if document.get("issuer", issuer) != issuer:
        yield f"{path}/issuer"
    if "expires" in document and _differs(zone.expires, document["expires"]):
        yield f"{path}/expires"


def _person_differs(zone: mrz.Mrz, person: dict[str, Any]) -> Iterator[str]:
    if _differs(zone.birth, person.get("birthDate", {}).get("value", "")):
        yield "/person/birthDate"
    if {_SEX.get(zone.sex), str(person.get("sex"))} == {"1", "2"}:
        yield "/person/sex"
    known = person.get("name", [])
    spelled_name = words(mrz.name_of(zone))
    if known and not any(alike(spelled_name, words(name)) for name in known):
        yield "/person/name/0"
    spelled = [part for part in (zone.optional, zone.more) if len(part) in _NUMBER_LENGTHS]
    for place, identifier in enumerate(person.get("identifier", [])):
        like = [part for part in spelled if len(part) == len(identifier["value"])]
        if like and identifier["issuer"] == zone.issuer and identifier["value"] not in like:
            yield f"/person/identifier/{place}"


def _differs(spelled: str, iso: str) -> bool:
    """Whether YYMMDD, fillers unknown, and the known part of an ISO date contradict each other."""
    known = iso[2:].replace("-", "")
    return any(a not in {b, mrz.FILLER} for a, b in zip(spelled, known, strict=False))


def _bare(number: str) -> str:
    """A number as a zone spells it: letters of a Cyrillic keyboard too, without marks."""
    plain = number.upper().translate(_LOOKALIKES)
    return "".join(letter for letter in plain if letter.isalnum())
