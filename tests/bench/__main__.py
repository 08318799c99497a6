"""`make bench`: the whole ladder over two gateways, beside peers and the bound, in one run.

The last line is JSON (DESIGN section 8). Both gateways, the load and the peers share two cores.
With `--database postgresql` two more gateways stand on a PostgreSQL of their own on the same disk;
their slices alternate with those of the SQLite ones.
"""

import argparse
import json
import os
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

from gateway.client import client
from gateway.client.client import AnsweredError
from gateway.delivery.link import Link
from gateway.wiring import now
from tests.bench.counted import counted
from tests.bench.goals import told_goals
from tests.bench.load import Numbers
from tests.bench.machine import Stored, cpu_seconds, family, fdatasync_ms
from tests.bench.parts import bound, measure
from tests.bench.peers import pyas2_per_s, signxml_times
from tests.bench.questions import question_ms
from tests.bench.start import cold_start
from tests.support.cluster import started, stop
from tests.support.gateways import Ground, ground, until
from tests.support.stores import POSTGRESQL, SQLITE

ROUNDS = int(os.environ.get("LMX_BENCH_ROUNDS", "5"))
# Records a slice by records a submission, and how many submit at once.
RECORDS = {1: 200, 20: 1000, 50: 1000}
AT_ONCE = {1: 4, 20: 2, 50: 2}
PROBES = 60
LOAD_SHARE = 0.25
# How long the ministry waits, in seconds, when nothing was there.
ASKS_EVERY = 0.05
TO = {"to": "kz.labour-ministry", "purpose": "contract-registration"}


