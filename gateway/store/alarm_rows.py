"""What an operator must look at, with the signed bytes that prove it; each thing once."""

from typing import NamedTuple

from sqlalchemy import bindparam, func, select

from gateway.store.once import put_once
from gateway.store.prepared import Statement, columns, values
from gateway.store.submission_rows import SequenceRow, put_sequences, sequence
from gateway.store.tables import ALARM, TURN
from gateway.store.turns import Turn

# Beside the directions and logs of that table, none of which has a space in its name.
TOLD = "alarms told"
_ABOVE_ALL = 2**63 - 1


class AlarmRow(NamedTuple):
    """One alarm: when, a code of the refusal table, about which partner, exchange and subject.

    subject: what tells two alarms of one exchange apart, such as a digest; evidence: signed bytes,
    never of a record's contents.
    """

    at: str
    code: str
    partner: str
    x: str
    subject: str
    evidence: bytes
    n: int = 0


_ALL = select(*columns(ALARM, AlarmRow))
_BEHIND = Statement(_ALL.where(ALARM.c.n > bindparam("n")).order_by(ALARM.c.n).limit(100))
_NEWEST = Statement(
    _ALL.where(ALARM.c.n < bindparam("n")).order_by(ALARM.c.n.desc()).limit(bindparam("limit"))
)
_OF_EXCHANGE = Statement(_ALL.where(ALARM.c.x == bindparam("x")).order_by(ALARM.c.n).limit(100))
_COUNTS = Statement(
    select(ALARM.c.code, ALARM.c.partner, func.count()).group_by(ALARM.c.code, ALARM.c.partner)
)
_HOLD = Statement(select(TURN.c.name).where(TURN.c.name == "alarm").with_for_update())
_KEY = ("code", "x", "subject")
_ONE = Statement(_ALL.where(*(ALARM.c[one] == bindparam(one) for one in _KEY)))


def put_alarm(turn: Turn, row: AlarmRow) -> None:
    """Store an alarm, last in a turn; the first of its code, exchange and subject stays."""
    # Alarms are read behind a cursor: their numbers must become visible in their order. Held to the
    # end of the turn and asked for after all else, so that no two turns wait for each other.
    _HOLD.row(turn, {})
    put_once(turn, ALARM, values(row))


def alarm(turn: Turn, code: str, x: str, subject: str) -> AlarmRow | None:
    """Give one alarm."""
    found = _ONE.row(turn, {"code": code, "x": x, "subject": subject})
    return None if found is None else AlarmRow(*found)


def alarms(turn: Turn, after: int) -> list[AlarmRow]:
    """Give alarms behind a number, oldest first, at most 100."""
    return [AlarmRow(*one) for one in _BEHIND.rows(turn, {"n": after})]


def newest(turn: Turn, before: int, limit: int) -> list[AlarmRow]:
    """Give alarms, newest first; before: a number that all are below, 0 from the top."""
    asked = {"n": before or _ABOVE_ALL, "limit": limit}
    return [AlarmRow(*one) for one in _NEWEST.rows(turn, asked)]


def alarms_of(turn: Turn, x: str) -> list[AlarmRow]:
    """Give the alarms about an exchange, oldest first, at most 100."""
    return [AlarmRow(*one) for one in _OF_EXCHANGE.rows(turn, {"x": x})]


def count_alarms(turn: Turn) -> list[tuple[str, str, int]]:
    """Count alarms by code and partner."""
    return [(code, partner, n) for code, partner, n in _COUNTS.rows(turn, {})]


def last_told(turn: Turn) -> int:
    """Give the number of the last alarm that was said, 0 before the first."""
    found = sequence(turn, TOLD)
    return found.seq if found else 0


def note_told(turn: Turn, n: int) -> None:
    """Remember, in a turn that holds `TOLD`, which alarm was said last; a later one stays."""
    if n > last_told(turn):
        put_sequences(turn, {TOLD: SequenceRow(n, "")})
