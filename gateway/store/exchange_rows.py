"""Exchanges, their sealed bytes, receipts, and what waits to be fetched."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, Table, func, insert, select, true, update

from gateway.store.scope import Own, Scope, Whole, of_exchange, of_inbox
from gateway.store.sealed import Binding, SealedBytes
from gateway.store.tables import EXCHANGE, INBOX, RECEIPT, SEALED

# A statement has at most so many values, on either database.
_MOST_ASKED = 500
_NEW_EXCHANGE = insert(EXCHANGE)
_NEW_SEALED = insert(SEALED)
_NEW_RECEIPT = insert(RECEIPT)
_NEW_INBOX = insert(INBOX)


@dataclass(frozen=True, slots=True)
class ExchangeRow:
    """One exchange as one side keeps it. role: `origin` or `destination`; state: last event."""

    x: str
    role: str
    partner: str
    sender: str
    recipient: str
    record_type: str
    state: str
    created: str
    erase_by: str
    header: bytes
    seal: str
    n: int = 0


@dataclass(frozen=True, slots=True)
class InboxRow:
    """A frozen native file that waits for its authority; handover: the confirming JWS, or empty."""

    x: str
    authority: str
    layout: str
    adapter_version: str
    media_type: str
    extension: str
    warnings: str
    out: str
    handover: str
    n: int = 0


def put_exchange(turn: Connection, row: ExchangeRow) -> None:
    """Store a new exchange; IntegrityError when its id is taken."""
    turn.execute(_NEW_EXCHANGE, _values(row))


def exchange(turn: Connection, x: str, scope: Scope) -> ExchangeRow | None:
    """Give an exchange by its id."""
    wanted = select(EXCHANGE).where(EXCHANGE.c.x == x, of_exchange(scope))
    row = turn.execute(wanted).mappings().one_or_none()
    return None if row is None else ExchangeRow(**row)


def exchanges(
    turn: Connection, where: Mapping[str, str], before: int, limit: int
) -> list[ExchangeRow]:
    """Give exchanges, newest first, equal in the given columns; before: cursor, 0 from the top."""
    wanted = select(EXCHANGE).where(*(EXCHANGE.c[name] == one for name, one in where.items()))
    if before:
        wanted = wanted.where(EXCHANGE.c.n < before)
    rows = turn.execute(wanted.order_by(EXCHANGE.c.n.desc()).limit(limit)).mappings()
    return [ExchangeRow(**one) for one in rows]


def partners(turn: Connection, xs: Sequence[str]) -> list[str]:
    """Give the partners of exchanges, each once."""
    wanted = select(EXCHANGE.c.partner).distinct().where(EXCHANGE.c.x.in_(xs))
    return [str(one) for one in turn.execute(wanted).scalars()]


def count_between(turn: Connection, where: Mapping[str, str], begin: str, end: str) -> int:
    """Count exchanges created from one instant to before another, equal in the given columns."""
    wanted = select(func.count()).where(EXCHANGE.c.created >= begin, EXCHANGE.c.created < end)
    wanted = wanted.where(*(EXCHANGE.c[name] == one for name, one in where.items()))
    return int(turn.execute(wanted).scalar_one())


def advance(turn: Connection, x: str, state: str) -> None:
    """Note the last event of an exchange."""
    turn.execute(update(EXCHANGE).where(EXCHANGE.c.x == x).values(state=state))


def states_of(turn: Connection, xs: Sequence[str]) -> list[str]:
    """Give the last event of each of these exchanges, in no order."""
    found: list[str] = []
    for start in range(0, len(xs), _MOST_ASKED):
        some = xs[start : start + _MOST_ASKED]
        found += turn.execute(select(EXCHANGE.c.state).where(EXCHANGE.c.x.in_(some))).scalars()
    return found


def put_sealed(turn: Connection, kind: str, binding: Binding, octets: SealedBytes) -> None:
    """Store encrypted bytes: kind `transfer`, `local`, `out`, `request`, `native`."""
    row = {
        "x": binding.exchange_id,
        "kind": kind,
        "corridor": binding.corridor,
        "erase_by": binding.erase_by.isoformat(),
        "hdr": binding.header_sha256,
        "wrapped": octets.wrapped_key,
        "octets": octets.octets,
    }
    turn.execute(_NEW_SEALED, row)


def sealed(turn: Connection, x: str, kind: str, scope: Scope) -> tuple[Binding, SealedBytes] | None:
    """Give encrypted bytes of an exchange with what they are bound to."""
    same = (SEALED.c.x == x, SEALED.c.kind == kind, _seen(SEALED, scope))
    row = turn.execute(select(SEALED).where(*same)).one_or_none()
    if row is None:
        return None
    binding = Binding(row.corridor, date.fromisoformat(row.erase_by), row.hdr, row.x)
    return binding, SealedBytes(bytes(row.wrapped), bytes(row.octets))


def put_receipt(turn: Connection, x: str, codes: Sequence[str], token: str) -> None:
    """Store a receipt; IntegrityError when one for these events is there."""
    turn.execute(_NEW_RECEIPT, {"x": x, "codes": " ".join(codes), "token": token})


def receipts(turn: Connection, x: str, scope: Scope) -> list[tuple[str, str]]:
    """Give (codes, token) of an exchange, in the order they were stored."""
    wanted = select(RECEIPT.c.codes, RECEIPT.c.token).where(RECEIPT.c.x == x, _seen(RECEIPT, scope))
    return [(row.codes, row.token) for row in turn.execute(wanted.order_by(RECEIPT.c.n))]


def put_inbox(turn: Connection, row: InboxRow) -> None:
    """Place a frozen file for its authority."""
    turn.execute(_NEW_INBOX, _values(row))


def inbox(turn: Connection, scope: Own, after: int, limit: int) -> list[InboxRow]:
    """Give files of an authority that were not handed over, oldest first, behind a cursor."""
    wanted = select(INBOX).where(of_inbox(scope), INBOX.c.n > after, INBOX.c.handover == "")
    rows = turn.execute(wanted.order_by(INBOX.c.n).limit(limit)).mappings()
    return [InboxRow(**one) for one in rows]


def newest_in_inbox(turn: Connection) -> int:
    """Give the number of the newest file of all authorities, 0 before the first."""
    return int(turn.execute(select(func.max(INBOX.c.n))).scalar_one() or 0)


def inbox_row(turn: Connection, x: str, scope: Scope) -> InboxRow | None:
    """Give one file, handed over or not."""
    wanted = select(INBOX).where(INBOX.c.x == x, of_inbox(scope))
    row = turn.execute(wanted).mappings().one_or_none()
    return None if row is None else InboxRow(**row)


def hand_over(turn: Connection, x: str, token: str) -> None:
    """Keep the confirmation with which an authority took a file."""
    turn.execute(update(INBOX).where(INBOX.c.x == x).values(handover=token))


def _seen(table: Table, scope: Scope) -> ColumnElement[bool]:
    # What belongs to an exchange is seen by whom the exchange is seen.
    if isinstance(scope, Whole):
        return true()
    return table.c.x.in_(select(EXCHANGE.c.x).where(of_exchange(scope)))


def _values(row: ExchangeRow | InboxRow) -> dict[str, object]:
    return {one: getattr(row, one) for one in row.__slots__ if one != "n"}


def count_by_state(turn: Connection) -> list[tuple[str, int]]:
    """Count exchanges by their last event."""
    wanted = select(EXCHANGE.c.state, func.count()).group_by(EXCHANGE.c.state)
    return [(str(state), int(count)) for state, count in turn.execute(wanted)]
