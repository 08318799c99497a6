"""Take a submission from the signed request to its durable answer (DESIGN section 2, origin)."""

import hashlib
import hmac
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import parse_qsl

from gateway.catalogue.concerned import require_unrestricted
from gateway.exchange.accept import Accepted, RefusedRow, Submission, record_submission
from gateway.exchange.answer import JSON, PROBLEM, Answer
from gateway.exchange.attachments import Attached, attached
from gateway.exchange.authenticate import Caller, serving_submitter
from gateway.exchange.licence import licence_row, require_active_now
from gateway.exchange.office import Office
from gateway.exchange.policy import agreement_with, permit, require_recipient
from gateway.exchange.quotas import Journey, QuotaTakenError
from gateway.exchange.seal import NUMBERS_DAY, Draft, SealedExchange, known_numbers, seal
from gateway.exchange.translate import translate
from gateway.model.ids import exchange_id
from gateway.model.party import state_of_authority
from gateway.model.refusal import Refusal
from gateway.model.rights import require_right
from gateway.proof.http_signature import Request
from gateway.proof.in_force import AgreementInForce
from gateway.store.connection import TakenError
from gateway.store.licence_rows import LicenceRow
from gateway.store.submission_rows import KnownRecord, submission_by_key
from gateway.translation.codes import alpha_3
from gateway.translation.reading import Reading, Result

# How often a request is tried whose key, version or quota another takes at the same moment.
TAKEN_MEANWHILE = 8


@dataclass(frozen=True, slots=True)
class Again:
    """A re-run: the submission that brought the file, and its rows that were sent before."""

    root: str
    left: frozenset[int]


@dataclass(slots=True)
class _Work:
    """What one submission has come to so far; local to one call.

    numbers: the last record sent under each number, sealed here too, for two of one file may share
    it (R8); left: rows that are left out, since a record was sent of each.
    """

    sealed: list[SealedExchange] = field(default_factory=list)
    pending: Counter[str] = field(default_factory=Counter)
    numbers: dict[bytes, KnownRecord | None] = field(default_factory=dict)
    refused: list[RefusedRow] = field(default_factory=list)
    licences: list[LicenceRow] = field(default_factory=list)
    record_type: str = ""
    partner: str = ""
    agreement: AgreementInForce | None = None
    left: frozenset[int] = frozenset()
    attached: Sequence[Attached] = ()


def submit(office: Office, request: Request) -> Answer:
    """Answer a submission: 202 once its records are durable, else the refusal with its A.2.

    Refuses (raises) only what has no A.2: `signature.*`, `digest.wrong`, `nonce.replayed`.
    """
    office.reach("K1")
    with serving_submitter(office, request) as (own, caller):
        own.reach("K3")
        at = own.clock()
        for _ in range(TAKEN_MEANWHILE):
            submission = submission_of(own, caller, request, at=at)
            known = earlier(own, submission)
            if known is not None:
                return known
            own.store.require_room()
            try:
                return answer_of(own, submission, _media_type(request), at=at)
            except (TakenError, QuotaTakenError):
                # The same key, the next version of the same record, or the last of a quota was
                # committed meanwhile.
                continue
        raise taken_meanwhile()


def taken_meanwhile() -> Refusal:
    """Say that others were first each time: with the key, the record's version, or the quota."""
    return Refusal(
        "request.busy",
        step="record",
        rule="others send versions of the same record, or the same key, at this moment; try again",
    )


def submission_of(office: Office, caller: Caller, request: Request, *, at: datetime) -> Submission:
    """Give what a caller brings, under an id of its own; no two bodies have the same HMAC."""
    body = request.body or b""
    key = office.day_keys.key("home", NUMBERS_DAY)
    return Submission(
        exchange_id(at, office.entropy),
        caller,
        request.headers.get("idempotency-key", ""),
        hmac.new(key, request.query.encode() + b"\n" + body, hashlib.sha256).digest(),
        dict(parse_qsl(request.query)),
        body,
    )


def answer_of(
    office: Office,
    submission: Submission,
    media_type: str,
    *,
    at: datetime,
    again: Again | None = None,
) -> Answer:
    """Give the durable answer of a submission under a new key; again: what it is a re-run of.

    TakenError, QuotaTakenError when something of it was taken meanwhile.
    """
    work = _Work(left=again.left if again else frozenset())
    whole: Refusal | None = None
    try:
        _go(office, submission, media_type, work, at)
    except Refusal as refusal:
        whole = refusal
    accepted = Accepted(
        work.sealed,
        work.refused,
        whole,
        work.record_type,
        work.partner,
        work.agreement.named() if work.agreement else None,
        work.licences,
        again.root if again else "",
    )
    return record_submission(office, submission, accepted, at=at)


