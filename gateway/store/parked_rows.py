"""What we ask a partner that only connects outward: it fetches the questions and brings answers.

Rows are kept for minutes. An answer is a tile of the partner's log; it serves until then, so that
a question asked again is answered at once.
"""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, delete, func, select, update

from gateway.store.once import put_once
from gateway.store.prepared import Statement, values
from gateway.store.tables import PARKED
from gateway.store.turns import Turn

# Questions of one partner that stand at once; more are not taken.
MOST = 256
_UNANSWERED = PARKED.c.octets.is_(None)
_OF, _TARGET = PARKED.c.partner == bindparam("b_partner"), PARKED.c.target == bindparam("b_target")
_FORGET = Statement(delete(PARKED).where(PARKED.c.at < bindparam("oldest")))
_COUNT = Statement(select(func.count()).select_from(PARKED).where(_OF))
_ASKED = Statement(
    select(PARKED.c.target)
    .where(_OF, _UNANSWERED)
    .order_by(PARKED.c.at, PARKED.c.target)
    .limit(bindparam("limit"))
)
_ANSWER = Statement(
    update(PARKED).where(_OF, _TARGET, _UNANSWERED).values(octets=bindparam("b_octets"))
)
_ANSWERED = Statement(select(PARKED.c.octets).where(_OF, _TARGET))


class Question(NamedTuple):
    """A target on the partner's peer port, and when it was asked, in seconds since 1970."""

    partner: str
    target: str
    at: int


def ask(turn: Turn, question: Question, oldest: int) -> int:
    """Put a question that is not there already; gives 0 when too many stand.

    oldest: what was asked before goes, answered or not.
    """
    _FORGET.run(turn, {"oldest": oldest})
    if _COUNT.value(turn, {"b_partner": question.partner}) >= MOST:
        return 0
    put_once(turn, PARKED, {"octets": None, **values(question)})
    return 1


def unanswered(turn: Turn, partner: str, limit: int) -> list[str]:
    """Give targets that a partner is to answer, oldest first."""
    return _ASKED.values(turn, {"b_partner": partner, "limit": limit})


def answer(turn: Turn, partner: str, found: Sequence[tuple[str, bytes]]) -> None:
    """Keep answers to what was asked; others are dropped, and the first one stays."""
    told = [{"b_partner": partner, "b_target": one, "b_octets": octets} for one, octets in found]
    _ANSWER.run_all(turn, told)


def answered(turn: Turn, partner: str, target: str) -> bytes | None:
    """Give the answer to a question, None while there is none."""
    found: bytes | None = _ANSWERED.value(turn, {"b_partner": partner, "b_target": target})
    return found
