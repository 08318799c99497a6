"""Which exchanges are questions or answers, and of which record type they speak."""

from typing import NamedTuple

from sqlalchemy import bindparam, select, update

from gateway.store.ministry_tables import QUESTION
from gateway.store.prepared import Statement, columns, insert, members, values
from gateway.store.turns import Turn


class QuestionRow(NamedTuple):
    """A question or an answer: asked: the record type it is about; reply: the answer's exchange.

    reply: empty while a question is open, and for answers.
    """

    x: str
    asked: str
    reply: str = ""


_NEW = insert(QUESTION, members(QuestionRow))
_ONE = Statement(select(*columns(QUESTION, QuestionRow)).where(QUESTION.c.x == bindparam("x")))
_ANSWERED = Statement(
    update(QUESTION)
    .where(QUESTION.c.x == bindparam("b_x"), QUESTION.c.reply == "")
    .values(reply=bindparam("b_reply"))
)


def put_question(turn: Turn, row: QuestionRow) -> None:
    """Remember that an exchange is a question or an answer; TakenError when it is remembered."""
    _NEW.run(turn, values(row))


def question(turn: Turn, x: str) -> QuestionRow | None:
    """Give one, None for an exchange of a record."""
    found = _ONE.row(turn, {"x": x})
    return None if found is None else QuestionRow(*found)


def answer_question(turn: Turn, x: str, reply: str) -> None:
    """Remember the answer of a question; the first one stays."""
    _ANSWERED.run(turn, {"b_x": x, "b_reply": reply})
