"""Several nodes on one PostgreSQL share the load, and what one leaves behind another finishes."""

import json
import os
import re
import signal
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import select

from gateway.client import client
from gateway.config.config import load_config
from gateway.delivery.link import Link, UnreachableError, submitter_link
from gateway.store.connection import open_store
from gateway.store.packing import unpack
from gateway.store.tables import ENTRY
from gateway.wiring import now
from tests.bench.machine import family
from tests.support.cluster import cluster
from tests.support.gateways import Ground, answers, codes, free_ports, ground, until
from tests.support.hostile import contract
from tests.support.pooler import pooler

TO = {"to": "uz.migration-agency", "purpose": "contract-registration"}
COUNT = 40


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Ground]:
    with ground(tmp_path, databases=cluster().section) as found:
        yield found


def _second_node(made: Ground, state: str) -> Link:
    """A node with the same stores, keys and trust, on ports and a data folder of its own."""
    own = free_ports(4)
    text = made.settings[state].read_text("utf-8").replace('data = "data"', 'data = "data-2"')
    ports = iter(range(own, own + 4))
    text = re.sub(r"(?m)^port = \d+$", lambda _: f"port = {next(ports)}", text)
    file = made.settings[state].with_name("second.toml")
    file.write_text(text, "utf-8")
    made.settings["second"] = file
    made.start("second")
    profile, _ = made.actor("kz.labour-ministry")
    link = submitter_link(f"http://127.0.0.1:{own}", profile.key, now, os.urandom)
    until(lambda: answers(link), "the second node")
    return link


def _kill(made: Ground, name: str) -> None:
    """End every process of a node at once."""
    for process in family(made.running[name].pid):
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    made.ended(name)


def _entries(made: Ground, state: str) -> list[dict[str, object]]:
    store = open_store(load_config(made.settings[state]).database)
    with store.read() as turn:
        return [json.loads(unpack(one)) for one in turn.execute(select(ENTRY.c.octets)).scalars()]


def test_two_nodes_share_the_load_and_killing_one_loses_nothing(made: Ground) -> None:
    for state in ("KZ", "UZ"):
        made.start(state)
    _, first = made.ready("kz.labour-ministry")
    made.ready("uz.migration-agency")
    second = _second_node(made, "KZ")
    took: Counter[str] = Counter()

    def submit(number: int) -> str:
        if number == COUNT // 2:
            _kill(made, "second")
        nodes = {"first": first, "second": second}
        key = f"number-{number:04}"
        order = ["first", "second"] if number % 2 else ["second", "first"]
        for name in order:
            try:
                told = client.submit(nodes[name], contract(number), **TO, idempotency=key)
            except UnreachableError:
                # A killed node may have stored it: the other answers the same key with the same.
                continue
            took[name] += 1
            return str(told["records"][0]["exchangeId"])
        raise AssertionError(number)

    with ThreadPoolExecutor(4) as clients:
        sent = list(clients.map(submit, range(COUNT)))
    assert len(set(sent)) == COUNT
    assert min(took["first"], took["second"]) > 0

    # What the killed worker had taken comes back when its lease ends.
    for x in sent:
        until(lambda x=x: "B.1" in codes(first, x), "the relay receipts", patience=90)
    _, uz = made.actor("uz.migration-agency")
    assert sorted(one["exchangeId"] for one in client.inbox(uz, limit=200)) == sorted(sent)
    logged = [one for one in _entries(made, "KZ") if one.get("dir") == "KZ>UZ"]
    assert sorted(one["seq"] for one in logged if one["t"] == "A.1") == list(range(1, COUNT + 1))
    assert Counter(one["t"] for one in logged) == {"A.1": COUNT, "B.1": COUNT, "D.1": COUNT}


def test_a_pooler_in_transaction_mode_may_stand_between(tmp_path: Path) -> None:
    server = cluster()
    with (
        pooler(server) as through,
        ground(tmp_path, databases=lambda: server.section(through)) as made,
    ):
        for state in ("KZ", "UZ"):
            made.start(state)
        _, kz = made.ready("kz.labour-ministry")
        profile, uz = made.ready("uz.migration-agency")
        with ThreadPoolExecutor(4) as clients:
            told = list(clients.map(lambda one: client.submit(kz, contract(one), **TO), range(8)))
        sent = [one["records"][0]["exchangeId"] for one in told]
        until(lambda: len(client.inbox(uz)) == len(sent), "the messages")
        client.confirm(uz, profile.key, client.take(uz), at=now())
        for x in sent:
            until(lambda x=x: codes(kz, x) == ["A.1", "B.1", "D.1", "E.1"], "the whole ladder")
