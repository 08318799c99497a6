"""An agreement as types, and the one pure decision both gateways take (DESIGN section 5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from gateway.model.masking import Mask
from gateway.model.member_rules import MemberRules, masked_of, paths_asked, withheld_of
from gateway.model.quotas import Quota, Usage
from gateway.model.refusal import Refusal

# Texts by language; the languages of a text are those it was written in.
Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """One basis: a public treaty or law. article and date as the source gives them."""

    code: str
    title: Words
    date: str
    article: str
    source: str


@dataclass(frozen=True, slots=True)
class Extract:
    """What may be taken into the extract store (DESIGN section 7), and for how many days."""

    members: tuple[str, ...]
    bases: tuple[str, ...]
    key: str
    retention_days: int


@dataclass(frozen=True, slots=True)
class Grant:
    """What an agreement allows for one record type.

    versions: schema versions; directions: `KZ>UZ`; purposes: legal bases by purpose; authorities:
    who may submit, None for all that the directory lists; sensitivity_cap: 0 to 3; retention in
    days; relay and handover deadlines in hours; notice_days: until when the person is told.
    """

    record_type: str
    versions: frozenset[int]
    directions: frozenset[str]
    purposes: Mapping[str, tuple[str, ...]]
    authorities: frozenset[str] | None
    members: MemberRules
    sensitivity_cap: int
    consent_required: bool
    retention_days: int
    relay_hours: int
    handover_hours: int
    notice_days: int | None
    quotas: tuple[Quota, ...]
    extract: Extract | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """One agreement text: corridor, version, validity, its bases and its grants by record type."""

    corridor: str
    version: int
    test: bool
    title: Words
    valid_from: datetime
    valid_to: datetime
    legal_bases: Mapping[str, LegalBasis]
    grants: Mapping[str, Grant]
    stamps_required: bool
    stamp_authorities: tuple[str, ...]
    witnesses_needed: int
    witness_states: tuple[str, ...]
    recognition: Words
    national_signatures: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the agreement: the facts of one record's journey.

    submitter: the name its key is listed under, `kz.labour-ministry/system`. members: as
    `members_asked` gives them.
    """

    direction: str
    record_type: str
    schema_version: int
    purpose: str
    submitter: str
    sensitivity: int
    consent_ref: str | None
    members: frozenset[str]


@dataclass(frozen=True, slots=True)
class Allowed:
    """A permission given at an instant: bases of the purpose, members to leave out and to mask."""

    grant: Grant
    legal_basis: tuple[str, ...]
    withheld: tuple[str, ...]
    masked: tuple[str, ...]
    at: datetime

    @property
    def retention_days(self) -> int:
        """Give for how many days the recipient may keep the record."""
        return self.grant.retention_days

    @property
    def relay(self) -> datetime:
        """Give until when the record must have reached the other gateway."""
        return self.at + timedelta(hours=self.grant.relay_hours)

    @property
    def handover(self) -> datetime:
        """Give until when the authority must have taken it."""
        return self.at + timedelta(hours=self.grant.handover_hours)

    @property
    def notice(self) -> datetime | None:
        """Give until when the person must be told, None when the agreement asks for no notice."""
        days = self.grant.notice_days
        return None if days is None else self.at + timedelta(days=days)

    def masks(self) -> dict[str, Mask]:
        """Give the masking rule of each masked member."""
        return {one: self.grant.members.masked[one] for one in self.masked}


def decide(agreement: Agreement, request: Asked, usage: Usage, at: datetime) -> Allowed:
    """Give the permission, or refuse with the first rule that is not met.

    usage: records counted before in the window of each quota that `quotas_asked` gives.
    Refuses `agreement.not-in-force`, `agreement.type`, `agreement.version`,
    `agreement.direction`, `agreement.purpose`, `agreement.submitter`, `agreement.sensitivity`,
    `consent.missing`, `agreement.quota`.
    """
    if not agreement.valid_from <= at < agreement.valid_to:
        raise _refuse("agreement.not-in-force", "the agreement must be valid at that time", "")
    grant = agreement.grants.get(request.record_type)
    if grant is None:
        raise _refuse("agreement.type", "the agreement must cover the record type", "recordType")
    _require_covered(grant, request)
    for quota in grant.quotas:
        if quota.counts_for(request.direction) and usage.get(quota, quota.limit) >= quota.limit:
            rule = f"the agreement's {quota.limit} records a {quota.window} must not be used up"
            raise _refuse("agreement.quota", rule, "quota")
    return Allowed(
        grant,
        grant.purposes[request.purpose],
        withheld_of(grant.members, request.members),
        masked_of(grant.members, request.members),
        at,
    )


def members_asked(
    agreement: Agreement, record_type: str, record: Mapping[str, Any]
) -> frozenset[str]:
    """Give the record's member paths as deep as the agreement's rules for its type ask."""
    grant = agreement.grants.get(record_type)
    return frozenset() if grant is None else paths_asked(grant.members, record)


def quotas_asked(agreement: Agreement, record_type: str, direction: str) -> list[Quota]:
    """Give the quotas whose counts the decision needs."""
    grant = agreement.grants.get(record_type)
    if grant is None:
        return []
    return [one for one in grant.quotas if one.counts_for(direction)]


def _require_covered(grant: Grant, request: Asked) -> None:
    if request.schema_version not in grant.versions:
        raise _uncovered("agreement.version", "schemaVersion")
    if request.direction not in grant.directions:
        raise _uncovered("agreement.direction", "direction")
    if request.purpose not in grant.purposes:
        raise _uncovered("agreement.purpose", "purpose")
    if (
        grant.authorities is not None
        and request.submitter.partition("/")[0] not in grant.authorities
    ):
        raise _uncovered("agreement.submitter", "submitter")
    if request.sensitivity > grant.sensitivity_cap:
        raise _uncovered("agreement.sensitivity", "sensitivity")
    if grant.consent_required and request.consent_ref is None:
        raise _uncovered("consent.missing", "consentRef")


def _uncovered(code: str, place: str) -> Refusal:
    return _refuse(code, "the agreement must cover this for the record type", place)


def _refuse(code: str, rule: str, place: str) -> Refusal:
    return Refusal(code, step="policy", rule=rule, place=place)