def earlier(office: Office, submission: Submission) -> Answer | None:
    """Give the stored answer of the same key and body, None for a new key.

    Another body under a known key is refused `idempotency.reused`, with an A.2.
    """
    with office.store.read() as turn:
        row = submission_by_key(turn, submission.caller.name, submission.idempotency)
    if row is None:
        return None
    if hmac.compare_digest(row.body_hmac, submission.body_hmac):
        return Answer(row.status, JSON if row.status < 400 else PROBLEM, row.answer)
    refusal = Refusal(
        "idempotency.reused",
        step="submit",
        rule="an idempotency key belongs to one body and query; take a new key for another",
        place="idempotency-key",
    )
    # Its own id stands as key here, for the given one is taken.
    return record_submission(
        office,
        submission.renamed(submission.id),
        Accepted([], [], refusal, "", ""),
        at=office.clock(),
    )


def _media_type(request: Request) -> str:
    return request.headers.get("content-type", "").split(";")[0].strip().lower()


def _go(office: Office, submission: Submission, media_type: str, work: _Work, at: datetime) -> None:
    require_active_now(office, submission.caller.listed(), at)
    recipient = parameter(submission, "to")
    parameter(submission, "purpose")
    _require_real(submission)
    try:
        partner = state_of_authority(recipient)
    except ValueError:
        partner = ""
    require_recipient(office, recipient, partner)
    reading = translate(
        submission.body,
        media_type,
        submission.parameters.get("layout"),
        countries=office.countries,
        catalogue=office.catalogue,
        at=at,
        home=alpha_3(office.state) or "",
    )
    _require_records(reading)
    results = [one for one in reading.results if not work.left.intersection(one.rows)]
    if not results:
        raise Refusal(
            "submission.nothing-left",
            step="submit",
            rule="every row of this file was sent before; there is nothing to send again",
        )
    names = [one for one in submission.parameters.get("attachments", "").split(",") if one]
    if names and len(results) != 1:
        raise Refusal(
            "attachment.wrong",
            step="submit",
            rule="attachments go with a submission of one record",
            place="attachments",
        )
    work.attached = attached(office, submission.caller, names)
    record_type = reading.results[0].record_type
    # Before partner and type are known to the work, so that the A.2 stands in the home log only.
    require_unrestricted(office.catalogue, record_type)
    work.partner, work.record_type = partner, record_type
    with suppress(Refusal):
        # Without one each record is refused below, and the A.2 has none to name.
        work.agreement = agreement_with(office, partner, at)
    direction = f"{office.state}>{partner}"
    good = [one for one in results if one.status == "ok"]
    work.numbers |= known_numbers(office, good, direction, submission.caller.authority)
    for result in results:
        try:
            sealed = _seal(office, submission, result, work, at)
        except Refusal as refusal:
            work.refused.append(RefusedRow(result.rows, (refusal,)))
            continue
        work.sealed.append(sealed)
        work.pending[sealed.header.record_type] += 1
        told = licence_row(office, result.record_type, result.record or {}, office.state, at)
        work.licences += [told] if told else []
        if sealed.number is not None:
            work.numbers[sealed.number[0]] = sealed.number[1]


def _seal(
    office: Office, submission: Submission, result: Result, work: _Work, at: datetime
) -> SealedExchange:
    if result.status != "ok":
        raise result.errors[0]
    direction, purpose = f"{office.state}>{work.partner}", submission.parameters["purpose"]
    require_right(submission.caller.listed(), result.record_type, purpose)
    caller = submission.caller
    way = Journey("origin", direction, work.partner, result.record_type, caller.authority, at)
    permission = permit(
        office,
        result,
        purpose=purpose,
        submitter=caller.name,
        pending=work.pending[result.record_type],
        way=way,
        agreement=work.agreement,
    )
    draft = Draft(
        result,
        permission,
        direction,
        caller.authority,
        submission.parameters["to"],
        caller.name,
        purpose,
        submission.body,
        work.numbers,
        {"historical": True} if submission.parameters.get("historical") == "1" else {},
        work.attached,
    )
    return seal(office, draft, at=at)


def _require_records(reading: Reading) -> None:
    if reading.error is not None:
        raise reading.error
    if not reading.results:
        raise Refusal(
            "source.not-a-record", step="translate", rule="the file must hold at least one record"
        )


def _require_real(submission: Submission) -> None:
    # Sealed as a real one, a record that was meant as a test would be kept and counted as real.
    if submission.parameters.get("test", "false") != "false":
        raise Refusal(
            "request.parameter",
            step="submit",
            rule="no gateway takes test records yet; leave `test` out to send a real record",
            place="test",
        )


def parameter(submission: Submission, name: str) -> str:
    """Give a mandatory parameter of the query. Refuses `request.parameter`."""
    found = submission.parameters.get(name)
    if not found:
        raise Refusal(
            "request.parameter",
            step="submit",
            rule="the query must name ?to=AUTHORITY&purpose=CODE",
            place=name,
        )
    return found
