"""Ask an authority's own system, which signs its answer to this very question.

The system is posted `{exchangeId, from, hdr, purpose, question}` and answers with one compact JWS
(typ `lmx-answer`) by a submitter key of the authority over canonical JSON
`{answer, exchangeId, hdr}`; `answer` is a `StatusAnswer`.
"""

from dataclasses import dataclass
from typing import Any

from gateway.delivery.push import Push, PushError
from gateway.exchange.office import Office, digest
from gateway.exchange.webhooks import scope_of, secrets_of
from gateway.model.questions import ANSWER, Question, read_question
from gateway.model.refusal import Refusal
from gateway.proof.canonical import canonical_json, read_canonical
from gateway.proof.header import Header
from gateway.proof.json_signature import GIVEN_ANSWER, peek_thumbprint, verify_jws
from gateway.store.webhook_rows import WebhookRow, webhooks


@dataclass(frozen=True, slots=True)
class Word:
    """What an authority says to a question: the answer, who signed it, and the signed octets.

    token: empty where a list says it, which is kept apart; sha256: the digest of what was signed.
    """

    record: dict[str, Any]
    submitter: str
    sha256: str
    token: str


def ask_endpoint(office: Office, header: Header, question: Question) -> Word | None:
    """Give the answer of the authority's system, None when it names none for the type.

    Refuses `query.no-answer` when it does not answer well.
    """
    row = _endpoint(office, header, question)
    if row is None:
        return None
    hdr = header.hdr
    asked = {"recordType": question.record_type, "number": question.number, "on": question.on}
    body = canonical_json(
        {
            "exchangeId": header.exchange_id,
            "from": header.sender,
            "hdr": hdr,
            "purpose": header.purpose,
            "question": asked,
        }
    )
    with office.store.read() as turn:
        secrets = secrets_of(office, turn, row)
    if not office.pusher.room.acquire(blocking=False):
        raise _no_answer("the authority's system is asked much at once")
    try:
        answer = office.pusher.push(Push(row.url, header.exchange_id, body, secrets))
        if answer.status != 200:
            raise _no_answer(f"the authority's system answered {answer.status}")
        return _word(office, header, question, answer.body.decode("ascii"))
    except (PushError, UnicodeDecodeError) as error:
        told = str(error) if isinstance(error, PushError) else "the answer is no token"
        raise _no_answer(told) from None
    finally:
        office.pusher.room.release()


def _endpoint(office: Office, header: Header, question: Question) -> WebhookRow | None:
    with office.store.read() as turn:
        rows = webhooks(turn, header.recipient)
    for row in rows:
        scope = scope_of(office, row) if row.kind == "queries" else None
        if scope is not None and (
            scope.record_types is None or question.record_type in scope.record_types
        ):
            return row
    return None


def _word(office: Office, header: Header, question: Question, token: str) -> Word:
    try:
        directory, name = office.trust.directory(office.state), peek_thumbprint(token)
        verified = verify_jws(token, directory.certificate(name), typ=GIVEN_ANSWER)
        signer = directory.key(name, role="submitter", at=office.clock())
        told = read_canonical(verified.payload)
        if not isinstance(told, dict) or told.keys() != {"answer", "exchangeId", "hdr"}:
            raise _no_answer("an answer has exactly answer, exchangeId and hdr")
        office.catalogue.check(ANSWER, told["answer"])
    except Refusal as refusal:
        raise _no_answer(
            f"the answer of the authority's system is refused {refusal.code}"
        ) from None
    same = (told["exchangeId"], told["hdr"]) == (header.exchange_id, header.hdr)
    own = directory.submitters[signer.name]["authority"] == header.recipient
    if not (same and own and read_question(told["answer"]) == question):
        raise _no_answer("the answer must be the authority's own, to this very question")
    return Word(told["answer"], signer.name, digest(token.encode("ascii")), token)


def _no_answer(rule: str) -> Refusal:
    return Refusal("query.no-answer", step="policy", rule=rule)
