"""Seals and receipts come back as they were signed, however they stand in their columns."""

import pytest
from sqlalchemy import insert, select, text

from gateway.config.config import ServerDatabase
from gateway.store import exchange_rows, log_rows
from gateway.store.connection import Store, open_store
from gateway.store.exchange_rows import ExchangeRow, ReceiptRow
from gateway.store.packing import PACKED_FROM
from gateway.store.scope import WHOLE
from gateway.store.tables import ENTRY, EXCHANGE, RECEIPT
from tests.support.evidence import exchange
from tests.support.stores import Place

X = "x"
PARTS = exchange().parts()
TOKEN = PARTS.receipts[0][1]
ROW = ExchangeRow(
    x=X,
    role="origin",
    partner="UZ",
    sender="kz.labour-ministry",
    recipient="uz.migration-agency",
    record_type="JobOrder",
    state="A.1",
    created="2026-11-28T12:00:00.000Z",
    erase_by="2031-11-28",
    header=PARTS.header,
    seal=PARTS.seal,
)


def test_a_header_stands_in_its_seal_only(store: Store) -> None:
    with store.write() as turn:
        exchange_rows.put_exchange(turn, ROW)
    with store.read() as turn:
        stored = turn.execute(select(EXCHANGE.c.header, EXCHANGE.c.seal)).one()
        found = exchange_rows.exchange(turn, X, WHOLE)
    assert (len(stored.header) < len(ROW.header), stored.seal) == (True, "")
    assert found is not None
    assert (found.header, found.seal) == (ROW.header, ROW.seal)


def test_a_header_that_its_seal_does_not_hold_stands_beside_it(store: Store) -> None:
    other = ROW._replace(header=b'{"other":1}')
    with store.write() as turn:
        exchange_rows.put_exchange(turn, other)
        found = exchange_rows.exchange(turn, X, WHOLE)
    assert found is not None
    assert (found.header, found.seal) == (other.header, other.seal)


def test_a_receipt_comes_back(store: Store) -> None:
    with store.write() as turn:
        exchange_rows.put_receipts(turn, [ReceiptRow(X, "A.1", TOKEN)])
        assert turn.execute(select(RECEIPT.c.token)).scalar_one() == ""
        assert exchange_rows.receipts(turn, X, WHOLE) == [("A.1", TOKEN)]


def test_receipts_that_are_not_wanted_are_left_out(store: Store) -> None:
    with store.write() as turn:
        exchange_rows.put_exchange(turn, ROW)
        exchange_rows.put_receipts(turn, [ReceiptRow(X, one, TOKEN) for one in ("A.1", "B.1 D.1")])
        found = exchange_rows.receipts_named(turn, [X, "y"], WHOLE, {"A.1"}.__contains__)
        roles = exchange_rows.roles_of(turn, [X, "y"])
    assert (found, roles) == ({X: [("A.1", TOKEN)], "y": []}, {X: "origin"})


def test_rows_of_before_are_read_as_they_stand(store: Store) -> None:
    entry = b'{"v":1}'
    columns = {name: one for name, one in ROW._asdict().items() if name != "n"}
    with store.write() as turn:
        turn.execute(insert(EXCHANGE).values(columns))
        turn.execute(insert(RECEIPT).values(x=X, codes="A.1", token=TOKEN))
        turn.execute(insert(ENTRY).values(log="l", i=0, octets=entry, leaf=bytes(32)))
        found = exchange_rows.exchange(turn, X, WHOLE)
        assert found is not None
        assert (found.header, found.seal) == (ROW.header, ROW.seal)
        assert exchange_rows.receipts(turn, X, WHOLE) == [("A.1", TOKEN)]
        assert log_rows.entries(turn, "l", 0, 1) == [entry]


def test_on_a_server_nothing_is_packed_before_the_step_after_the_deploy(place: Place) -> None:
    if not isinstance(place, ServerDatabase):
        pytest.skip("a file has the nodes of one release")
    assert open_store(place).packs
    with open_store(place).write() as turn:
        before = f"{int(PACKED_FROM) - 1:04}"
        turn.execute(text("UPDATE alembic_version SET version_num = :before"), {"before": before})
    store = open_store(place)
    with store.write() as turn:
        exchange_rows.put_receipts(turn, [ReceiptRow(X, "A.1", TOKEN)])
        stored = turn.execute(select(RECEIPT.c.token)).scalar_one()
    assert (store.packs, stored) == (False, TOKEN)
