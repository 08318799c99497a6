"""Agreement texts for tests: one that is whole, and the same with changes."""

import copy
from typing import Any

_TEXT: dict[str, Any] = {
    "format": 1,
    "id": "KZ-UZ",
    "corridor": "KZ-UZ",
    "version": 1,
    "test": False,
    "title": {"en": "Exchange of contracts"},
    "validFrom": "2026-01-01T00:00:00.000Z",
    "validTo": "2028-01-01T00:00:00.000Z",
    "legalBases": {
        "KZ-UZ-2019": {"title": {"en": "A treaty"}, "date": "2019-04-15", "source": "a gazette"}
    },
    "recordTypes": {
        "EmploymentContract": {
            "versions": [1],
            "directions": ["KZ>UZ", "UZ>KZ"],
            "purposes": {"contract-registration": ["KZ-UZ-2019"]},
            "members": {"allowed": "all", "withheld": [], "masked": {}},
            "sensitivityCap": 2,
            "consentRequired": False,
            "retentionDays": 30,
            "relayHours": 168,
            "handoverHours": 720,
            "quotas": [],
        }
    },
    "timeStamps": {"required": False, "authorities": []},
    "witnesses": {"atLeast": 1, "of": ["KZ", "UZ"]},
    "signatureRecognition": {"clause": {"en": "Seals are recognised."}},
}


def agreement_text(grant: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """The text with members of the whole and of its one grant changed."""
    text = copy.deepcopy(_TEXT)
    text |= changes
    text["recordTypes"]["EmploymentContract"] |= grant or {}
    return text


def members(
    allowed: Any = "all", withheld: Any = (), masked: dict[str, Any] | None = None
) -> dict[str, Any]:
    """A grant's change to its member rules."""
    return {"members": {"allowed": allowed, "withheld": list(withheld), "masked": masked or {}}}
