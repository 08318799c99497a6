"""Ask an authority of another state whether a document is valid: seal, send at once, wait.

A question is a submission of one: A.1 or A.2 as for any other, in one durable commit, under an
idempotency key. Then it is sent beside the worker, and what comes back is taken as if a partner
had posted it. Whatever fails on this short way is left to the worker until B.3 ends the question.
"""

import base64
import json
from contextlib import suppress
from datetime import datetime
from typing import Any

from gateway.delivery.link import Reply, Route, UnreachableError
from gateway.exchange import handover
from gateway.exchange.accept import Accepted, Submission, record_submission
from gateway.exchange.answer import JSON, Answer
from gateway.exchange.authenticate import Caller, authenticate_submitter
from gateway.exchange.licence import require_active_now
from gateway.exchange.office import Office
from gateway.exchange.policy import agreement_with, require_recipient
from gateway.exchange.question_policy import Way, permit_question
from gateway.exchange.quotas import QuotaTakenError
from gateway.exchange.receive import receive
from gateway.exchange.reply import FORM_VERSION
from gateway.exchange.seal import Draft, SealedExchange, seal
from gateway.exchange.settle import settle
from gateway.exchange.submit import (
    TAKEN_MEANWHILE,
    earlier,
    parameter,
    submission_of,
    taken_meanwhile,
)
from gateway.exchange.verify import read_item
from gateway.exchange.ways import message_item
from gateway.model.instants import write_instant
from gateway.model.party import state_of_authority
from gateway.model.questions import QUERY, RELAY, read_question
from gateway.model.refusal import Refusal
from gateway.model.refusal_codes import REFUSALS
from gateway.model.rights import require_right
from gateway.proof.canonical import canonical_json
from gateway.proof.header import stored_header
from gateway.proof.http_signature import Request
from gateway.proof.strict_json import parse
from gateway.store import exchange_rows, outbox_rows
from gateway.store.connection import TakenError
from gateway.store.question_rows import question
from gateway.store.scope import WHOLE
from gateway.translation.reading import Result, Source

# A gateway that does not answer within these is left to the worker: to connect, to answer.
PATIENCE = (1.0, 6.0)
_ENDED = frozenset({"B.2", "B.3", "E.1", "E.2"})


def ask(office: Office, request: Request) -> tuple[Caller, str]:
    """Store a question; gives who asks and the exchange id, the same for the same key again.

    Refuses as `authenticate_submitter`, and (with an A.2) what may not be asked.
    """
    caller = authenticate_submitter(office, request)
    answer = _answer_of(office, caller, request)
    found = json.loads(answer.body)
    if answer.status >= 400:
        raise Refusal(found["code"], step=found["step"], rule=found["detail"],
                      place=found.get("place", ""))  # fmt: skip
    return caller, str(found["records"][0]["exchangeId"])


def _answer_of(office: Office, caller: Caller, request: Request) -> Answer:
    at = office.clock()
    for _ in range(TAKEN_MEANWHILE):
        submission = submission_of(office, caller, request, at=at)
        known = earlier(office, submission)
        if known is not None:
            return known
        office.store.require_room()
        accepted = _accepted(office, submission, at)
        with suppress(TakenError, QuotaTakenError):
            return record_submission(office, submission, accepted, at=at)
    raise taken_meanwhile()


def carry(office: Office, x: str, link: Route, partner: str) -> str:
    """Send a stored question and take what comes back; what fails is the worker's to repeat.

    Gives why it failed, empty when it did not; nothing of what the partner wrote.
    """
    with office.store.read() as turn:
        row = exchange_rows.exchange(turn, x, WHOLE)
        if row is None or row.state != "A.1":
            return ""
        item = message_item(office, turn, x)
    body = canonical_json({"items": [item]})
    try:
        reply = link.post("/peer/v1/messages", body, JSON, timeout=PATIENCE)
        return _taken(office, reply, x, partner)
    except UnreachableError as error:
        return str(error)
    except Refusal as refusal:
        return refusal.code
    except (KeyError, TypeError, AttributeError, IndexError):
        return "what it answered is not as it should be"


