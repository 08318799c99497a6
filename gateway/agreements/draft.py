"""A first text of an agreement, made of treaty facts; two governments change it as they agree.

The facts are data: `schemas/agreement/1/treaties.csv` (public treaties, with the source of each)
and `purposes.csv` (the usual purpose of each record type). Record types of sensitivity 3 are in no
first text: no gateway takes them, and the two authorities write their own terms.
"""

import csv
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from gateway.model.agreement_text import FORMAT, LANGUAGES
from gateway.model.instants import write_instant
from gateway.model.refusal import Refusal

# Every record may also be sent for this, whatever its own purpose.
PROTECTION = "worker-protection"
_DAYS, _RELAY, _HANDOVER = 1825, 168, 720
_CLAUSE = (
    "Each state recognises the seals and receipts of the other state's gateway, made with keys "
    "that its signed directory lists, as evidence of sending, receipt and handover."
)


@dataclass(frozen=True, slots=True)
class Treaty:
    """A public treaty: its code, the text of its basis, and the record types it is a basis for."""

    code: str
    basis: dict[str, Any]
    record_types: tuple[str, ...]

    def names(self, record_type: str) -> bool:
        """Whether the treaty is about this record type and no other."""
        return record_type in self.record_types

    @property
    def general(self) -> bool:
        """Whether it is a basis for every type that needs none of its own."""
        return self.record_types == ("all",)


def treaties(schemas: Path, corridor: str) -> list[Treaty]:
    """Give the treaties of a corridor, none for a corridor that has no treaty to stand on."""
    found = []
    for row in _rows(schemas, "treaties.csv"):
        if corridor not in row["corridors"].split():
            continue
        title = {one: row[one] for one in LANGUAGES if row.get(one)}
        basis: dict[str, Any] = {"title": title, "date": row["date"], "source": row["source"]}
        if row["article"]:
            basis["article"] = row["article"]
        found.append(Treaty(row["code"], basis, tuple(row["recordTypes"].split())))
    return found


def draft(
    schemas: Path, corridor: str, *, begins: datetime, ends: datetime, version: int = 1
) -> dict[str, Any]:
    """Give a text for a corridor. Refuses `agreement.draft` where no treaty gives a basis."""
    known = treaties(schemas, corridor)
    if not any(one.general for one in known):
        raise Refusal(
            "agreement.draft",
            step="draft",
            rule="no treaty is known for this corridor; add it to "
            "schemas/agreement/1/treaties.csv with its source",
            place=corridor,
        )
    grants = {
        row["recordType"]: _grant(corridor, codes, row["purpose"])
        for row in _rows(schemas, "purposes.csv")
        if (codes := _bases(known, row))
    }
    used = {code for one in grants.values() for codes in one["purposes"].values() for code in codes}
    return {
        "format": FORMAT,
        "id": corridor,
        "corridor": corridor,
        "version": version,
        "test": False,
        "title": {"en": f"Exchange of records of labour migration, {corridor}"},
        "validFrom": write_instant(begins),
        "validTo": write_instant(ends),
        "legalBases": {one.code: one.basis for one in known if one.code in used},
        "recordTypes": grants,
        "timeStamps": {"required": False, "authorities": []},
        "witnesses": {"atLeast": 1, "of": corridor.split("-")},
        "signatureRecognition": {"clause": {"en": _CLAUSE}},
    }


def _bases(known: list[Treaty], row: dict[str, str]) -> list[str]:
    own = [one.code for one in known if one.names(row["recordType"])]
    if row["ownBasis"] == "yes":
        return own
    return own + [one.code for one in known if one.general]


def _grant(corridor: str, bases: list[str], purpose: str) -> dict[str, Any]:
    one, other = corridor.split("-")
    return {
        "versions": [1],
        "directions": [f"{one}>{other}", f"{other}>{one}"],
        "purposes": {purpose: bases, PROTECTION: bases},
        "members": {"allowed": "all", "withheld": [], "masked": {}},
        "sensitivityCap": 2,
        "consentRequired": False,
        "retentionDays": _DAYS,
        "relayHours": _RELAY,
        "handoverHours": _HANDOVER,
        "quotas": [],
    }


def _rows(schemas: Path, name: str) -> list[dict[str, str]]:
    with (schemas / "agreement" / "1" / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
