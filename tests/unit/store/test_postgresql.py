"""A database is used only as durable as was promised, and turns of several nodes do not meet."""

import os
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url, select, text

from gateway.config.config import ServerDatabase
from gateway.store import exchange_rows
from gateway.store.day_keys import open_day_keys
from gateway.store.decision_rows import DecisionRow, put_decision
from gateway.store.exchange_rows import ExchangeRow, InboxRow, ReceiptRow
from gateway.store.postgresql import PostgresqlStore, open_postgresql
from gateway.store.scope import Own
from gateway.store.tables import DAY_KEY, EXCHANGE, INBOX, RECEIPT
from gateway.store.turns import StoreError, TakenError
from gateway.transparency.append import append
from tests.support.cluster import close_connections, cluster
from tests.support.evidence import AT
from tests.support.pooler import pooler

DAY = date(2026, 12, 24)


@pytest.fixture
def database() -> Iterator[ServerDatabase]:
    yield cluster().database()
    close_connections()


@pytest.mark.parametrize(
    ("setting", "value"),
    [("synchronous_commit", "off"), ("idle_in_transaction_session_timeout", "0")],
)
def test_a_database_that_may_lose_or_stop_all_is_refused(
    database: ServerDatabase, setting: str, value: str
) -> None:
    name = database.url.partition("@/")[2].partition("?")[0]
    cluster().run(f"ALTER DATABASE {name} SET {setting} = '{value}'")
    with pytest.raises(StoreError, match=setting):
        open_postgresql(database)


def test_an_address_that_nobody_answers_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be used"):
        open_postgresql(ServerDatabase(f"postgresql+psycopg://lmx@/lmx?host={tmp_path}"))


def test_a_password_that_others_can_read_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("secret\n")
    file.chmod(0o644)
    with pytest.raises(StoreError, match="chmod 600"):
        open_postgresql(ServerDatabase("postgresql+psycopg://lmx@/lmx", file))


def test_after_a_rewrite_no_file_of_the_database_holds_a_destroyed_key(
    database: ServerDatabase, tmp_path: Path
) -> None:
    master = tmp_path / "master.key"
    master.write_bytes(bytes(32))
    master.chmod(0o600)
    keys = open_day_keys(database, master, os.urandom, lambda: AT)
    keys.key("KZ-UZ", DAY)
    with keys.store.read() as turn:
        wrapped = bytes(turn.execute(select(DAY_KEY.c.wrapped)).scalar_one())
    assert _on_disk(database, wrapped)
    keys.destroy("KZ-UZ", DAY)
    name = make_url(database.url).database or ""
    cluster().run("VACUUM FULL day_key", name)
    assert not _on_disk(database, wrapped)


def _on_disk(database: ServerDatabase, octets: bytes) -> bool:
    files = cluster().files(make_url(database.url).database or "")
    return any(octets in one.read_bytes() for one in files)


def test_turns_of_different_logs_go_at_the_same_time(database: ServerDatabase) -> None:
    store = open_postgresql(database)
    with store.write("kz-uz") as turn, store.write("kz-tj") as other:
        append(turn, "kz-uz", b"a")
        append(other, "kz-tj", b"a")


def test_turns_that_name_the_same_logs_in_any_order_all_end(database: ServerDatabase) -> None:
    store: PostgresqlStore = open_postgresql(database)
    failed: list[BaseException] = []

    def work(names: list[str]) -> None:
        try:
            for _ in range(30):
                with store.write(*names) as turn:
                    for name in names:
                        append(turn, name, b"x")
        except BaseException as error:  # noqa: BLE001 told to the test
            failed.append(error)

    orders = [["a", "b", "c"], ["c", "b", "a"], ["b", "c"], ["c", "a"]]
    threads = [threading.Thread(target=work, args=(one,)) for one in orders]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert failed == []


