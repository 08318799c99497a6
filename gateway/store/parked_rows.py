"""What we ask a partner that only connects outward: it fetches the questions and brings answers.

Rows are kept for minutes. An answer is a tile of the partner's log; it serves until then, so that
a question asked again is answered at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, select, update

from gateway.store.once import put_once
from gateway.store.tables import PARKED

# Questions of one partner that stand at once; more are not taken.
MOST = 256
_UNANSWERED = PARKED.c.octets.is_(None)


@dataclass(frozen=True, slots=True)
class Question:
    """A target on the partner's peer port, and when it was asked, in seconds since 1970."""

    partner: str
    target: str
    at: int


def ask(turn: Connection, question: Question, oldest: int) -> int:
    """Put a question that is not there already; gives 0 when too many stand.

    oldest: what was asked before goes, answered or not.
    """
    turn.execute(delete(PARKED).where(PARKED.c.at < oldest))
    same = PARKED.c.partner == question.partner
    count = turn.execute(select(func.count()).select_from(PARKED).where(same)).scalar_one()
    if count >= MOST:
        return 0
    put_once(
        turn, PARKED, {"octets": None, **{n: getattr(question, n) for n in question.__slots__}}
    )
    return 1


def unanswered(turn: Connection, partner: str, limit: int) -> list[str]:
    """Give targets that a partner is to answer, oldest first."""
    wanted = select(PARKED.c.target).where(PARKED.c.partner == partner, _UNANSWERED)
    return list(turn.execute(wanted.order_by(PARKED.c.at, PARKED.c.target).limit(limit)).scalars())


def answer(turn: Connection, partner: str, found: Sequence[tuple[str, bytes]]) -> None:
    """Keep answers to what was asked; others are dropped, and the first one stays."""
    for target, octets in found:
        same = (PARKED.c.partner == partner, PARKED.c.target == target, _UNANSWERED)
        turn.execute(update(PARKED).where(*same).values(octets=octets))


def answered(turn: Connection, partner: str, target: str) -> bytes | None:
    """Give the answer to a question, None while there is none."""
    wanted = select(PARKED.c.octets).where(PARKED.c.partner == partner, PARKED.c.target == target)
    found = turn.execute(wanted).scalar_one_or_none()
    return None if found is None else bytes(found)
