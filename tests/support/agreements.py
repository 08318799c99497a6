"""Agreement texts for tests: one that is whole, and the same with changes."""

import base64
import copy
import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from gateway.model.agreement import Agreement, Asked, quotas_asked
from gateway.model.agreement_text import read_agreement
from gateway.model.quotas import Quota
from gateway.proof.trust import Directory, Revocation

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


def decision_of_sixty() -> tuple[Agreement, Asked, dict[Quota, int], datetime]:
    """What `decide` takes for a record of sixty members, a list of allowed ones, masks, quotas."""
    own = [f"/m{group}/n{number}" for group in range(8) for number in range(7)][:52]
    paths = [*own, *(f"/m{group}" for group in range(8))]
    listed = [f"/m{group}" for group in range(7)] + ["/m7/n0", "/m7/n1"]
    grant = members(listed, ["/m0/n6", "/m3/n2"], {"/m1/n1": {"rule": "keep-last", "keep": 4}})
    grant["quotas"] = [{"window": "day", "limit": 1000}, {"window": "hour", "limit": 100}]
    agreement = read_agreement(agreement_text(grant))
    at = agreement.valid_from
    asked = Asked(
        "KZ>UZ",
        "EmploymentContract",
        1,
        "contract-registration",
        "kz.labour-ministry/system",
        2,
        None,
        frozenset(paths),
    )
    usage = dict.fromkeys(quotas_asked(agreement, "EmploymentContract", "KZ>UZ"), 5)
    return agreement, asked, usage, at


def relisted(
    directory: Directory,
    files: Mapping[str, bytes | None],
    revoked: Mapping[str, datetime] | None = None,
) -> Directory:
    """The directory one version on, with target files added, changed or (None) taken out."""
    kept = {name: one for name, one in {**directory.files, **files}.items() if one is not None}
    notices = {name: Revocation(at) for name, at in (revoked or {}).items()}
    told = repr((directory.sha256, sorted(kept.items()), sorted((revoked or {}).items())))
    return replace(
        directory,
        version=directory.version + 1,
        sha256=base64.b64encode(hashlib.sha256(told.encode()).digest()).decode(),
        files=kept,
        revoked={**directory.revoked, **notices},
    )