def _taken(office: Office, reply: Reply, x: str, partner: str) -> str:
    if reply.status != 200:
        return f"answered {reply.status}"
    found = parse(reply.body)["items"][0]
    if "receipt" not in found and found.get("code") in REFUSALS:
        return f"not taken, {found['code']}"
    if isinstance(found.get("reply"), dict):
        _tell(office, receive(office, read_item(found["reply"]), partner), partner)
    for token in [found["receipt"], *found.get("later", [])]:
        settle(office, str(token), partner, x)
    return ""


def _tell(office: Office, came: dict[str, Any], partner: str) -> None:
    # Our B.1 for the answer goes the way of later receipts: nobody waits for it.
    if "receipt" in came:
        with office.store.write() as turn:
            outbox_rows.enqueue(turn, came["x"], "receipts", partner, came["x"])


def told_question(office: Office, caller: Caller, x: str) -> dict[str, Any]:
    """Give how far a question is, with its answer and what confirms it once there is one.

    Refuses `request.not-found` for another submitter's question.
    """
    scope = caller.scope()
    with office.store.read() as turn:
        row = exchange_rows.exchange(turn, x, scope)
        asked = question(turn, x)
        if row is None or asked is None or row.role != "origin":
            raise handover.not_found()
        header = stored_header(row.header)
        if header.members["submitter"] != caller.name:
            raise handover.not_found()
        told: dict[str, Any] = {"exchangeId": x, "state": row.state, "ended": row.state in _ENDED}
        placed = exchange_rows.inbox_row(turn, asked.reply, scope) if asked.reply else None
        if placed is None:
            return told
        item = handover.listing(office, [placed], turn, scope, kinds=handover.CONTENT)[0]
    record = json.loads(base64.b64decode(item["content"]))["record"]
    return {**told, "answer": record, "item": item}


def _accepted(office: Office, submission: Submission, at: datetime) -> Accepted:
    partner = ""
    try:
        require_active_now(office, submission.caller.listed(), at)
        partner = _partner(office, submission)
        sealed = _seal(office, submission, partner, at)
        return Accepted([sealed], [], None, QUERY, partner)
    except Refusal as refusal:
        # What is known of corridor and agreement stands in the A.2, but not of what is restricted.
        agreement = None
        if not partner or refusal.code == "restricted.use-sdk":
            return Accepted([], [], refusal, "", "")
        with suppress(Refusal):
            agreement = agreement_with(office, partner, at).named()
        return Accepted([], [], refusal, QUERY, partner, agreement)


def _partner(office: Office, submission: Submission) -> str:
    recipient = parameter(submission, "to")
    try:
        partner = state_of_authority(recipient)
    except ValueError:
        partner = ""
    require_recipient(office, recipient, partner)
    return partner


def _seal(office: Office, submission: Submission, partner: str, at: datetime) -> SealedExchange:
    caller, recipient = submission.caller, submission.parameters["to"]
    purpose = parameter(submission, "purpose")
    found = parse(submission.body)
    record = {"on": at.date().isoformat(), **found} if isinstance(found, dict) else {}
    office.catalogue.check(QUERY, record)
    asked = read_question(record)
    require_right(caller.listed(), asked.record_type, purpose)
    way = Way(recipient, partner, office.state, purpose)
    permission = permit_question(office, asked, way, partner, at)
    result = Result("ok", (1,), QUERY, record, Source(QUERY, FORM_VERSION), action="request")
    ends = write_instant(at + RELAY)
    draft = Draft(
        result,
        permission,
        f"{office.state}>{partner}",
        caller.authority,
        recipient,
        caller.name,
        purpose,
        submission.body,
        {},
        {"expires": {"relay": ends, "handover": ends}},
    )
    return seal(office, draft, at=at)
