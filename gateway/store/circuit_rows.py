"""Whether a partner's gateway answers: one row a partner that has failed, for all our processes."""

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from gateway.store.tables import CIRCUIT

_ONE = select(CIRCUIT).where(CIRCUIT.c.partner == bindparam("partner"))


@dataclass(frozen=True, slots=True)
class CircuitRow:
    """A partner that has failed: how often in a row, since when, why last, and when it is asked.

    until: seconds since 1970 before which nothing is sent.
    """

    partner: str
    failures: int
    since: str
    until: int
    why: str


def circuit(turn: Connection, partner: str) -> CircuitRow | None:
    """Give how a partner fails, None while it answers."""
    row = turn.execute(_ONE, {"partner": partner}).mappings().one_or_none()
    return None if row is None else CircuitRow(**row)


def circuits(turn: Connection) -> list[CircuitRow]:
    """Give every partner that fails."""
    return [CircuitRow(**one) for one in turn.execute(select(CIRCUIT)).mappings()]


def put_circuit(turn: Connection, row: CircuitRow) -> None:
    """Remember how a partner fails."""
    values = {one: getattr(row, one) for one in row.__slots__}
    same = CIRCUIT.c.partner == row.partner
    if turn.execute(update(CIRCUIT).where(same).values(**values)).rowcount == 0:
        turn.execute(insert(CIRCUIT).values(**values))


def close_circuit(turn: Connection, partner: str) -> None:
    """Forget that a partner failed: it has answered."""
    turn.execute(delete(CIRCUIT).where(CIRCUIT.c.partner == partner))
