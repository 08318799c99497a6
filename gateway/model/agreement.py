"""An agreement as types, and the one pure decision both gateways take (DESIGN section 5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gateway.model.instants import read_instant
from gateway.model.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Grant:
    """What an agreement allows for one record type.

    versions: schema versions; directions: `KZ>UZ`; withheld: member paths that never leave;
    sensitivity_cap: 0 to 3; retention in days; relay and handover deadlines in hours; daily_quota:
    records a direction and UTC day, None for no limit.
    """

    record_type: str
    versions: frozenset[int]
    directions: frozenset[str]
    purposes: Mapping[str, tuple[str, ...]]
    withheld: tuple[str, ...]
    sensitivity_cap: int
    needs_consent: bool
    retention_days: int
    relay_hours: int
    handover_hours: int
    daily_quota: int | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """One agreement text: corridor, version, validity, and its grants by record type."""

    corridor: str
    version: int
    valid_from: datetime
    valid_to: datetime
    grants: Mapping[str, Grant]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the agreement: the facts of one record's journey."""

    direction: str
    record_type: str
    schema_version: int
    purpose: str
    sensitivity: int
    consent_ref: str | None
    members: frozenset[str]


@dataclass(frozen=True, slots=True)
class Allowed:
    """A permission: the grant, the purpose's legal bases, and the members to leave out."""

    grant: Grant
    legal_basis: tuple[str, ...]
    withheld: tuple[str, ...]


def decide(agreement: Agreement, asked: Asked, sent_today: int, at: datetime) -> Allowed:
    """Give the permission, or refuse with the first rule that is not met.

    sent_today: records of this type and direction already accepted this UTC day, read before.
    Refuses `agreement.not-in-force`, `agreement.type`, `agreement.version`,
    `agreement.direction`, `agreement.purpose`, `agreement.sensitivity`, `consent.missing`,
    `agreement.quota`.
    """
    if not agreement.valid_from <= at < agreement.valid_to:
        raise _refuse("agreement.not-in-force", "the agreement must be valid at that time", "")
    grant = agreement.grants.get(asked.record_type)
    if grant is None:
        raise _refuse("agreement.type", "the agreement must cover the record type", "recordType")
    checks = (
        ("agreement.version", asked.schema_version in grant.versions, "schemaVersion"),
        ("agreement.direction", asked.direction in grant.directions, "direction"),
        ("agreement.purpose", asked.purpose in grant.purposes, "purpose"),
        ("agreement.sensitivity", asked.sensitivity <= grant.sensitivity_cap, "sensitivity"),
        ("consent.missing", not grant.needs_consent or asked.consent_ref is not None, "consentRef"),
        ("agreement.quota", grant.daily_quota is None or sent_today < grant.daily_quota, "quota"),
    )
    for code, holds, place in checks:
        if not holds:
            raise _refuse(code, "the agreement must cover this for the record type", place)
    withheld = tuple(one for one in grant.withheld if one in asked.members)
    return Allowed(grant, grant.purposes[asked.purpose], withheld)


def read_agreement(text: Mapping[str, Any]) -> Agreement:
    """Read the parsed JSON of an agreement. Refuses `agreement.malformed`."""
    try:
        grants = {name: _grant(name, one) for name, one in text["recordTypes"].items()}
        return Agreement(
            str(text["corridor"]),
            int(text["version"]),
            read_instant(text["validFrom"]),
            read_instant(text["validTo"]),
            grants,
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise _refuse(
            "agreement.malformed", "the text has the members of its version", "agreement"
        ) from None


def _grant(name: str, one: Mapping[str, Any]) -> Grant:
    quota = one.get("dailyQuota")
    return Grant(
        name,
        frozenset(int(version) for version in one["versions"]),
        frozenset(str(direction) for direction in one["directions"]),
        {str(purpose): tuple(map(str, basis)) for purpose, basis in one["purposes"].items()},
        tuple(map(str, one.get("withheld", ()))),
        int(one["sensitivityCap"]),
        bool(one["needsConsent"]),
        int(one["retentionDays"]),
        int(one["relayHours"]),
        int(one["handoverHours"]),
        None if quota is None else int(quota),
    )


def _refuse(code: str, rule: str, place: str) -> Refusal:
    return Refusal(code, step="policy", rule=rule, place=place)
