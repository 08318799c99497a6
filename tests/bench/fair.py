"""How the turns at one log are shared by processes: `python -m tests.bench.fair [SECONDS]`.

Several processes append to the same log as fast as they can, on SQLite and on PostgreSQL. Goal
(issue of the engine): the one that comes to fewest turns has at least half of the mean.
"""

import json
import multiprocessing
import os
import statistics
import sys
import tempfile
import time
from multiprocessing.synchronize import Barrier
from pathlib import Path

from gateway.proof.merkle import leaf_hash
from gateway.store.connection import open_store
from gateway.store.log_rows import EntryRow, append_entries, next_index
from tests.support.cluster import started, stop
from tests.support.stores import POSTGRESQL, SQLITE, Place

WRITERS = 4
LOG = "example.invalid/kz/log/kz-tj"
GOAL = 0.5


def turns(place: Place, begin: Barrier, seconds: float, told: "multiprocessing.Queue[int]") -> None:
    """Take turns at the log for so long; tells how many."""
    store = open_store(place)
    begin.wait()
    count, until = 0, time.monotonic() + seconds
    while time.monotonic() < until:
        with store.write(LOG) as turn:
            octets = os.urandom(400)
            append_entries(turn, [EntryRow(LOG, next_index(turn, LOG), octets, leaf_hash(octets))])
        count += 1
    told.put(count)


def shares(place: Place, seconds: float) -> dict[str, object]:
    """Give the turns of each process, and the least of them against the mean."""
    # Each opens its own connections, after it has begun.
    many = multiprocessing.get_context("spawn")
    begin, told = many.Barrier(WRITERS), many.Queue()
    writers = [
        many.Process(target=turns, args=(place, begin, seconds, told)) for _ in range(WRITERS)
    ]
    for one in writers:
        one.start()
    found = sorted(told.get(timeout=60 + seconds) for _ in writers)
    for one in writers:
        one.join()
    with open_store(place).read() as turn:
        stored = next_index(turn, LOG)
    if stored != sum(found):
        raise RuntimeError(f"{sum(found)} turns were told, {stored} entries are stored")
    return {"turns": found, "least_of_mean": round(found[0] / statistics.mean(found), 2)}


def main() -> None:
    """Measure and print; the last line is JSON. Ends with 1 when a goal is missed."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 5.0
    with tempfile.TemporaryDirectory(prefix=f"lmx-fair-{os.getpid()}-") as folder:
        found = {SQLITE: shares(Path(folder) / "fair.sqlite", seconds)}
        server = started(at=Path(tempfile.gettempdir()))
        try:
            found[POSTGRESQL] = shares(server.database(), seconds)
        finally:
            stop(server)
    print(json.dumps(found))
    if any(float(str(one["least_of_mean"])) < GOAL for one in found.values()):
        sys.exit(1)


if __name__ == "__main__":
    main()