class Bench:
    """Two gateways under load: the origin's submitters, the ministry that takes and confirms."""

    def __init__(self, made: Ground) -> None:
        for state in ("TJ", "KZ"):
            made.start(state)
        made.ready("tj.migration-service")
        self.profile, self.kz = made.ready("kz.labour-ministry")
        self.links = [made.actor("tj.migration-service")[1] for _ in range(max(AT_ONCE.values()))]
        self.numbers = Numbers()
        self.made = made
        self.origin, self.destination = (Stored(made.settings[one]) for one in ("TJ", "KZ"))

    def pids(self) -> list[int]:
        """Give the processes of both gateways: ports are split off after the API answers."""
        return [one for state in self.made.running.values() for one in family(state.pid)]

    def submit(self, link: Link, file: bytes, records: int) -> None:
        """Submit one file; each of its records must be taken."""
        answer = client.submit(link, file, **TO)
        if len(answer["records"]) != records or any("refused" in one for one in answer["records"]):
            raise RuntimeError("a record of the load was refused")

    def slice(self, records: int) -> tuple[float, float]:
        """Give records/s to the last E.1, and both gateways' processor time a record in us."""
        files = [self.numbers.file(records) for _ in range(RECORDS[records] // records)]
        before, count = self.origin.ended(), records * len(files)
        pids = self.pids()
        cpu, begun = cpu_seconds(pids), time.perf_counter()
        links = self.links[: AT_ONCE[records]]
        with ThreadPoolExecutor(len(links)) as pool:
            lots = [files[at :: len(links)] for at in range(len(links))]
            list(pool.map(lambda lot: [self.submit(lot[1], f, records) for f in lot[0]],
                          zip(lots, links, strict=True)))  # fmt: skip
        until(lambda: self.origin.ended() >= before + count, "the last E.1", every=0.01)
        took = time.perf_counter() - begun
        return count / took, (cpu_seconds(pids) - cpu) / count * 1e6

    def latencies(self, rate: float) -> dict[str, float]:
        """Give submit to B.1 at the origin, in ms, while `rate` records/s go through beside."""
        stop, found = threading.Event(), []
        beside = threading.Thread(target=self._steadily, args=(rate, stop))
        beside.start()
        try:
            for _ in range(PROBES):
                begun = time.perf_counter()
                told = client.submit(self.links[0], self.numbers.file(1), **TO)
                self._until_b1(told["records"][0]["exchangeId"])
                found.append((time.perf_counter() - begun) * 1000)
        finally:
            stop.set()
            beside.join()
        return cuts(found)

    def _until_b1(self, x: str) -> None:
        # Looked up in the store: asking the API so often would be a load of its own.
        until(lambda: self.origin.state(x) != "A.1", "the B.1", every=0.001)

    def _steadily(self, rate: float, stop: threading.Event) -> None:
        records, pause = 10, 10 / rate
        due = time.perf_counter()
        while not stop.wait(max(0.0, due - time.perf_counter())):
            self.submit(self.links[1], self.numbers.file(records), records)
            due += pause

    def hand_over(self, stop: threading.Event) -> None:
        """Take and confirm what arrives, until stopped."""
        while not stop.is_set():
            try:
                taken = client.take(self.kz, limit=200)
                if taken:
                    client.confirm(self.kz, self.profile.key, taken, at=now())
                    continue
            except AnsweredError as error:
                print(f"handover: {error}")
            # Each look is a signed request: a hundred a second would be a load of their own.
            stop.wait(ASKS_EVERY)


def grown(bench: Bench, octets: int, exchanges: int) -> int:
    """Give the bytes a record by which the origin's store has grown since it had so much."""
    origin = bench.origin
    return round((origin.octets() - octets) / (origin.exchanges() - exchanges))


def cuts(found: list[float]) -> dict[str, float]:
    """Give p50, p95 and p99."""
    hundredths = statistics.quantiles(found, n=100)
    return {f"p{at}": round(hundredths[at - 1], 1) for at in (50, 95, 99)}


class Beside:
    """The same load over gateways on PostgreSQL, a slice after each of SQLite's."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.rates: dict[int, list[float]] = {one: [] for one in RECORDS}
        self.costs: dict[int, list[float]] = {one: [] for one in RECORDS}
        self.before = bench.origin.octets(), bench.origin.exchanges()

    def slice(self, records: int) -> None:
        """Go through one slice."""
        rate, cost = self.bench.slice(records)
        self.rates[records].append(rate)
        self.costs[records].append(cost)

    def told(self, sqlite: dict[int, list[float]]) -> dict[str, object]:
        """Give rates, and their share of SQLite's slice just before each."""
        share = {
            str(one): round(
                statistics.median(a / b for a, b in zip(rates, sqlite[one], strict=True)), 2
            )
            for one, rates in self.rates.items()
        }
        return {
            "records_per_s": {
                str(one): round(statistics.median(rates), 1) for one, rates in self.rates.items()
            },
            "share_of_sqlite": share,
            # With indexes, and with what awaits a vacuum.
            "bytes_a_record": grown(self.bench, *self.before),
            # Without the server's own processes.
            "cpu_us_a_record": {
                str(one): round(statistics.median(costs)) for one, costs in self.costs.items()
            },
        }


def _rounds(bench: Bench, beside: Beside | None) -> dict[str, object]:
    bench.slice(20)
    if beside is not None:
        beside.bench.slice(20)
    rates: dict[int, list[float]] = {one: [] for one in RECORDS}
    costs: dict[int, list[float]] = {one: [] for one in RECORDS}
    peers, faster = [], []
    before = bench.origin.octets(), bench.origin.exchanges()
    for number in range(1, ROUNDS + 1):
        for records in RECORDS:
            rate, cost = bench.slice(records)
            rates[records].append(rate)
            costs[records].append(cost)
            if beside is not None:
                beside.slice(records)
        peers.append(pyas2_per_s())
        faster.append(signxml_times())
        told = ", ".join(
            f"{n}: {one[-1]:.0f}/s ({costs[n][-1]:.0f} us)" for n, one in rates.items()
        )
        print(f"round {number}: {told}, pyas2lib {peers[-1]:.0f}/s", flush=True)
        if beside is not None:
            told = ", ".join(f"{n}: {one[-1]:.0f}/s" for n, one in beside.rates.items())
            print(f"         PostgreSQL {told}", flush=True)
    octets = grown(bench, *before)
    until(lambda: bench.destination.ended() >= bench.origin.ended(), "the rows of the destination")
    middle = {one: statistics.median(found) for one, found in rates.items()}
    more = {} if beside is None else {"postgresql": beside.told(rates)}
    return {
        **more,
        "records_per_s": {str(one): round(rate, 1) for one, rate in middle.items()},
        "spread": {str(one): [round(min(r), 1), round(max(r), 1)] for one, r in rates.items()},
        "cpu_us_a_record": {str(one): round(statistics.median(c)) for one, c in costs.items()},
        "pyas2_per_s": round(statistics.median(peers), 1),
        "times_pyas2": {
            str(one): round(
                statistics.median(a / b for a, b in zip(rates[one], peers, strict=True)), 2
            )
            for one in middle
        },
        "signxml_times": round(statistics.median(faster), 2),
        "bytes_a_record": octets,
        "fdatasync_ms": fdatasync_ms(),
        "latency_ms": bench.latencies(middle[20] * LOAD_SHARE),
        "question_ms": question_ms(bench.links[0], bench.profile, bench.kz),
        "rounds": ROUNDS,
        "records_a_slice": {str(one): count for one, count in RECORDS.items()},
    }


def _bounds(found: dict[str, object], rates: dict[str, float]) -> None:
    parts = measure()
    counts = {one: counted(int(one)) for one in rates}
    bounds = {one: bound(parts, counts[one]) for one in rates}
    found["bound_per_s"] = {one: round(limit) for one, limit in bounds.items()}
    found["share_of_bound"] = {one: round(rate / bounds[one], 3) for one, rate in rates.items()}
    found["parts_us"] = parts
    found["parts_a_record"] = counts


@contextmanager
def _handing_over(made: Ground) -> Iterator[Bench]:
    bench, stop = Bench(made), threading.Event()
    taking = threading.Thread(target=bench.hand_over, args=(stop,))
    taking.start()
    try:
        yield bench
    finally:
        stop.set()
        taking.join()


@contextmanager
def _on_postgresql() -> Iterator[Beside]:
    disk = Path(tempfile.gettempdir())
    server = started(at=disk)
    try:
        with (
            tempfile.TemporaryDirectory(dir=disk, prefix="lmx-bench-") as folder,
            ground(Path(folder), databases=server.section) as made,
            _handing_over(made) as bench,
        ):
            yield Beside(bench)
    finally:
        stop(server)


def main() -> None:
    """Measure and print; the last line is JSON."""
    asked = argparse.ArgumentParser(prog="python -m tests.bench")
    asked.add_argument("--database", choices=[SQLITE, POSTGRESQL], default=SQLITE)
    with ExitStack() as opened:
        folder = opened.enter_context(
            tempfile.TemporaryDirectory(prefix=f"lmx-bench-{os.getpid()}-")
        )
        beside = None
        if asked.parse_args().database == POSTGRESQL:
            beside = opened.enter_context(_on_postgresql())
        made = opened.enter_context(ground(Path(folder), databases=str))
        starts = cold_start(made)
        found = _rounds(opened.enter_context(_handing_over(made)), beside)
        found["cold_start"] = starts
    rates = found["records_per_s"]
    assert isinstance(rates, dict)
    _bounds(found, rates)
    for line in told_goals(found):
        print(line)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
