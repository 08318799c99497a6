"""What the agreement says: the same pure decision at the origin and at the destination."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gateway.catalogue.concerned import require_concerned, require_consent
from gateway.exchange.office import Office
from gateway.model.agreement import Allowed, Asked, decide, read_agreement
from gateway.model.refusal import Refusal
from gateway.proof.header import Header
from gateway.proof.in_force import AgreementInForce, agreement_in_force, latest_in_force
from gateway.store import exchange_rows
from gateway.translation.reading import Result


@dataclass(frozen=True, slots=True)
class Permission:
    """An agreement in force and what it allows this record."""

    agreement: AgreementInForce
    allowed: Allowed
    sensitivity: int


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


def permit(
    office: Office, result: Result, *, direction: str, partner: str, purpose: str, at: datetime
) -> Permission:
    """Decide for a record that leaves. Refuses `to.mismatch`, `agreement.*`, `consent.missing`."""
    record: dict[str, Any] = result.record or {}
    require_consent(result.record_type, record)
    require_concerned(office.catalogue, result.record_type, record, partner, origin=office.state)
    office.require_usable(partner)
    corridor = "-".join(sorted((office.state, partner)))
    agreement = latest_in_force(office.directories(partner), corridor, at=at)
    sensitivity = int(office.catalogue.record_type(result.record_type).sensitivity)
    asked = Asked(
        direction,
        result.record_type,
        1,
        purpose,
        sensitivity,
        result.consent_ref,
        frozenset(record),
    )
    with office.store.read() as turn:
        day = at.date().isoformat()
        sent = exchange_rows.count_since(turn, "origin", partner, result.record_type, day)
    return Permission(
        agreement, decide(read_agreement(agreement.text), asked, sent, at), sensitivity
    )


def admit(office: Office, header: Header, record: dict[str, Any], *, at: datetime) -> None:
    """Decide for a record that arrives, by the very agreement its header names.

    Refuses `agreement.*`, `consent.missing`, `to.mismatch`, `agreement.member`.
    """
    told = header.members
    direction = header.direction
    pair = office.directories(direction.origin)
    named = told["agreement"]
    held = agreement_in_force(pair, direction.corridor, named["version"], at=at)
    if held.sha256 != named["sha256"] or named["id"] != direction.corridor:
        raise Refusal(
            "agreement.not-in-force",
            step="policy",
            rule="the header must name the agreement that both directories list",
            place="agreement",
        )
    asked = Asked(
        str(direction),
        header.record_type,
        told["schemaVersion"],
        header.purpose,
        told["sensitivity"],
        told.get("consentRef"),
        frozenset(record),
    )
    allowed = decide(read_agreement(held.text), asked, 0, at)
    if allowed.withheld:
        raise Refusal(
            "agreement.member",
            step="policy",
            rule="a member that the agreement withholds must not arrive",
            place=allowed.withheld[0],
        )
    require_consent(header.record_type, record)
    require_concerned(
        office.catalogue,
        header.record_type,
        record,
        direction.destination,
        origin=direction.origin,
    )