def test_a_read_for_an_authority_sees_no_other_s_rows_whatever_it_asks(
    database: ServerDatabase,
) -> None:
    store = open_postgresql(database)
    sender, recipient, stranger = "kz.labour-ministry", "uz.migration-agency", "kz.national-bank"
    with store.write() as turn:
        row = ExchangeRow(
            "x", "origin", "UZ", sender, recipient, "JobOrder", "A.1", "", "", b"", ""
        )
        exchange_rows.put_exchange(turn, row)
        exchange_rows.put_receipts(turn, [ReceiptRow("x", "A.1", "token")])
        file = InboxRow("x", recipient, "l", "1", "t", "e", "[]", "", "")
        exchange_rows.put_inbox(turn, [file])
    seen = {}
    for name in (sender, recipient, stranger):
        with store.read(Own(name, None)) as turn:
            asked = (EXCHANGE, RECEIPT, INBOX)
            seen[name] = [len(turn.execute(select(one)).all()) for one in asked]
    assert seen == {sender: [1, 1, 0], recipient: [1, 1, 1], stranger: [0, 0, 0]}
    # The connection went back to the pool, and the gateway's own step sees each row again.
    with store.read() as turn:
        assert len(turn.execute(select(EXCHANGE)).all()) == 1


def test_a_role_above_row_level_security_is_refused(database: ServerDatabase) -> None:
    with pytest.raises(StoreError, match="an ordinary one"):
        open_postgresql(ServerDatabase(database.url.replace("//lmx@", "//postgres@")))


def _end_sessions(database: ServerDatabase) -> None:
    name = make_url(database.url).database
    ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = "
    cluster().run(f"{ended}'{name}'")


def test_a_turn_after_a_fail_over_finds_another_connection(database: ServerDatabase) -> None:
    store = open_postgresql(database)
    with store.read(), store.read():
        pass
    _end_sessions(database)
    with store.write("log") as turn:
        append(turn, "log", b"a")
    with store.read() as turn:
        assert len(turn.execute(select(EXCHANGE)).all()) == 0


def test_a_turn_that_a_fail_over_cuts_stores_nothing_and_the_next_one_goes_on(
    database: ServerDatabase,
) -> None:
    store = open_postgresql(database)

    def cut() -> None:
        with store.write("log") as turn:
            append(turn, "log", b"a")
            _end_sessions(database)

    with pytest.raises(psycopg.DatabaseError):
        cut()
    with store.write("log") as turn:
        assert append(turn, "log", b"b")[0] == 0


def test_statements_are_prepared_in_a_session_of_our_own_only(database: ServerDatabase) -> None:
    def prepared(place: ServerDatabase) -> int:
        store = open_postgresql(place)
        for _ in range(5):
            with store.write("log") as turn:
                append(turn, "log", b"a")
        with store.read() as turn:
            wanted = text("SELECT count(*) FROM pg_prepared_statements")
            return int(turn.execute(wanted).scalar_one())

    assert prepared(database) > 0
    folder = str(cluster().folder)
    with pooler(cluster()) as through:
        assert prepared(ServerDatabase(database.url.replace(folder, str(through)))) == 0


def test_a_turn_that_hides_a_failed_statement_is_not_taken_for_stored(
    database: ServerDatabase,
) -> None:
    store = open_postgresql(database)

    def hide() -> None:
        with store.write() as turn:
            for _ in range(2):
                with suppress(TakenError):
                    put_decision(turn, DecisionRow("x", "C.3", "token"))

    with pytest.raises(StoreError, match="not stored"):
        hide()


def test_the_name_of_an_authority_is_no_command(database: ServerDatabase) -> None:
    store = open_postgresql(database)
    name = "kz.x'; SET LOCAL lmx.authority = 'kz.y"
    with store.read(Own(name, None)) as turn:
        wanted = text("SELECT current_setting('lmx.authority')")
        assert turn.execute(wanted).scalar_one() == name
    with store.read() as turn:
        assert not turn.execute(text("SELECT current_setting('lmx.authority', true)")).scalar_one()
