"""Take one message of a partner: verify, policy, record, receipt (DESIGN section 2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from gateway.exchange.expire import HANDOVER, note_deadline
from gateway.exchange.fetching import expect_attachments
from gateway.exchange.freeze import Frozen, freeze
from gateway.exchange.hints import note_seen, require_known
from gateway.exchange.licence import licence_row
from gateway.exchange.office import Office, digest
from gateway.exchange.policy import admit
from gateway.exchange.question_policy import admit_question
from gateway.exchange.record import (
    Event,
    exchange_members,
    log_events,
    log_foreign,
    receipt_members,
    sign_receipt,
)
from gateway.exchange.reply import NO_ANSWER, Replied, record_reply, reply, reply_members
from gateway.exchange.reuse import refuse_reuse
from gateway.exchange.verify import Item, SealedMessage, open_message, verify_seal
from gateway.model.instants import read_instant
from gateway.model.questions import ANSWER, QUERY, asked_type
from gateway.model.refusal import Refusal
from gateway.proof.canonical import canonical_json
from gateway.proof.commitment import SALT_SIZE, commit
from gateway.proof.header import Header
from gateway.proof.transfer import Transfer
from gateway.store import exchange_rows
from gateway.store.connection import TakenError, Turn
from gateway.store.exchange_rows import ExchangeRow, InboxRow
from gateway.store.licence_rows import LicenceRow, put_licence
from gateway.store.question_rows import QuestionRow, answer_question, put_question
from gateway.store.scope import WHOLE
from gateway.store.sealed import Binding, SealedBytes, seal_bytes


@dataclass(frozen=True, slots=True)
class _Taken:
    """An opened message with the file made for its authority and all bytes encrypted.

    asked: the record type that an answer is about, empty for a record.
    """

    frozen: Frozen
    out: str
    sealed: Mapping[str, SealedBytes]
    licence: LicenceRow | None
    asked: str
    transfer: Transfer


def receive(office: Office, item: Item, state: str) -> dict[str, Any]:
    """Answer one item: `{x, receipt}` once it is durable, else `{x?, retry, code}`."""
    try:
        message = verify_seal(office, item, state)
    except Refusal as refusal:
        return {"retry": False, "code": refusal.code}
    header = message.header
    found = _stored(office, message)
    if found is not None:
        return found
    try:
        office.require_usable(state)
        require_known(office, header)
        office.store.require_room()
    except Refusal as refusal:
        return {"x": header.exchange_id, "retry": refusal.kind.retry, "code": refusal.code}
    binding = _binding(message)
    try:
        outcome = _outcome(office, item, message, binding)
    except Refusal as refusal:
        return {"x": header.exchange_id, "retry": True, "code": refusal.code}
    try:
        with office.store.write(*_held(office, header, outcome)) as turn:
            office.reach("K4")
            token = _record(turn, office, message, binding, outcome)
    except TakenError:
        # The same message came twice at once; the other one's receipt is the receipt.
        return _stored(office, message) or {"retry": True, "code": "id.reuse"}
    office.reach("K11")
    told = {"x": header.exchange_id, "receipt": token}
    if isinstance(outcome, Replied):
        told |= reply_members(office, header.exchange_id, outcome)
    return told


def _held(office: Office, header: Header, outcome: _Taken | Replied | Refusal) -> list[str]:
    log = office.log(header.direction.origin)
    # An inbox is read behind a cursor: its numbers must become visible in their order.
    return [log, f"inbox {header.recipient}"] if isinstance(outcome, _Taken) else [log]


def _stored(office: Office, message: SealedMessage) -> dict[str, Any] | None:
    x = message.header.exchange_id
    with office.store.read() as turn:
        known = exchange_rows.exchange(turn, x, WHOLE)
        receipts = exchange_rows.receipts(turn, x, WHOLE)
    if known is None:
        return None
    if known.header != message.header.octets:
        return refuse_reuse(office, message)
    token = next(token for codes, token in receipts if codes.startswith("B."))
    return {"x": x, "receipt": token}


def _binding(message: SealedMessage) -> Binding:
    header = message.header
    created = read_instant(header.members["createdAt"])
    erase_by = (created + timedelta(days=header.members["retentionDays"])).date()
    return Binding(header.direction.corridor, erase_by, digest(header.octets), header.exchange_id)


def _outcome(
    office: Office, item: Item, message: SealedMessage, binding: Binding
) -> _Taken | Replied | Refusal:
    octets = item.transfer.encode("utf-8")
    try:
        if message.header.record_type == QUERY:
            return reply(office, message, octets, binding)
        transfer = open_message(office, message, octets)
        if message.header.record_type == ANSWER:
            admit_question(office, message.header, dict(transfer.record))
        else:
            admit(office, message.header, dict(transfer.record), at=office.clock())
        return _take(office, message, transfer, binding)
    except Refusal as refusal:
        if refusal.code == NO_ANSWER:
            # No decision: the authority is asked again, until the origin's B.3.
            raise
        return refusal


def _take(office: Office, message: SealedMessage, transfer: Transfer, binding: Binding) -> _Taken:
    header = message.header
    frozen = freeze(office, header, transfer)
    salt = office.entropy(SALT_SIZE)
    opening = canonical_json({"out": salt.hex()})
    parts = {"transfer": transfer.octets, "out": frozen.data, "opening": opening}
    sealed = {kind: seal_bytes(one, binding, office.day_keys) for kind, one in parts.items()}
    told = licence_row(
        office,
        header.record_type,
        dict(transfer.record),
        header.direction.origin,
        read_instant(header.members["createdAt"]),
    )
    asked = asked_type(header.record_type, transfer.record)
    return _Taken(frozen, commit("out", salt, frozen.data), sealed, told, asked, transfer)


def _record(
    turn: Turn,
    office: Office,
    message: SealedMessage,
    binding: Binding,
    outcome: _Taken | Replied | Refusal,
) -> str:
    header = message.header
    partner = header.direction.origin
    note_seen(turn, header)
    exchange_rows.put_exchange(turn, _row(message, binding))
    log_foreign(turn, office, header, message.receipt, token=message.receipt_token, partner=partner)
    answered = digest(message.receipt_token.encode("ascii"))
    members, log = {**exchange_members(header), "re": answered}, office.log(partner)
    if isinstance(outcome, Replied):
        return record_reply(turn, office, header, outcome, answered)
    if isinstance(outcome, Refusal):
        events = [Event("B.2", log, members, reasons=(outcome.code,))]
    else:
        events = [Event("B.1", log, members), Event("D.1", log, members)]
        for kind, one in outcome.sealed.items():
            exchange_rows.put_sealed(turn, kind, binding, one)
        exchange_rows.put_inbox(turn, _inbox(message, outcome))
        note_deadline(turn, header, HANDOVER)
        expect_attachments(turn, office, header, outcome.transfer)
        if outcome.asked:
            put_question(turn, QuestionRow(header.exchange_id, outcome.asked))
            answer_question(turn, str(header.members["inReplyTo"]), header.exchange_id)
        if outcome.licence is not None:
            put_licence(turn, outcome.licence)
    logged = log_events(turn, office, events)
    exchange_rows.advance(turn, header.exchange_id, events[-1].code)
    told = {**receipt_members(header), "re": answered}
    return sign_receipt(turn, office, header.exchange_id, logged, told)


def _row(message: SealedMessage, binding: Binding) -> ExchangeRow:
    header = message.header
    return ExchangeRow(
        header.exchange_id,
        "destination",
        header.direction.origin,
        header.sender,
        header.recipient,
        header.record_type,
        "A.1",
        str(header.members["createdAt"]),
        binding.erase_by.isoformat(),
        header.octets,
        message.seal,
    )


def _inbox(message: SealedMessage, taken: _Taken) -> InboxRow:
    frozen = taken.frozen
    warnings = canonical_json([{"code": one.code, "path": one.path} for one in frozen.warnings])
    return InboxRow(
        message.header.exchange_id,
        message.header.recipient,
        frozen.layout,
        frozen.adapter_version,
        frozen.media_type,
        frozen.extension,
        warnings.decode("utf-8"),
        taken.out,
        "",
    )
