"""`python -m tests.bench.slow`: what others notice of 200 clients that send their bodies slowly.

The last line is JSON: milliseconds that a status request takes beside them and without them.
"""

import json
import socket
import statistics
import tempfile
import threading
import time
from pathlib import Path

from gateway.client import client
from gateway.delivery.link import Link
from tests.support.gateways import SAMPLES, Ground, ground

SLOW = 200
ASKED = 400
# Issue 6: others' p99 stays below this.
GOAL_MS = 1000.0
FILE = SAMPLES / "kz/samples/01-esutd-contract-shep-sync.xml"
TO = {"to": "uz.migration-agency", "purpose": "contract-registration"}
_HEAD = (
    b"POST /v1/submissions?to=uz.migration-agency HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n"
    b"Content-Type: text/csv\r\nContent-Length: 200000\r\n\r\n"
)


def _drip(port: int, full: threading.Event, stop: threading.Event) -> None:
    """Keep connections open that send a byte now and then; a new one for each that is closed."""
    held: list[socket.socket] = []
    while not stop.is_set():
        while len(held) < SLOW:
            one = socket.create_connection(("127.0.0.1", port), timeout=5)
            one.sendall(_HEAD % port)
            held.append(one)
        full.set()
        for one in list(held):
            try:
                one.sendall(b"x")
            except OSError:
                one.close()
                held.remove(one)
        stop.wait(0.5)
    for one in held:
        one.close()


def _asked(link: Link, x: str) -> dict[str, float]:
    found = []
    for _ in range(ASKED):
        begin = time.perf_counter()
        client.status(link, x)
        found.append((time.perf_counter() - begin) * 1000)
    cut = statistics.quantiles(found, n=100)
    return {"p50": round(cut[49], 1), "p99": round(cut[98], 1)}


def _run(made: Ground) -> dict[str, object]:
    made.start("KZ")
    _, link = made.ready("kz.labour-ministry")
    x = str(client.submit(link, FILE.read_bytes(), **TO)["records"][0]["exchangeId"])
    alone = _asked(link, x)
    full, stop = threading.Event(), threading.Event()
    port = int(link.base.rpartition(":")[2])
    dripping = threading.Thread(target=_drip, args=(port, full, stop))
    dripping.start()
    try:
        full.wait()
        beside = _asked(link, x)
    finally:
        stop.set()
        dripping.join()
    return {"alone_ms": alone, "beside_slow_ms": beside, "slow_clients": SLOW, "goal_ms": GOAL_MS}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, ground(Path(folder)) as made:
        print(json.dumps(_run(made)))


if __name__ == "__main__":
    main()
