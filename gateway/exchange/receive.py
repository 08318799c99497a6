"""Take a batch of a partner's messages: verify, policy, record, receipt (DESIGN section 2)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from gateway.exchange.expire import HANDOVER, deadline
from gateway.exchange.fetching import expect_attachments
from gateway.exchange.freeze import Frozen, freeze
from gateway.exchange.hints import note_seen, require_known
from gateway.exchange.ledger import Event, Ledger
from gateway.exchange.licence import licence_row
from gateway.exchange.office import Office
from gateway.exchange.policy import admit
from gateway.exchange.question_policy import admit_question
from gateway.exchange.quotas import Journey
from gateway.exchange.record import exchange_members, note_foreign, receipt_members
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
from gateway.store.exchange_rows import ExchangeRow, InboxRow, SealedRow
from gateway.store.licence_rows import LicenceRow, put_licence
from gateway.store.question_rows import QuestionRow, answer_question, put_question
from gateway.store.scope import WHOLE
from gateway.store.sealed import Binding, SealedBytes, seal_parts


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


@dataclass(frozen=True, slots=True)
class _Opened:
    """A message that is not stored yet, and what its step before the commit came to."""

    message: SealedMessage
    binding: Binding
    outcome: _Taken | Replied | Refusal


@dataclass(slots=True)
class _Batch:
    """What became of each place of a batch; ways: how each admitted record counts in quotas."""

    answers: dict[int, dict[str, Any]] = field(default_factory=dict)
    opened: dict[int, _Opened] = field(default_factory=dict)
    ways: list[Journey] = field(default_factory=list)


def receive(office: Office, item: Item, state: str) -> dict[str, Any]:
    """Answer one item as `receive_all` does."""
    return receive_all(office, [item], state)[0]


def receive_all(office: Office, items: Sequence[Item], state: str) -> list[dict[str, Any]]:
    """Answer each item: `{x, receipt}` once all are durable, else `{x?, retry, code}`.

    What is good of a batch is stored in one commit.
    """
    office, batch = office.for_one_work(), _Batch()
    messages = _verified(office, items, state, batch)
    batch.answers |= _stored(office, messages)
    closed = office.closed(state)
    for place, message in messages.items():
        if place in batch.answers:
            continue
        if closed is None:
            _open(office, place, items[place], message, batch)
        else:
            batch.answers[place] = _refused(message.header, closed)
    try:
        batch.answers |= _record_all(office, batch.opened)
    except TakenError:
        # One came twice at once; the other one's receipt is the receipt.
        batch.answers |= _one_by_one(office, batch.opened)
    if batch.opened:
        office.reach("K11")
    for place, one in batch.opened.items():
        if isinstance(one.outcome, Replied) and "receipt" in batch.answers[place]:
            x = one.message.header.exchange_id
            batch.answers[place] |= reply_members(office, x, one.outcome)
    return [batch.answers[place] for place in range(len(items))]


def _verified(
    office: Office, items: Sequence[Item], state: str, batch: _Batch
) -> dict[int, SealedMessage]:
    found: dict[int, SealedMessage] = {}
    for place, item in enumerate(items):
        try:
            found[place] = verify_seal(office, item, state)
        except Refusal as refusal:
            batch.answers[place] = {"retry": False, "code": refusal.code}
    return found


def _stored(office: Office, messages: Mapping[int, SealedMessage]) -> dict[int, dict[str, Any]]:
    """Answer again what is stored, by place."""
    xs = [one.header.exchange_id for one in messages.values()]
    with office.store.read() as turn:
        known = exchange_rows.exchanges_named(turn, xs, WHOLE)
        receipts = exchange_rows.receipts_named(turn, list(known), WHOLE)
    found: dict[int, dict[str, Any]] = {}
    for place, message in messages.items():
        x = message.header.exchange_id
        if x not in known:
            continue
        if known[x].header != message.header.octets:
            found[place] = refuse_reuse(office, message)
        else:
            token = next(token for codes, token in receipts[x] if codes.startswith("B."))
            found[place] = {"x": x, "receipt": token}
    return found


def _record_all(office: Office, opened: Mapping[int, _Opened]) -> dict[int, dict[str, Any]]:
    """Store messages in one commit and answer them, by place. TakenError when one is there."""
    if not opened:
        return {}
    with office.store.write(*_held(office, opened.values())) as turn:
        office.reach("K4")
        ledger = Ledger(turn, office)
        note_seen(turn, [one.message.header for one in opened.values()])
        answers = {place: _record(turn, ledger, office, one) for place, one in opened.items()}
        ledger.close()
    return answers


def _held(office: Office, opened: Collection[_Opened]) -> set[str]:
    found = {office.log(one.message.header.direction.origin) for one in opened}
    # An inbox is read behind a cursor: its numbers must become visible in their order.
    taken = [one.message.header for one in opened if isinstance(one.outcome, _Taken)]
    return found | {f"inbox {header.recipient}" for header in taken}


def _one_by_one(office: Office, opened: Mapping[int, _Opened]) -> dict[int, dict[str, Any]]:
    answers: dict[int, dict[str, Any]] = {}
    for place, one in opened.items():
        try:
            answers |= _record_all(office, {place: one})
        except TakenError:
            again = {"retry": True, "code": "id.reuse"}
            answers |= _stored(office, {place: one.message}) or {place: again}
    return answers


def _binding(message: SealedMessage) -> Binding:
    header = message.header
    created = read_instant(header.members["createdAt"])
    erase_by = (created + timedelta(days=header.members["retentionDays"])).date()
    return Binding(header.direction.corridor, erase_by, header.hdr, header.exchange_id)


def _refused(header: Header, refusal: Refusal) -> dict[str, Any]:
    return {"x": header.exchange_id, "retry": refusal.kind.retry, "code": refusal.code}


def _open(office: Office, place: int, item: Item, message: SealedMessage, batch: _Batch) -> None:
    header = message.header
    try:
        require_known(office, header)
    except Refusal as refusal:
        batch.answers[place] = _refused(header, refusal)
        return
    binding = _binding(message)
    try:
        outcome = _outcome(office, item, message, binding, batch.ways)
    except Refusal as refusal:
        batch.answers[place] = {"x": header.exchange_id, "retry": True, "code": refusal.code}
        return
    batch.opened[place] = _Opened(message, binding, outcome)


def _outcome(
    office: Office, item: Item, message: SealedMessage, binding: Binding, ways: list[Journey]
) -> _Taken | Replied | Refusal:
    header, octets = message.header, item.transfer.encode("utf-8")
    try:
        if header.record_type == QUERY:
            return reply(office, message, octets, binding)
        transfer = open_message(office, message, octets)
        record = dict(transfer.record)
        if header.record_type == ANSWER:
            admit_question(office, header, record)
            return _take(office, message, transfer, binding)
        way = admit(office, header, record, at=office.clock(), before=ways)
        taken = _take(office, message, transfer, binding)
    except Refusal as refusal:
        if refusal.code == NO_ANSWER:
            # No decision: the authority is asked again, until the origin's B.3.
            raise
        return refusal
    ways.append(way)
    return taken


def _take(office: Office, message: SealedMessage, transfer: Transfer, binding: Binding) -> _Taken:
    header = message.header
    frozen = freeze(office, header, transfer)
    salt = office.entropy(SALT_SIZE)
    opening = canonical_json({"out": salt.hex()})
    parts = {"transfer": transfer.octets, "out": frozen.data, "opening": opening}
    sealed = seal_parts(parts, binding, office.day_keys)
    told = licence_row(
        office,
        header.record_type,
        dict(transfer.record),
        header.direction.origin,
        read_instant(header.members["createdAt"]),
    )
    asked = asked_type(header.record_type, transfer.record)
    return _Taken(frozen, commit("out", salt, frozen.data), sealed, told, asked, transfer)


def _record(turn: Turn, ledger: Ledger, office: Office, one: _Opened) -> dict[str, Any]:
    message, outcome, header = one.message, one.outcome, one.message.header
    log, rows = office.log(header.direction.origin), ledger.rows
    rows.exchanges.append(_row(message, one.binding))
    answered = note_foreign(ledger, header, message.receipt, log=log, token=message.receipt_token)
    members = {**exchange_members(header), "re": answered}
    if isinstance(outcome, Replied):
        token = record_reply(turn, ledger, header, outcome, answered)
        return {"x": header.exchange_id, "receipt": token}
    if isinstance(outcome, Refusal):
        events = [Event("B.2", log, members, reasons=(outcome.code,))]
    else:
        events = [Event("B.1", log, members), Event("D.1", log, members)]
        rows.sealed += [SealedRow(kind, one.binding, part) for kind, part in outcome.sealed.items()]
        rows.inbox.append(_inbox(message, outcome))
        rows.dues += deadline(header, HANDOVER)
        expect_attachments(turn, office, header, outcome.transfer)
        if outcome.asked:
            put_question(turn, QuestionRow(header.exchange_id, outcome.asked))
            answer_question(turn, str(header.members["inReplyTo"]), header.exchange_id)
        if outcome.licence is not None:
            put_licence(turn, outcome.licence)
    logged = ledger.log(events)
    rows.states[header.exchange_id] = events[-1].code
    told = {**receipt_members(header), "re": answered}
    token = ledger.sign(header.exchange_id, logged, told)
    return {"x": header.exchange_id, "receipt": token}


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
