"""One durable commit for a submission: its records with A.1, its refusals with one A.2."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from gateway.exchange.answer import PROBLEM, Answer, refusal_members
from gateway.exchange.authenticate import Caller
from gateway.exchange.expire import RELAY, deadline
from gateway.exchange.ledger import Event, Ledger
from gateway.exchange.office import Office
from gateway.exchange.quotas import Journey, require_room
from gateway.exchange.record import exchange_members, receipt_members
from gateway.exchange.seal import SealedExchange
from gateway.model.instants import read_instant, write_instant
from gateway.model.refusal import Refusal
from gateway.proof.canonical import canonical_json
from gateway.proof.commitment import SALT_SIZE, commit
from gateway.store.attachment_rows import bind_attachment
from gateway.store.connection import Turn
from gateway.store.exchange_rows import ExchangeRow, SealedRow
from gateway.store.licence_rows import LicenceRow, put_licence
from gateway.store.outbox_rows import Item
from gateway.store.question_rows import QuestionRow, put_question
from gateway.store.rerun_rows import put_rows_sent
from gateway.store.sealed import Binding, SealedBytes, seal_bytes, seal_parts
from gateway.store.submission_rows import SubmissionRow, put_known_records, put_submission

HOME_DAYS = 1825
BESIDE_SECONDS = 2


@dataclass(frozen=True, slots=True)
class Submission:
    """A signed request to take records: who, under which key, with which parameters and body."""

    id: str
    caller: Caller
    idempotency: str
    body_hmac: bytes
    parameters: Mapping[str, str]
    body: bytes

    def renamed(self, key: str) -> "Submission":
        """Give the same submission under another idempotency key."""
        return replace(self, idempotency=key)


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that was refused, with every reason."""

    rows: tuple[int, ...]
    refusals: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True)
class Accepted:
    """What a submission came to; `whole` refuses it as a whole.

    record_type and partner: empty while not known; then the A.2 stands in the home log.
    agreement: the one in force for them, by id, version and digest; licences: what its records
    tell of agencies' licences; root: the submission whose refused rows these are, if one's.
    """

    sealed: Sequence[SealedExchange]
    refused: Sequence[RefusedRow]
    whole: Refusal | None
    record_type: str
    partner: str
    agreement: Mapping[str, Any] | None = None
    licences: Sequence[LicenceRow] = ()
    root: str = ""

    @property
    def refusals(self) -> list[Refusal]:
        """Give every refusal, the whole one first."""
        found = [one for row in self.refused for one in row.refusals]
        return [self.whole, *found] if self.whole else found


def record_submission(
    office: Office, submission: Submission, accepted: Accepted, *, at: datetime
) -> Answer:
    """Commit everything of a submission at once and give the answer that is stored with it.

    TakenError when its key, or a version of one of its records, was taken meanwhile;
    QuotaTakenError when a quota was.
    """
    day = (at + timedelta(days=HOME_DAYS)).date()
    home = Binding("home", day, "", submission.id)
    request = canonical_json(
        {
            "base": submission.caller.request.base.decode("ascii"),
            "signature": submission.caller.request.signature.hex(),
        }
    )
    kept = {"native": submission.body, "request": request}
    if accepted.whole is not None and accepted.whole.code == "restricted.use-sdk":
        # What no gateway may read, none keeps either.
        del kept["native"]
    octets = seal_parts(kept, home, office.day_keys)
    note = _note(office, accepted, home)
    with office.store.write(_log(office, accepted)) as turn:
        office.reach("K4")
        ledger = Ledger(turn, office)
        records: list[dict[str, Any]] = [
            accept_sealed(turn, ledger, office, one, accepted.sealed[:number] if one.quotas else ())
            for number, one in enumerate(accepted.sealed)
        ]
        put_known_records(turn, [one.number for one in accepted.sealed if one.number is not None])
        for row in accepted.licences:
            put_licence(turn, row)
        records += [
            {"rows": list(one.rows), "refused": [refusal_members(each) for each in one.refusals]}
            for one in accepted.refused
        ]
        records.sort(key=lambda one: list(one["rows"]))
        answer: dict[str, Any] = {"submission": submission.id, "records": records}
        if accepted.root:
            answer["rerunOf"] = accepted.root
            sent = sorted({number for one in accepted.sealed for number in one.rows})
            put_rows_sent(turn, accepted.root, sent, submission.id)
        if note is not None:
            answer["receipt"] = _refuse(ledger, office, submission, accepted, note[0])
            octets["local"] = note[1]
        ledger.rows.sealed += [SealedRow(kind, home, one) for kind, one in octets.items()]
        ledger.close()
        found = _finish(accepted, answer)
        put_submission(turn, _row(submission, accepted, found, at))
    office.reach("K5")
    if accepted.sealed:
        office.ring(accepted.partner)
    return found


