"""Doubts that any record may raise, whatever its layout: fees, identifiers, codes, gaps."""

from gateway.catalogue import Catalogue
from gateway.model.refusal import Warned
from gateway.translation.document_doubts import document_doubts
from gateway.translation.identifiers import birth_and_sex_agree
from gateway.translation.money import is_zero
from gateway.translation.name_doubts import name_doubts
from gateway.translation.reading import Record


def doubts(record_type: str, record: Record, catalogue: Catalogue) -> list[Warned]:
    """Every doubt about a finished record; none of them stops it (R2)."""
    missing = catalogue.missing_usual(record_type, record)
    return [
        *_worker_paid_fees(record),
        *_sex_required(record_type, record),
        *_disagreeing_identifiers(record),
        *document_doubts(record.get("person", {})),
        *name_doubts(record.get("person", {})),
        *(Warned("CODE-NOT-IN-LIST", path) for path in catalogue.unlisted(record_type, record)),
        *(Warned("MEMBER-MISSING", path) for path in missing),
    ]


def _worker_paid_fees(record: Record) -> list[Warned]:
    # ILO fair recruitment: no fee or related cost borne by the worker, wholly or in part.
    return [
        Warned("FR-FEE", f"/fee/{place}")
        for place, fee in enumerate(record.get("fee", []))
        if fee.get("payer") == "worker" and not is_zero(fee["amount"])
    ]


def _sex_required(record_type: str, record: Record) -> list[Warned]:
    # R34: a vacancy that demands a sex says so to whoever reads it.
    demanded = record_type == "JobOrder" and record.get("sexRequired") in ("1", "2")
    return [Warned("FR-SEX-REQUIRED", "/sexRequired")] if demanded else []


def _disagreeing_identifiers(record: Record) -> list[Warned]:
    person = record.get("person", {})
    birth = person.get("birthDate", {})
    date = birth.get("value") if birth.get("precision") == "day" else None
    sex = str(person["sex"]) if "sex" in person else None
    found = []
    for place, identifier in enumerate(person.get("identifier", [])):
        if identifier["state"] == "failed":
            continue
        dated, sexed = birth_and_sex_agree(identifier["scheme"], identifier["value"], date, sex)
        path = f"/person/identifier/{place}"
        found += [] if dated else [Warned("ID-DOB-MISMATCH", path)]
        found += [] if sexed else [Warned("ID-SEX-MISMATCH", path)]
    return found
