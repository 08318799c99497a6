"""Whether a question may be asked and answered: the agreement's word on the data of the answer.

What a question brings about is that the answering state's data goes to the asking state. So both
exchanges are judged by the grant of the record type in that direction: purpose, authorities,
sensitivity, consent, and members. A question counts in no quota, for no record travels.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gateway.catalogue.concerned import require_unrestricted
from gateway.exchange.office import Office
from gateway.exchange.policy import Permission, agreement_with
from gateway.model.agreement import Allowed, Asked, decide, quotas_asked
from gateway.model.member_rules import masked_of, paths_asked, withheld_of
from gateway.model.questions import ANSWER, QUERY, Question, read_question
from gateway.model.refusal import Refusal
from gateway.proof.forms import record_json
from gateway.proof.header import Header, stored_header
from gateway.proof.in_force import AgreementInForce, agreement_in_force
from gateway.proof.transfer import read_transfer
from gateway.store import exchange_rows
from gateway.store.scope import WHOLE
from gateway.store.sealed import open_bytes

_SCHEMA_VERSION = 1
# Every spelling by which a record type names what an answer tells.
_TOLD = dict.fromkeys(("number", "licenceNumber", "state", "from", "to", "issued", "validTo"), "")


@dataclass(frozen=True, slots=True)
class Way:
    """Who answers whom for which purpose: authority and state that answer, and the asking state."""

    answerer: str
    answering: str
    asking: str
    purpose: str


def permit_question(
    office: Office, question: Question, way: Way, partner: str, at: datetime
) -> Permission:
    """Decide for a question or answer that leaves. Refuses `agreement.*`, `restricted.use-sdk`.

    partner: the other state of the two.
    """
    office.require_usable(partner)
    agreement = agreement_with(office, partner, at)
    sensitivity = _sensitivity(office, question)
    allowed = _decide(agreement, question, way, sensitivity, at)
    return Permission(agreement, allowed, sensitivity, ())


def admit_question(office: Office, header: Header, record: dict[str, Any]) -> Question:
    """Decide for a question or answer that arrives, by the very agreement its header names.

    Refuses `agreement.*`, `restricted.use-sdk`, and `query.answer-wrong` for an answer to no
    question of ours.
    """
    told, question = header.members, read_question(record)
    at = office.clock()
    pair = office.directories(header.direction.origin)
    named = told["agreement"]
    held = agreement_in_force(pair, header.direction.corridor, named["version"], at=at)
    allowed = _decide(held, question, _way(header), _sensitivity(office, question), at)
    good = held.named() == named and told["retentionDays"] <= allowed.retention_days
    if not good or tuple(told["legalBasis"]) != allowed.legal_basis:
        raise Refusal(
            "agreement.header",
            step="policy",
            rule="the header must give what the agreement that both directories list gives",
            place="agreement",
        )
    if header.record_type == ANSWER:
        _require_asked(office, header, question)
    return question


def _way(header: Header) -> Way:
    ends = header.direction.origin, header.direction.destination
    if header.record_type == QUERY:
        return Way(header.recipient, ends[1], ends[0], header.purpose)
    return Way(header.sender, ends[0], ends[1], header.purpose)


def _sensitivity(office: Office, question: Question) -> int:
    if question.record_type not in office.catalogue.types:
        raise Refusal(
            "record.type-unknown",
            step="policy",
            rule="a question is about a document of one of the record types",
            place="/recordType",
        )
    require_unrestricted(office.catalogue, question.record_type)
    return office.catalogue.record_type(question.record_type).sensitivity


def _decide(
    agreement: AgreementInForce, question: Question, way: Way, sensitivity: int, at: datetime
) -> Allowed:
    terms, direction = agreement.terms, f"{way.answering}>{way.asking}"
    asked = Asked(
        direction,
        question.record_type,
        _SCHEMA_VERSION,
        way.purpose,
        way.answerer,
        sensitivity,
        None,
        frozenset(),
    )
    unused = dict.fromkeys(quotas_asked(terms, question.record_type, direction), 0)
    allowed = decide(terms, asked, unused, at)
    rules = allowed.grant.members
    paths = paths_asked(rules, _TOLD)
    if withheld_of(rules, paths) or masked_of(rules, paths):
        raise Refusal(
            "agreement.member",
            step="policy",
            rule="the agreement must let number, state and days of the record type travel",
            place="recordType",
        )
    return allowed


def _require_asked(office: Office, header: Header, question: Question) -> None:
    x = str(header.members.get("inReplyTo", ""))
    with office.store.read() as turn:
        row = exchange_rows.exchange(turn, x, WHOLE)
        found = exchange_rows.sealed(turn, x, "transfer", WHOLE)
    if row is None or found is None or row.role != "origin" or row.record_type != QUERY:
        raise _wrong("an answer must name a question of ours", "inReplyTo")
    asked = stored_header(row.header)
    parties = (asked.recipient, asked.sender, asked.purpose)
    if parties != (header.sender, header.recipient, header.purpose):
        raise _wrong("an answer goes from who was asked to who asked, for the same purpose", "from")
    record: Mapping[str, Any] = read_transfer(
        open_bytes(found[1], found[0], office.day_keys)
    ).record
    if record_json(record) != record_json(
        {"recordType": question.record_type, "number": question.number, "on": question.on}
    ):
        raise _wrong("an answer must repeat what was asked", "record")


def _wrong(rule: str, place: str) -> Refusal:
    return Refusal("query.answer-wrong", step="policy", rule=rule, place=place)