def accept_sealed(
    turn: Turn,
    ledger: Ledger,
    office: Office,
    one: SealedExchange,
    before: Sequence[SealedExchange] = (),
) -> dict[str, Any]:
    """Store a sealed record with its A.1 and put it on its way; gives its part of the answer.

    before: what the same turn has taken before it, for quotas.
    """
    header = one.header
    partner = header.direction.destination
    told = header.members
    direction = str(header.direction)
    if one.quotas:
        require_room(turn, one.quotas, _way(one), [_way(each) for each in before])
    expires = [told["expires"]["relay"], told["expires"]["handover"]]
    members = {
        **exchange_members(header),
        "agr": told["agreement"],
        "basis": told["legalBasis"],
        "purp": header.purpose,
        "rt": told["retentionDays"],
        "exp": expires,
        "dirv": {
            each["state"]: [each["snapshotVersion"], each["sha256"]] for each in told["directory"]
        },
    }
    logged = ledger.log([Event("A.1", office.log(partner), members, chain=direction)])
    receipt = ledger.sign(
        header.exchange_id,
        logged,
        {**receipt_members(header), "exp": expires, "agr": told["agreement"]},
    )
    binding, rows = one.binding, ledger.rows
    rows.exchanges.append(
        ExchangeRow(
            header.exchange_id,
            "origin",
            partner,
            header.sender,
            header.recipient,
            header.record_type,
            "A.1",
            told["createdAt"],
            binding.erase_by.isoformat(),
            header.octets,
            one.seal,
        )
    )
    rows.dues += deadline(header, RELAY)
    rows.sealed.append(SealedRow("transfer", binding, one.transfer))
    rows.sealed.append(SealedRow("local", binding, one.local))
    if one.asked:
        put_question(turn, QuestionRow(header.exchange_id, one.asked))
    for position, each in enumerate(one.attached):
        if not bind_attachment(turn, each.id, header.exchange_id, position):
            raise Refusal(
                "attachment.wrong",
                step="record",
                rule="another record has taken this attachment; bring it again",
                place="attachments",
            )
    # A question and its answer go at once, beside the worker; it sends what did not arrive.
    created = read_instant(told["createdAt"])
    due = int(created.timestamp()) + BESIDE_SECONDS if one.asked else 0
    rows.outbox.append(Item(header.exchange_id, "message", partner, header.chain, due))
    return {
        "rows": list(one.rows),
        "exchangeId": header.exchange_id,
        "recordType": header.record_type,
        "receipt": receipt,
    }


def _way(one: SealedExchange) -> Journey:
    header = one.header
    direction, created = header.direction, read_instant(header.members["createdAt"])
    partner = direction.destination
    return Journey("origin", str(direction), partner, header.record_type, header.sender, created)


def _note(office: Office, accepted: Accepted, home: Binding) -> tuple[str, SealedBytes] | None:
    if not accepted.refusals:
        return None
    report = [
        {"rows": list(row.rows), "refused": [refusal_members(one) for one in row.refusals]}
        for row in accepted.refused
    ]
    if accepted.whole is not None:
        report.append({"rows": [], "refused": [refusal_members(accepted.whole)]})
    octets, salt = canonical_json(report), office.entropy(SALT_SIZE)
    kept = canonical_json({"report": report, "salts": {"note": salt.hex()}})
    return commit("note", salt, octets), seal_bytes(kept, home, office.day_keys)


def _refuse(
    ledger: Ledger, office: Office, submission: Submission, accepted: Accepted, note: str
) -> str:
    codes = sorted({one.code for one in accepted.refusals})
    reason = codes[0] if len(codes) == 1 else "submission.rows-refused"
    direction = f"{office.state}>{accepted.partner}" if accepted.partner else ""
    count = [len(accepted.sealed), max(len(accepted.refused), 1)]
    members: dict[str, Any] = {
        "x": submission.id,
        "from": submission.caller.authority,
        "n": count,
        "c": {"note": note},
    }
    log = _log(office, accepted)
    if direction:
        members |= {"dir": direction, "svc": f"{accepted.record_type}/1"}
    if accepted.agreement is not None:
        members["agr"] = dict(accepted.agreement)
    event = Event("A.2", log, members, chain=direction, reasons=(reason,))
    told = {"sender": submission.caller.authority, "c": {"note": note}}
    return ledger.sign(submission.id, ledger.log([event]), told)


def _log(office: Office, accepted: Accepted) -> str:
    return office.log(accepted.partner) if accepted.partner else office.home


def _finish(accepted: Accepted, answer: dict[str, Any]) -> Answer:
    if accepted.sealed:
        return Answer(202, "application/json", canonical_json(answer))
    refusals = accepted.refusals
    codes = {one.code for one in refusals}
    first = refusals[0]
    if len(codes) > 1:
        first = Refusal(
            "submission.rows-refused",
            step="submit",
            rule="every row was refused; `records` tells each row's reason and place",
        )
    problem = {**refusal_members(first), **answer}
    return Answer(first.kind.status, PROBLEM, canonical_json(problem))


def _row(submission: Submission, accepted: Accepted, answer: Answer, at: datetime) -> SubmissionRow:
    codes = sorted({one.code for one in accepted.refusals})
    return SubmissionRow(
        submission.id,
        submission.caller.name,
        submission.idempotency,
        submission.body_hmac,
        submission.caller.authority,
        submission.parameters.get("to", ""),
        write_instant(at),
        answer.status,
        answer.body,
        " ".join(codes),
    )
