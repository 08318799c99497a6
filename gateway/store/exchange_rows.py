"""Exchanges, their sealed bytes, receipts, and what waits to be fetched."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    bindparam,
    func,
    insert,
    select,
    update,
)

from gateway.store.packed import seal_columns, sealed_header, stored_token, token_columns
from gateway.store.scope import Own, Scope, of_exchange, of_inbox, of_part
from gateway.store.sealed import Binding, SealedBytes
from gateway.store.tables import EXCHANGE, INBOX, RECEIPT, SEALED

_NEW_EXCHANGE = insert(EXCHANGE)
_NEW_SEALED = insert(SEALED)
_NEW_RECEIPT = insert(RECEIPT)
_NEW_INBOX = insert(INBOX)
_XS: BindParameter[str] = bindparam("xs", expanding=True)
_ADVANCE = (
    update(EXCHANGE).where(EXCHANGE.c.x == bindparam("b_x")).values(state=bindparam("b_state"))
)
_HAND_OVER = (
    update(INBOX).where(INBOX.c.x == bindparam("b_x")).values(handover=bindparam("b_token"))
)
# How many ids one statement names at the most: SQLite before 3.32 takes 999 values.
MOST_NAMED = 500


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
    """A frozen native file that waits for its authority.

    handover: what names the token that ended its waiting (`token_rows`), empty while it waits.
    """

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


@dataclass(frozen=True, slots=True)
class SealedRow:
    """Encrypted bytes of an exchange: kind `transfer`, `local`, `out`, `request`, `native`, …"""

    kind: str
    binding: Binding
    octets: SealedBytes


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """A signed receipt of an exchange; codes: those of its events, with spaces between."""

    x: str
    codes: str
    token: str


# The columns in the order of the rows' members.
_EXCHANGE = tuple(EXCHANGE.c[one] for one in ExchangeRow.__slots__)
_INBOX = tuple(INBOX.c[one] for one in InboxRow.__slots__)


def put_exchange(turn: Connection, row: ExchangeRow) -> None:
    """Store a new exchange; IntegrityError when its id is taken."""
    put_exchanges(turn, [row])


def put_exchanges(turn: Connection, rows: Sequence[ExchangeRow]) -> None:
    """Store new exchanges; IntegrityError when the id of one is taken."""
    if rows:
        turn.execute(
            _NEW_EXCHANGE,
            [{**_values(one), **seal_columns(turn, one.header, one.seal)} for one in rows],
        )


def exchange(turn: Connection, x: str, scope: Scope) -> ExchangeRow | None:
    """Give an exchange by its id."""
    return exchanges_named(turn, [x], scope).get(x)


def exchanges_named(turn: Connection, xs: Sequence[str], scope: Scope) -> dict[str, ExchangeRow]:
    """Give exchanges by their ids; those that are not there, or not seen, are left out."""
    wanted = select(*_EXCHANGE).where(EXCHANGE.c.x.in_(_XS), of_exchange(scope))
    rows = (row for some in _parts(xs) for row in turn.execute(wanted, {"xs": some}))
    return {row.x: _exchange_row(ExchangeRow(*row)) for row in rows}


def exchanges(
    turn: Connection, where: Mapping[str, str], before: int, limit: int
) -> list[ExchangeRow]:
    """Give exchanges, newest first, equal in the given columns; before: cursor, 0 from the top."""
    wanted = select(EXCHANGE).where(*(EXCHANGE.c[name] == one for name, one in where.items()))
    if before:
        wanted = wanted.where(EXCHANGE.c.n < before)
    rows = turn.execute(wanted.order_by(EXCHANGE.c.n.desc()).limit(limit)).mappings()
    return [_exchange_row(ExchangeRow(**one)) for one in rows]


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
    advance_all(turn, {x: state})


def advance_all(turn: Connection, states: Mapping[str, str]) -> None:
    """Note the last event of each exchange, by id."""
    if states:
        turn.execute(_ADVANCE, [{"b_x": x, "b_state": one} for x, one in states.items()])


def states_of(turn: Connection, xs: Sequence[str]) -> list[str]:
    """Give the last event of each of these exchanges, in no order."""
    found: list[str] = []
    for start in range(0, len(xs), MOST_NAMED):
        some = xs[start : start + MOST_NAMED]
        found += turn.execute(select(EXCHANGE.c.state).where(EXCHANGE.c.x.in_(some))).scalars()
    return found


def put_sealed(turn: Connection, kind: str, binding: Binding, octets: SealedBytes) -> None:
    """Store encrypted bytes of one kind."""
    put_sealed_rows(turn, [SealedRow(kind, binding, octets)])


def put_sealed_rows(turn: Connection, rows: Sequence[SealedRow]) -> None:
    """Store encrypted bytes."""
    if rows:
        turn.execute(_NEW_SEALED, [_sealed_values(one) for one in rows])


def sealed(turn: Connection, x: str, kind: str, scope: Scope) -> tuple[Binding, SealedBytes] | None:
    """Give encrypted bytes of an exchange with what they are bound to."""
    found = sealed_named(turn, [x], [kind], scope).get((x, kind))
    return None if found is None else (found.binding, found.octets)


def sealed_named(
    turn: Connection, xs: Sequence[str], kinds: Sequence[str], scope: Scope
) -> dict[tuple[str, str], SealedRow]:
    """Give encrypted bytes of exchanges by id and kind."""
    same = (SEALED.c.x.in_(_XS), SEALED.c.kind.in_(kinds), of_part(SEALED, scope))
    wanted = select(SEALED).where(*same)
    rows = (row for some in _parts(xs) for row in turn.execute(wanted, {"xs": some}))
    return {(row.x, row.kind): _sealed_row(row) for row in rows}


def put_receipts(turn: Connection, rows: Sequence[ReceiptRow]) -> None:
    """Store receipts; IntegrityError when one for the same events is there."""
    if rows:
        turn.execute(
            _NEW_RECEIPT, [{**_values(one), **token_columns(turn, one.token)} for one in rows]
        )


def receipts(turn: Connection, x: str, scope: Scope) -> list[tuple[str, str]]:
    """Give (codes, token) of an exchange, in the order they were stored."""
    return receipts_named(turn, [x], scope)[x]


def receipts_named(
    turn: Connection, xs: Sequence[str], scope: Scope
) -> dict[str, list[tuple[str, str]]]:
    """Give (codes, token) of each exchange, in the order they were stored."""
    wanted = select(RECEIPT).where(RECEIPT.c.x.in_(_XS), of_part(RECEIPT, scope))
    found: dict[str, list[tuple[str, str]]] = {x: [] for x in xs}
    for some in _parts(xs):
        for row in sorted(turn.execute(wanted, {"xs": some}), key=lambda one: int(one.n)):
            found[row.x].append((row.codes, stored_token(row.token, row.octets)))
    return found


def put_inbox(turn: Connection, rows: Sequence[InboxRow]) -> None:
    """Place frozen files for their authorities."""
    if rows:
        turn.execute(_NEW_INBOX, [_values(one) for one in rows])


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
    return inbox_named(turn, [x], scope).get(x)


def inbox_named(turn: Connection, xs: Sequence[str], scope: Scope) -> dict[str, InboxRow]:
    """Give files by the ids of their exchanges, handed over or not."""
    wanted = select(*_INBOX).where(INBOX.c.x.in_(_XS), of_inbox(scope))
    rows = (row for some in _parts(xs) for row in turn.execute(wanted, {"xs": some}))
    return {row.x: InboxRow(*row) for row in rows}


def hand_over(turn: Connection, xs: Sequence[str], name: str) -> None:
    """End the waiting of files by what an authority or a deadline said; name: of its token."""
    if xs:
        turn.execute(_HAND_OVER, [{"b_x": x, "b_token": name} for x in xs])


def _values(row: ExchangeRow | InboxRow | ReceiptRow) -> dict[str, object]:
    return {one: getattr(row, one) for one in row.__slots__ if one != "n"}


def _exchange_row(row: ExchangeRow) -> ExchangeRow:
    header, seal = sealed_header(bytes(row.header), row.seal)
    return replace(row, header=header, seal=seal)


def _sealed_values(row: SealedRow) -> dict[str, object]:
    binding = row.binding
    return {
        "x": binding.exchange_id,
        "kind": row.kind,
        "corridor": binding.corridor,
        "erase_by": binding.erase_by.isoformat(),
        "hdr": binding.header_sha256,
        "wrapped": row.octets.wrapped_key,
        "octets": row.octets.octets,
    }


def _sealed_row(row: Any) -> SealedRow:
    binding = Binding(row.corridor, date.fromisoformat(row.erase_by), row.hdr, row.x)
    return SealedRow(row.kind, binding, SealedBytes(bytes(row.wrapped), bytes(row.octets)))


def _parts(xs: Sequence[str]) -> Iterator[Sequence[str]]:
    for at in range(0, len(xs), MOST_NAMED):
        yield xs[at : at + MOST_NAMED]


def count_by_state(turn: Connection) -> list[tuple[str, int]]:
    """Count exchanges by their last event."""
    wanted = select(EXCHANGE.c.state, func.count()).group_by(EXCHANGE.c.state)
    return [(str(state), int(count)) for state, count in turn.execute(wanted)]
