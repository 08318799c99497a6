"""No query of a page or a step reads a whole table that grows: each plan uses an index."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event

from gateway.store import (
    alarm_rows,
    due_rows,
    exchange_rows,
    log_rows,
    outbox_rows,
    submission_rows,
)
from gateway.store.connection import Store, Turn
from gateway.store.ministry_tables import METADATA
from gateway.store.scope import WHOLE, Own

TABLES = "|".join(METADATA.tables)
DUE = outbox_rows.Due("UZ", "message", now=5, lease=1, limit=128)
OWN = Own("kz.labour-ministry", None)
OF_TYPES = Own("kz.labour-ministry", frozenset({"EmploymentContract", "JobOrder"}))

QUERIES: dict[str, Callable[[Turn], object]] = {
    "exchange": lambda turn: exchange_rows.exchange(turn, "x", WHOLE),
    "exchange of an authority": lambda turn: exchange_rows.exchange(turn, "x", OWN),
    "exchange of types": lambda turn: exchange_rows.exchange(turn, "x", OF_TYPES),
    "page": lambda turn: exchange_rows.exchanges(turn, {}, 500, 26),
    **{
        f"page by {one}": lambda turn, one=one: exchange_rows.exchanges(turn, {one: "a"}, 500, 26)
        for one in ("partner", "record_type", "state", "role")
    },
    "page by all": lambda turn: exchange_rows.exchanges(
        turn, {"partner": "a", "record_type": "b", "state": "c", "role": "d"}, 500, 26
    ),
    "count by state": exchange_rows.count_by_state,
    "quota of a direction": lambda turn: exchange_rows.count_between(
        turn, {"role": "a", "partner": "b", "record_type": "c"}, "d", "e"
    ),
    "quota of an authority": lambda turn: exchange_rows.count_between(
        turn, {"role": "a", "partner": "b", "record_type": "c", "sender": "f"}, "d", "e"
    ),
    "receipts": lambda turn: exchange_rows.receipts(turn, "x", WHOLE),
    "receipts of an authority": lambda turn: exchange_rows.receipts(turn, "x", OWN),
    "receipts of types": lambda turn: exchange_rows.receipts(turn, "x", OF_TYPES),
    "sealed of an authority": lambda turn: exchange_rows.sealed(turn, "x", "out", OWN),
    "inbox": lambda turn: exchange_rows.inbox(turn, OWN, 3, 50),
    "inbox of types": lambda turn: exchange_rows.inbox(turn, OF_TYPES, 3, 50),
    "inbox row of types": lambda turn: exchange_rows.inbox_row(turn, "x", OF_TYPES),
    "claim": lambda turn: outbox_rows.claim(turn, DUE, budget=8),
    "attempts": lambda turn: outbox_rows.attempts(turn, "x"),
    "waiting": lambda turn: outbox_rows.still_there(turn, [1, 2]),
    "finish": lambda turn: outbox_rows.finish(turn, "message", ["x"]),
    "nonce": lambda turn: submission_rows.forget_nonces(turn, 1),
    "submission": lambda turn: submission_rows.submission(turn, "s", OWN),
    "submission by key": lambda turn: submission_rows.submission_by_key(turn, "s", "k"),
    "refused": lambda turn: submission_rows.refused(turn, "s", 26),
    "known record": lambda turn: submission_rows.known_record(turn, b"k"),
    "due": lambda turn: due_rows.passed(turn, "2026", None, 100),
    "alarm": lambda turn: alarm_rows.alarm(turn, "c", "x", "s"),
    "alarms": lambda turn: alarm_rows.alarms(turn, 5),
    "next index": lambda turn: log_rows.next_index(turn, "log"),
    "places": lambda turn: log_rows.places(turn, ["log", "KZ>UZ"]),
    "leaves": lambda turn: log_rows.leaves(turn, "log", 0, 256),
}


class Noting:
    """A driver's cursor that notes what is sent to the database."""

    def __init__(self, cursor: Any) -> None:
        self.cursor, self.sent = cursor, list[tuple[str, Any]]()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.cursor, name)

    def execute(self, statement: str, parameters: Any) -> Any:
        self.sent.append((statement, parameters))
        return self.cursor.execute(statement, parameters)


@contextmanager
def statements(turn: Turn) -> Iterator[tuple[Turn, list[tuple[str, Any]]]]:
    """Give the turn with what it sends to the database, prepared or composed at the call."""
    noting = Noting(turn.cursor)

    def note(*call: Any) -> None:
        noting.sent.append((call[2], call[3]))

    event.listen(turn.core, "before_cursor_execute", note)
    yield replace(turn, cursor=noting), noting.sent
    event.remove(turn.core, "before_cursor_execute", note)


def plan(turn: Turn, statement: str, parameters: Any) -> str:
    """Give the plan of a statement, a line a step."""
    if turn.dialect == "sqlite":
        found = turn.cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
        return "\n".join(str(row[3]) for row in found)
    turn.cursor.execute("SET LOCAL enable_seqscan = off")
    if "$1" in statement:
        found = turn.cursor.execute(f"EXPLAIN {statement}", parameters)
    else:
        found = turn.core.exec_driver_sql(f"EXPLAIN {statement}", parameters)
    return "\n".join(str(row[0]) for row in found)


def whole_tables(text: str) -> list[str]:
    """Give the steps of a plan that go through one of our tables without an index, or sort it."""
    whole = re.compile(
        rf"Seq Scan on ({TABLES})|^SCAN ({TABLES})(?!.*INDEX)|TEMP B-TREE", re.MULTILINE
    )
    return [line for line in text.splitlines() if whole.search(line)]


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_uses_an_index(store: Store, name: str) -> None:
    with store.write() as turn:
        with statements(turn) as (noted, sent):
            QUERIES[name](noted)
        plans = [plan(turn, *one) for one in sent if not one[0].startswith("INSERT")]
    assert plans
    assert [whole_tables(one) for one in plans] == [[] for _ in plans]


@pytest.mark.parametrize("column", ["partner", "record_type", "state"])
def test_a_page_of_few_among_many_is_found_by_its_own_index(store: Store, column: str) -> None:
    with store.write() as turn:
        with statements(turn) as (noted, sent):
            exchange_rows.exchanges(noted, {column: "a"}, 500, 26)
        assert f"ix_exchange_{column}" in plan(turn, *sent[0])
