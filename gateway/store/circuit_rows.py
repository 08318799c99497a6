"""Whether a partner's gateway answers: one row a partner that has failed, for all our processes."""

from typing import NamedTuple

from sqlalchemy import bindparam, delete, select

from gateway.store.prepared import Statement, columns, members, upsert, values
from gateway.store.tables import CIRCUIT
from gateway.store.turns import Turn


class CircuitRow(NamedTuple):
    """A partner that has failed: how often in a row, since when, why last, and when it is asked.

    until: seconds since 1970 before which nothing is sent.
    """

    partner: str
    failures: int
    since: str
    until: int
    why: str


_ALL = select(*columns(CIRCUIT, CircuitRow))
_EVERY = Statement(_ALL)
_ONE = Statement(_ALL.where(CIRCUIT.c.partner == bindparam("partner")))
_PUT = upsert(CIRCUIT, members(CircuitRow), "partner")
_CLOSE = Statement(delete(CIRCUIT).where(CIRCUIT.c.partner == bindparam("b_partner")))


def circuit(turn: Turn, partner: str) -> CircuitRow | None:
    """Give how a partner fails, None while it answers."""
    row = _ONE.row(turn, {"partner": partner})
    return None if row is None else CircuitRow(*row)


def circuits(turn: Turn) -> list[CircuitRow]:
    """Give every partner that fails."""
    return [CircuitRow(*one) for one in _EVERY.rows(turn, {})]


def put_circuit(turn: Turn, row: CircuitRow) -> None:
    """Remember how a partner fails."""
    _PUT.run(turn, values(row))


def close_circuit(turn: Turn, partner: str) -> None:
    """Forget that a partner failed: it has answered."""
    _CLOSE.run(turn, {"b_partner": partner})
