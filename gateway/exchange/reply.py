"""Answer a question at the destination: question, B.1, D.1, E.1 and the answer in one commit.

The authority is not asked by its inbox: what it has signed before (its status list) or signs now
(its endpoint) is its word, and the digest of that word stands in E.1. When it has none now, nothing
is recorded, the origin may try again, and its B.3 is the signed "no answer".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gateway.exchange.accept import accept_sealed
from gateway.exchange.endpoint import Word, ask_endpoint
from gateway.exchange.ledger import Event, Ledger
from gateway.exchange.office import Office
from gateway.exchange.question_policy import Way, admit_question, permit_question
from gateway.exchange.record import exchange_members, receipt_members
from gateway.exchange.seal import Draft, SealedExchange, seal
from gateway.exchange.status_list import listed_answer
from gateway.exchange.verify import SealedMessage, open_message
from gateway.exchange.ways import message_item
from gateway.model.questions import ANSWER, Question
from gateway.proof.canonical import canonical_json
from gateway.proof.header import Header
from gateway.store import exchange_rows
from gateway.store.connection import Turn
from gateway.store.exchange_rows import SealedRow
from gateway.store.outbox_rows import Item
from gateway.store.question_rows import QuestionRow, answer_question, put_question
from gateway.store.scope import WHOLE
from gateway.store.sealed import Binding, SealedBytes, seal_bytes
from gateway.translation.reading import Result, Source

FORM_VERSION = "1"
NO_ANSWER = "query.no-answer"


@dataclass(frozen=True, slots=True)
class Replied:
    """A question with its answer, before their commit: word: digest of what the authority signed.

    sealed: the question's transfer, and what was signed to answer it, encrypted, by kind.
    """

    question: Question
    sealed: Mapping[str, SealedBytes]
    binding: Binding
    answer: SealedExchange
    word: str


def reply(office: Office, message: SealedMessage, octets: bytes, binding: Binding) -> Replied:
    """Give the answer of the authority that is asked; octets: the question's transfer.

    Refuses as `open_message` and `admit_question`, `query.not-offered`, and `query.no-answer`,
    which is no decision: the question may come again.
    """
    header = message.header
    transfer = open_message(office, message, octets)
    question = admit_question(office, header, dict(transfer.record))
    word = ask_endpoint(office, header, question)
    if word is None:
        record, told_by = listed_answer(office, header.recipient, question)
        word = Word(record, told_by.submitter, told_by.sha256, "")
    sealed = seal_answer(office, header, word.record, word.submitter)
    kept = {"transfer": transfer.octets, "word": word.token.encode("ascii")}
    octets_of = {
        kind: seal_bytes(one, binding, office.day_keys) for kind, one in kept.items() if one
    }
    return Replied(question, octets_of, binding, sealed, word.sha256)


def seal_answer(
    office: Office, header: Header, record: dict[str, Any], submitter: str
) -> SealedExchange:
    """Seal an answer to the question of this header, in the name of who gave it."""
    at, direction = office.clock(), header.direction
    question = Question(record["recordType"], record["number"], record["on"])
    way = Way(header.recipient, direction.destination, direction.origin, header.purpose)
    permission = permit_question(office, question, way, direction.origin, at)
    office.catalogue.check(ANSWER, record)
    result = Result("ok", (1,), ANSWER, record, Source(ANSWER, FORM_VERSION), action="answer")
    draft = Draft(
        result,
        permission,
        f"{direction.destination}>{direction.origin}",
        header.recipient,
        header.sender,
        submitter,
        header.purpose,
        canonical_json(record),
        {},
        {"inReplyTo": header.exchange_id},
    )
    return seal(office, draft, at=at)


def record_reply(
    turn: Turn, ledger: Ledger, header: Header, replied: Replied, answered: str
) -> str:
    """Log and sign what was answered, in the turn that takes the question; gives B.1's receipt.

    answered: the digest of the question's A.1.
    """
    x, rows, office = header.exchange_id, ledger.rows, ledger.office
    log = office.log(header.direction.origin)
    rows.sealed += [SealedRow(kind, replied.binding, one) for kind, one in replied.sealed.items()]
    members: Mapping[str, Any] = {**exchange_members(header), "re": answered}
    taken = ledger.log([Event("B.1", log, members), Event("D.1", log, members)])
    token = ledger.sign(x, taken, {**receipt_members(header), "re": answered})
    told = {**exchange_members(header), "ev": replied.word}
    handed = ledger.log([Event("E.1", log, told)])
    ledger.sign(x, handed, {**receipt_members(header), "re": replied.word})
    rows.states[x] = "E.1"
    rows.outbox.append(Item(x, "receipts", header.direction.origin, x))
    put_question(turn, QuestionRow(x, replied.question.record_type))
    accept_sealed(turn, ledger, office, replied.answer)
    answer_question(turn, x, replied.answer.header.exchange_id)
    return token


def reply_members(office: Office, x: str, replied: Replied) -> dict[str, Any]:
    """Give what goes back beside B.1, so that the asking gateway has it at once."""
    with office.store.read() as turn:
        later = [one for codes, one in exchange_rows.receipts(turn, x, WHOLE) if codes == "E.1"]
        item = message_item(office, turn, replied.answer.header.exchange_id)
    return {"later": later, "reply": item}
