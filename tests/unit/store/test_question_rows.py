"""A question knows its answer, and whose type it is about decides who sees both."""

from gateway.store.connection import Store
from gateway.store.question_rows import QuestionRow, answer_question, put_question, question


def test_the_first_answer_stays(store: Store) -> None:
    with store.write() as turn:
        put_question(turn, QuestionRow("x", "WorkAuthorisation"))
        answer_question(turn, "x", "first")
        answer_question(turn, "x", "second")
    with store.read() as turn:
        assert question(turn, "x") == QuestionRow("x", "WorkAuthorisation", "first")


def test_a_record_is_no_question(store: Store) -> None:
    with store.read() as turn:
        assert question(turn, "x") is None
