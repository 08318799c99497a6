"""Exchanges, their sealed bytes, receipts, and what waits to be fetched."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, bindparam, func, select, update

from gateway.store.packed import seal_columns, sealed_header, stored_token, token_columns
from gateway.store.prepared import Statement, columns, insert, members, one_of, values
from gateway.store.scope import Own, Scope
from gateway.store.scoped import Scoped, of_exchange, of_inbox, of_part
from gateway.store.sealed import Binding, SealedBytes
from gateway.store.tables import EXCHANGE, INBOX, RECEIPT, SEALED
from gateway.store.turns import Turn


class ExchangeRow(NamedTuple):
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


class InboxRow(NamedTuple):
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


class SealedRow(NamedTuple):
    """Encrypted bytes of an exchange: kind `transfer`, `local`, `out`, `request`, `native`, …"""

    kind: str
    binding: Binding
    octets: SealedBytes


class ReceiptRow(NamedTuple):
    """A signed receipt of an exchange; codes: those of its events, with spaces between."""

    x: str
    codes: str
    token: str


_XS = one_of(EXCHANGE.c.x, "xs")
_NEW_EXCHANGE = insert(EXCHANGE, members(ExchangeRow))
_EXCHANGES = select(*columns(EXCHANGE, ExchangeRow))
_NAMED = Scoped(lambda reach: _EXCHANGES.where(_XS, of_exchange(reach)))
_PARTNERS = Statement(select(EXCHANGE.c.partner).distinct().where(_XS))
_ROLES = Statement(select(EXCHANGE.c.x, EXCHANGE.c.role).where(_XS))
_STATES = Statement(select(EXCHANGE.c.state).where(_XS))
_BY_STATE = Statement(select(EXCHANGE.c.state, func.count()).group_by(EXCHANGE.c.state))
_ADVANCE = Statement(update(EXCHANGE).where(_XS).values(state=bindparam("b_state")))
_SEALED = ("x", "kind", "corridor", "erase_by", "hdr", "wrapped", "octets")
_NEW_SEALED = insert(SEALED, _SEALED)
_SEALED_NAMED = Scoped(
    lambda reach: select(*(SEALED.c[one] for one in _SEALED)).where(
        one_of(SEALED.c.x, "xs"), one_of(SEALED.c.kind, "kinds"), of_part(SEALED, reach)
    )
)
_RECEIPT = (RECEIPT.c.n, RECEIPT.c.x, RECEIPT.c.codes, RECEIPT.c.token, RECEIPT.c.octets)
_NEW_RECEIPT = insert(RECEIPT, ("x", "codes", "token", "octets"))
_RECEIPTS = Scoped(
    lambda reach: select(*_RECEIPT).where(one_of(RECEIPT.c.x, "xs"), of_part(RECEIPT, reach))
)
_INBOX = select(*columns(INBOX, InboxRow))
_NEW_INBOX = insert(INBOX, members(InboxRow))
_FILES = Scoped(lambda reach: _INBOX.where(one_of(INBOX.c.x, "xs"), of_inbox(reach)))
_WAITING = Scoped(
    lambda reach: (
        _INBOX.where(of_inbox(reach), INBOX.c.n > bindparam("after"), INBOX.c.handover == "")
        .order_by(INBOX.c.n)
        .limit(bindparam("limit"))
    )
)
_NEWEST = Statement(select(func.max(INBOX.c.n)))
_HAND_OVER = Statement(
    update(INBOX).where(one_of(INBOX.c.x, "xs")).values(handover=bindparam("b_token"))
)


def put_exchange(turn: Turn, row: ExchangeRow) -> None:
    """Store a new exchange; TakenError when its id is taken."""
    put_exchanges(turn, [row])


def put_exchanges(turn: Turn, rows: Sequence[ExchangeRow]) -> None:
    """Store new exchanges; TakenError when the id of one is taken."""
    _NEW_EXCHANGE.run_all(
        turn, [{**values(one), **seal_columns(turn, one.header, one.seal)} for one in rows]
    )


def exchange(turn: Turn, x: str, scope: Scope) -> ExchangeRow | None:
    """Give an exchange by its id."""
    return exchanges_named(turn, [x], scope).get(x)


def exchanges_named(turn: Turn, xs: Sequence[str], scope: Scope) -> dict[str, ExchangeRow]:
    """Give exchanges by their ids; those that are not there, or not seen, are left out."""
    rows = map(_exchange_row, _NAMED.rows(turn, scope, {"xs": xs}))
    return {one.x: one for one in rows}


def exchanges(turn: Turn, where: Mapping[str, str], before: int, limit: int) -> list[ExchangeRow]:
    """Give exchanges, newest first, equal in the given columns; before: cursor, 0 from the top."""
    wanted = _EXCHANGES.where(*_equal(where))
    if before:
        wanted = wanted.where(EXCHANGE.c.n < before)
    return [
        _exchange_row(tuple(one))
        for one in turn.execute(wanted.order_by(EXCHANGE.c.n.desc()).limit(limit))
    ]


def partners(turn: Turn, xs: Sequence[str]) -> list[str]:
    """Give the partners of exchanges, each once."""
    return _PARTNERS.values(turn, {"xs": xs})


def count_between(turn: Turn, where: Mapping[str, str], begin: str, end: str) -> int:
    """Count exchanges created from one instant to before another, equal in the given columns."""
    return int(_counting(*where).value(turn, {**where, "begin": begin, "end": end}))


def count_by_state(turn: Turn) -> list[tuple[str, int]]:
    """Count exchanges by their last event."""
    return [(state, count) for state, count in _BY_STATE.rows(turn, {})]


def advance(turn: Turn, x: str, state: str) -> None:
    """Note the last event of an exchange."""
    advance_all(turn, {x: state})


def advance_all(turn: Turn, states: Mapping[str, str]) -> None:
    """Note the last event of each exchange, by id."""
    for state in dict.fromkeys(states.values()):
        xs = [x for x, one in states.items() if one == state]
        _ADVANCE.run(turn, {"xs": xs, "b_state": state})


def roles_of(turn: Turn, xs: Sequence[str]) -> dict[str, str]:
    """Give the role of each of these exchanges, by id."""
    return dict(_ROLES.rows(turn, {"xs": xs}))


def states_of(turn: Turn, xs: Sequence[str]) -> list[str]:
    """Give the last event of each of these exchanges, in no order."""
    return _STATES.values(turn, {"xs": xs})


def put_sealed(turn: Turn, kind: str, binding: Binding, octets: SealedBytes) -> None:
    """Store encrypted bytes of one kind."""
    put_sealed_rows(turn, [SealedRow(kind, binding, octets)])


def put_sealed_rows(turn: Turn, rows: Sequence[SealedRow]) -> None:
    """Store encrypted bytes."""
    _NEW_SEALED.run_all(turn, [_sealed_values(one) for one in rows])


def sealed(turn: Turn, x: str, kind: str, scope: Scope) -> tuple[Binding, SealedBytes] | None:
    """Give encrypted bytes of an exchange with what they are bound to."""
    found = sealed_named(turn, [x], [kind], scope).get((x, kind))
    return None if found is None else (found.binding, found.octets)


def sealed_named(
    turn: Turn, xs: Sequence[str], kinds: Sequence[str], scope: Scope
) -> dict[tuple[str, str], SealedRow]:
    """Give encrypted bytes of exchanges by id and kind."""
    rows = map(_sealed_row, _SEALED_NAMED.rows(turn, scope, {"xs": xs, "kinds": kinds}))
    return {(one.binding.exchange_id, one.kind): one for one in rows}


def put_receipts(turn: Turn, rows: Sequence[ReceiptRow]) -> None:
    """Store receipts; TakenError when one for the same events is there."""
    _NEW_RECEIPT.run_all(turn, [{**values(one), **token_columns(turn, one.token)} for one in rows])


def receipts(turn: Turn, x: str, scope: Scope) -> list[tuple[str, str]]:
    """Give (codes, token) of an exchange, in the order they were stored."""
    return receipts_named(turn, [x], scope)[x]


def receipts_named(
    turn: Turn, xs: Sequence[str], scope: Scope, wanted: Callable[[str], bool] = bool
) -> dict[str, list[tuple[str, str]]]:
    """Give (codes, token) of each exchange, in the order they were stored.

    wanted: judges codes; what it does not want is left out, and not unpacked either.
    """
    found: dict[str, list[tuple[str, str]]] = {x: [] for x in xs}
    for _, x, codes, token, octets in sorted(_RECEIPTS.rows(turn, scope, {"xs": xs})):
        if wanted(codes):
            found[x].append((codes, stored_token(token, octets)))
    return found


def put_inbox(turn: Turn, rows: Sequence[InboxRow]) -> None:
    """Place frozen files for their authorities."""
    _NEW_INBOX.run_all(turn, [values(one) for one in rows])


def inbox(turn: Turn, scope: Own, after: int, limit: int) -> list[InboxRow]:
    """Give files of an authority that were not handed over, oldest first, behind a cursor."""
    rows = _WAITING.rows(turn, scope, {"after": after, "limit": limit})
    return [InboxRow(*one) for one in rows]


def newest_in_inbox(turn: Turn) -> int:
    """Give the number of the newest file of all authorities, 0 before the first."""
    return int(_NEWEST.value(turn, {}) or 0)


def inbox_row(turn: Turn, x: str, scope: Scope) -> InboxRow | None:
    """Give one file, handed over or not."""
    return inbox_named(turn, [x], scope).get(x)


def inbox_named(turn: Turn, xs: Sequence[str], scope: Scope) -> dict[str, InboxRow]:
    """Give files by the ids of their exchanges, handed over or not."""
    rows = (InboxRow(*one) for one in _FILES.rows(turn, scope, {"xs": xs}))
    return {one.x: one for one in rows}


def hand_over(turn: Turn, xs: Sequence[str], name: str) -> None:
    """End the waiting of files by what an authority or a deadline said; name: of its token."""
    if xs:
        _HAND_OVER.run(turn, {"xs": xs, "b_token": name})


@cache
def _counting(*names: str) -> Statement:
    """Give the count for a quota's columns, of which there are two sets."""
    created = (EXCHANGE.c.created >= bindparam("begin"), EXCHANGE.c.created < bindparam("end"))
    equal = (EXCHANGE.c[one] == bindparam(one) for one in names)
    return Statement(select(func.count()).where(*created, *equal))


def _equal(where: Mapping[str, str]) -> list[ColumnElement[bool]]:
    return [EXCHANGE.c[name] == one for name, one in where.items()]


def _exchange_row(columns: tuple[Any, ...]) -> ExchangeRow:
    *before, header, seal, n = columns
    return ExchangeRow._make((*before, *sealed_header(header, seal), n))


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


def _sealed_row(columns: tuple[Any, ...]) -> SealedRow:
    x, kind, corridor, erase_by, hdr, wrapped, octets = columns
    binding = Binding(corridor, date.fromisoformat(erase_by), hdr, x)
    return SealedRow(kind, binding, SealedBytes(wrapped, octets))
