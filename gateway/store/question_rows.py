"""Which exchanges are questions or answers, and of which record type they speak."""

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, insert, select, update

from gateway.store.ministry_tables import QUESTION

_NEW = insert(QUESTION)
_ONE = select(QUESTION).where(QUESTION.c.x == bindparam("x"))
_ANSWERED = (
    update(QUESTION)
    .where(QUESTION.c.x == bindparam("b_x"), QUESTION.c.reply == "")
    .values(reply=bindparam("b_reply"))
)


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A question or an answer: asked: the record type it is about; reply: the answer's exchange.

    reply: empty while a question is open, and for answers.
    """

    x: str
    asked: str
    reply: str = ""


def put_question(turn: Connection, row: QuestionRow) -> None:
    """Remember that an exchange is a question or an answer; TakenError when it is remembered."""
    turn.execute(_NEW, {"x": row.x, "asked": row.asked, "reply": row.reply})


def question(turn: Connection, x: str) -> QuestionRow | None:
    """Give one, None for an exchange of a record."""
    found = turn.execute(_ONE, {"x": x}).mappings().one_or_none()
    return None if found is None else QuestionRow(**found)


def answer_question(turn: Connection, x: str, reply: str) -> None:
    """Remember the answer of a question; the first one stays."""
    turn.execute(_ANSWERED, {"b_x": x, "b_reply": reply})
