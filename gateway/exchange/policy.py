"""What the agreement says: the same pure decision at the origin and at the destination."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gateway.catalogue.concerned import require_concerned, require_consent
from gateway.exchange.office import Office
from gateway.exchange.quotas import Journey, usage, usage_with
from gateway.model.agreement import Allowed, Asked, decide, members_asked, quotas_asked
from gateway.model.instants import read_instant
from gateway.model.member_rules import masked
from gateway.model.quotas import Quota
from gateway.model.refusal import Refusal
from gateway.proof.header import Header
from gateway.proof.in_force import AgreementInForce, agreement_in_force, latest_in_force
from gateway.translation.reading import Result

_SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class Permission:
    """An agreement in force, what it allows this record, and the quotas the record counts in."""

    agreement: AgreementInForce
    allowed: Allowed
    sensitivity: int
    quotas: Sequence[Quota]


def require_recipient(office: Office, recipient: str, partner: str) -> None:
    """Refuse `authority.unknown` unless the partner's directory lists the recipient."""
    directory = office.trust.directories.get(partner)
    if partner == office.state or directory is None or recipient not in directory.authorities:
        raise Refusal(
            "authority.unknown",
            step="validate",
            rule="the recipient must be an authority that a partner state's directory lists",
            place="to",
        )


def agreement_with(office: Office, partner: str, at: datetime) -> AgreementInForce:
    """Give the agreement in force with a partner. Refuses `agreement.not-in-force`."""
    corridor = "-".join(sorted((office.state, partner)))
    return latest_in_force(office.directories(partner), corridor, at=at)


def permit(
    office: Office,
    result: Result,
    *,
    purpose: str,
    submitter: str,
    pending: int,
    way: Journey,
    agreement: AgreementInForce | None = None,
) -> Permission:
    """Decide for a record that leaves. Refuses `to.mismatch`, `agreement.*`, `consent.missing`.

    pending: records of this journey that the same submission has sealed and not yet committed.
    agreement: the one in force with the partner at that time, where it was looked for already.
    """
    record: dict[str, Any] = result.record or {}
    require_consent(result.record_type, record)
    require_concerned(
        office.catalogue, result.record_type, record, way.partner, origin=office.state
    )
    office.require_usable(way.partner)
    agreement = agreement or agreement_with(office, way.partner, way.at)
    terms = agreement.terms
    sensitivity = int(office.catalogue.record_type(result.record_type).sensitivity)
    asked = Asked(
        way.direction,
        result.record_type,
        _SCHEMA_VERSION,
        purpose,
        submitter,
        sensitivity,
        result.consent_ref,
        members_asked(terms, result.record_type, record),
    )
    quotas = quotas_asked(terms, result.record_type, way.direction)
    used = usage(office.store, quotas, way, pending) if quotas else {}
    return Permission(agreement, decide(terms, asked, used, way.at), sensitivity, quotas)


def admit(
    office: Office,
    header: Header,
    record: dict[str, Any],
    *,
    at: datetime,
    before: Sequence[Journey] = (),
) -> Journey:
    """Decide for a record that arrives, by the very agreement its header names; gives its journey.

    before: the journeys of what came in the same batch and is not yet committed.
    Refuses `agreement.*`, `consent.missing`, `to.mismatch`, `agreement.member`.
    """
    told = header.members
    direction = header.direction
    pair = office.directories(direction.origin)
    named = told["agreement"]
    held = agreement_in_force(pair, direction.corridor, named["version"], at=at, test=told["test"])
    if held.named() != named:
        raise Refusal(
            "agreement.not-in-force",
            step="policy",
            rule="the header must name the agreement that both directories list",
            place="agreement",
        )
    terms = held.terms
    asked = Asked(
        str(direction),
        header.record_type,
        told["schemaVersion"],
        header.purpose,
        told["submitter"],
        told["sensitivity"],
        told.get("consentRef"),
        members_asked(terms, header.record_type, record),
    )
    quotas = quotas_asked(terms, header.record_type, str(direction))
    # By the origin's time: a record on its way counts in the window it was sent in.
    created = read_instant(told["createdAt"])
    way = Journey(
        "destination", str(direction), direction.origin, header.record_type, header.sender, created
    )
    used = usage_with(office.store, quotas, way, before) if quotas else {}
    allowed = decide(terms, asked, used, at)
    _require_members(allowed, told, record)
    require_consent(header.record_type, record)
    require_concerned(
        office.catalogue,
        header.record_type,
        record,
        direction.destination,
        origin=direction.origin,
    )
    return way


def _require_members(allowed: Allowed, told: Any, record: dict[str, Any]) -> None:
    if allowed.withheld:
        raise _member("a member that the agreement withholds must not arrive", allowed.withheld[0])
    for path, mask in allowed.masks().items():
        # A mask leaves a masked value as it is, so that any other value came whole.
        if masked(record, {path: mask}) != record:
            raise _member("a member that the agreement masks must arrive masked", path)
    if told["retentionDays"] > allowed.retention_days:
        raise Refusal(
            "agreement.header",
            step="policy",
            rule="the header must not let the record be kept longer than the agreement does",
            place="retentionDays",
        )
    if tuple(told["legalBasis"]) != allowed.legal_basis:
        raise Refusal(
            "agreement.header",
            step="policy",
            rule="the header must name the legal bases that the agreement gives the purpose",
            place="legalBasis",
        )


def _member(rule: str, place: str) -> Refusal:
    return Refusal("agreement.member", step="policy", rule=rule, place=place)
