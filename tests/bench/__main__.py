"""`make bench`: the whole ladder over two gateways, beside peers and the bound, in one run.

The last line is JSON (DESIGN section 8). Both gateways, the load and the peers share two cores.
"""

import json
import os
import statistics
import tempfile
import threading
import time
from pathlib import Path

from gateway.client import client
from gateway.client.client import AnsweredError
from gateway.client.profile import Profile
from gateway.delivery.link import Link
from gateway.wiring import now
from tests.bench.load import Numbers
from tests.bench.parts import bound, measure
from tests.bench.peers import pyas2_per_s, signxml_times
from tests.bench.questions import question_ms
from tests.support.gateways import Ground, ground, until

ROUNDS = 5
RECORDS = {1: 60, 20: 400, 50: 600}
PROBES = 40
TO = {"to": "kz.labour-ministry", "purpose": "contract-registration"}


def _handing_over(profile: Profile, link: Link, stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            taken = client.take(link, limit=200)
            if taken:
                client.confirm(link, profile.key, taken, at=now())
                continue
        except AnsweredError as error:
            print(f"handover: {error}")
        stop.wait(0.02)


def _ended(link: Link) -> int:
    text = link.get("/metrics").body.decode()
    marks = [one for one in text.splitlines() if one.startswith('lmx_exchanges{state="E.1"}')]
    return int(float(marks[0].split()[-1])) if marks else 0


def _rate(link: Link, numbers: Numbers, records: int) -> float:
    files = [numbers.file(records) for _ in range(RECORDS[records] // records)]
    before, begun = _ended(link), time.perf_counter()
    for one in files:
        answer = client.submit(link, one, **TO)
        if len(answer["records"]) != records or any("refused" in one for one in answer["records"]):
            raise RuntimeError("a record of the load was refused")
    wanted = before + records * len(files)
    until(lambda: _ended(link) >= wanted, "the last E.1")
    return records * len(files) / (time.perf_counter() - begun)


def _latencies(link: Link, numbers: Numbers) -> dict[str, float]:
    found = []
    for _ in range(PROBES):
        begun = time.perf_counter()
        x = client.submit(link, numbers.file(1), **TO)["records"][0]["exchangeId"]
        while client.status(link, x)["state"] == "A.1":
            pass
        found.append((time.perf_counter() - begun) * 1000)
    cuts = statistics.quantiles(found, n=100)
    return {name: round(cuts[at - 1], 1) for name, at in (("p50", 50), ("p95", 95), ("p99", 99))}


def _run(made: Ground) -> dict[str, object]:
    for state in ("TJ", "KZ"):
        made.start(state)
    _, tj = made.ready("tj.migration-service")
    profile, kz = made.ready("kz.labour-ministry")
    stop, numbers = threading.Event(), Numbers()
    taking = threading.Thread(target=_handing_over, args=(profile, kz, stop))
    taking.start()
    try:
        _rate(tj, numbers, 20)
        rates: dict[int, list[float]] = {one: [] for one in RECORDS}
        peers, faster = [], []
        for number in range(1, ROUNDS + 1):
            for records, found in rates.items():
                found.append(_rate(tj, numbers, records))
            peers.append(pyas2_per_s())
            faster.append(signxml_times())
            told = ", ".join(f"{n}: {found[-1]:.0f}/s" for n, found in rates.items())
            print(f"round {number}: {told}, pyas2lib {peers[-1]:.0f}/s", flush=True)
        latency = _latencies(tj, numbers)
        asked = question_ms(tj, profile, kz)
    finally:
        stop.set()
        taking.join()
    parts = measure()
    middle = {one: statistics.median(found) for one, found in rates.items()}
    return {
        "records_per_s": {str(one): round(rate, 1) for one, rate in middle.items()},
        "spread": {str(one): [round(min(r), 1), round(max(r), 1)] for one, r in rates.items()},
        "bound_per_s": {str(one): round(bound(parts, one)) for one in middle},
        "share_of_bound": {
            str(one): round(rate / bound(parts, one), 3) for one, rate in middle.items()
        },
        "pyas2_per_s": round(statistics.median(peers), 1),
        "times_pyas2": {
            str(one): round(
                statistics.median(a / b for a, b in zip(rates[one], peers, strict=True)), 2
            )
            for one in middle
        },
        "signxml_times": round(statistics.median(faster), 2),
        "latency_ms": latency,
        "question_ms": asked,
        "parts_us": parts,
        "rounds": ROUNDS,
        "records_a_slice": {str(one): count for one, count in RECORDS.items()},
    }


def main() -> None:
    """Measure and print; the last line is JSON."""
    with (
        tempfile.TemporaryDirectory(prefix=f"lmx-bench-{os.getpid()}-") as folder,
        ground(Path(folder)) as made,
    ):
        found = _run(made)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
