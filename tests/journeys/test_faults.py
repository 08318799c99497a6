"""Records that are doubled, reordered and lost between two gateways arrive once each, in order.

LMX_FAULT_RECORDS says how many; `make nightly` has 10,000.
"""

import json
import os
import subprocess
import sys
import threading
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import pytest
from sqlalchemy import select

from gateway.client import client
from gateway.client.client import AnsweredError
from gateway.config.config import load_config
from gateway.delivery.link import Link, UnreachableError
from gateway.exchange.circuit import LONGEST_WAIT
from gateway.exchange.office import Office
from gateway.proof.entry import read_entry
from gateway.proof.header import read_header
from gateway.store import exchange_rows, log_rows
from gateway.store.scope import WHOLE
from gateway.store.tables import INBOX
from gateway.wiring import ROOT, now, open_gateway
from tests.support.fault_proxy import DOUBLED, LOST, REORDERED
from tests.support.gateways import PATIENCE_SECONDS, SAMPLES, Ground, ground, until

RECORDS = int(os.environ.get("LMX_FAULT_RECORDS", "200"))
A_FILE = min(100, RECORDS // 4)
# Of each file, so many contracts are sent again in the next one: versions of one record.
AGAIN = A_FILE // 10
FILE = SAMPLES / "tj/samples/02-contracts-2026-q3.expected-utf8.csv"
TO = {"to": "kz.labour-ministry", "purpose": "contract-registration"}


@dataclass
class Passed:
    """What stands at both gateways after everything arrived; counts: what the proxies did."""

    origin: Office
    destination: Office
    sent: int
    counts: dict[str, dict[str, int]]


def _file(first: int) -> bytes:
    head, row = FILE.read_text("utf-8").splitlines()[:2]
    old = row.split(";")
    number = next(at for at, one in enumerate(old) if "/" in one or "-" in one)
    rows = [
        ";".join([*old[:number], f"{old[number]}-{one}", *old[number + 1 :]])
        for one in range(first, first + A_FILE)
    ]
    return ("\r\n".join([head, *rows]) + "\r\n").encode("utf-8")


def _submit(link: Link, first: int) -> int:
    """Submit a file until it is answered; gives how many exchanges it made."""

    def told() -> list[dict[str, object]]:
        try:
            records = client.submit(link, _file(first), idempotency=f"file {first}", **TO)[
                "records"
            ]
        except UnreachableError:
            return []
        return [one for one in records if "exchangeId" in one]

    return len(until(told, "an answer to a file"))


def _route_by_proxies(made: Ground) -> list[subprocess.Popen[bytes]]:
    """Have each of two gateways know the other by a proxy, and start both proxies."""
    running = []
    for number, (asking, hidden) in enumerate((("TJ", "KZ"), ("KZ", "TJ"))):
        file = made.settings[asking]
        known = load_config(file).partners[hidden]
        # Behind the four ports of the last state's block.
        port = max(int(url.rpartition(":")[2]) for url in load_config(file).partners.values())
        port += 10 + number
        text = file.read_text("utf-8")
        file.write_text(text.replace(known, f"https://127.0.0.1:{port}"), "utf-8")
        report = made.folder / f"{asking}.json"
        files = [str(file), str(made.settings[hidden]), str(report)]
        command = [sys.executable, "-m", "tests.support.fault_proxy", str(port), *files]
        running.append(subprocess.Popen(command, cwd=ROOT))
    return running


def _states(office: Office) -> dict[str, int]:
    with office.store.read() as turn:
        return dict(exchange_rows.count_by_state(turn))


def _more_than(office: Office, count: int) -> int:
    found = _states(office).get("E.1", 0)
    return found if found > count else 0


def _wait_for(office: Office, count: int) -> None:
    """Wait until so many are handed over; only standing still fails."""
    last, stood = 0, 0.0
    while last < count:
        try:
            last = until(partial(_more_than, office, last), f"more than {last} of {count}")
            stood = 0.0
        except AssertionError:
            # On a busy machine whole answers come too late, and an open circuit waits for minutes.
            stood += PATIENCE_SECONDS
            if stood > 2 * LONGEST_WAIT:
                raise


def _hand_over(made: Ground, stop: threading.Event) -> None:
    profile, link = made.actor("kz.labour-ministry")
    while not stop.wait(0.05):
        try:
            taken = client.take(link, limit=200)
            if taken:
                client.confirm(link, profile.key, taken, at=now())
        except (UnreachableError, AnsweredError):
            continue


@pytest.fixture(scope="module")
def passed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Passed]:
    stop = threading.Event()
    with ground(tmp_path_factory.mktemp("states")) as made:
        proxies = _route_by_proxies(made)
        handing = threading.Thread(target=_hand_over, args=(made, stop))
        try:
            for state in ("TJ", "KZ"):
                made.start(state)
            _, link = made.ready("tj.migration-service")
            made.ready("kz.labour-ministry")
            handing.start()
            sent = 0
            while sent < RECORDS:
                sent += _submit(link, 1 + sent // A_FILE * (A_FILE - AGAIN))
            origin = open_gateway(load_config(made.settings["TJ"])).office
            _wait_for(origin, sent)
            counts = {
                state: json.loads((made.folder / f"{state}.json").read_text("utf-8"))
                for state in ("TJ", "KZ")
            }
            destination = open_gateway(load_config(made.settings["KZ"])).office
            yield Passed(origin, destination, sent, counts)
        finally:
            stop.set()
            if handing.ident is not None:
                handing.join(PATIENCE_SECONDS)
            for one in proxies:
                one.terminate()
                one.wait(PATIENCE_SECONDS)


def test_each_arrives_once_and_ends_handed_over_on_both_sides(passed: Passed) -> None:
    assert passed.sent >= RECORDS
    assert _states(passed.origin) == {"E.1": passed.sent}
    assert _states(passed.destination) == {"E.1": passed.sent}
    with passed.destination.store.read() as turn:
        found = list(turn.execute(select(INBOX.c.x)).scalars())
    assert (len(found), len(set(found))) == (passed.sent, passed.sent)


def test_versions_of_one_record_arrive_in_their_order(passed: Passed) -> None:
    versions = defaultdict(list)
    with passed.destination.store.read() as turn:
        xs = list(turn.execute(select(INBOX.c.x).order_by(INBOX.c.n)).scalars())
        found = exchange_rows.exchanges_named(turn, xs, WHOLE)
        for x in xs:
            members = read_header(found[x].header).members
            versions[members["recordId"]].append(members["recordVersion"])
    assert max(map(len, versions.values())) > 1
    assert all(one == sorted(one) for one in versions.values())


def test_no_number_of_the_direction_is_left_out(passed: Passed) -> None:
    log = passed.origin.log("KZ")
    with passed.origin.store.read() as turn:
        entries = log_rows.entries(turn, log, 0, log_rows.size_of(turn, log))
    numbers = [read_entry(one).members.get("seq") for one in entries]
    assert [one for one in numbers if one is not None] == list(range(1, passed.sent + 1))


def test_the_proxies_did_what_they_are_for(passed: Passed) -> None:
    for counts in passed.counts.values():
        shares = {name: counts[name] / counts["items"] for name in ("lost", "doubled", "reordered")}
        # Drawn by chance: half of the share never fails to come with two hundred items.
        assert shares["lost"] > LOST / 2
        assert shares["doubled"] > DOUBLED / 2
        assert shares["reordered"] > REORDERED / 2
