"""What a record costs in a store of a million beside one of ten thousand.

Two pairs of gateways in this process. The first takes a base of records the whole way; the second
is a copy of it whose rows are there many times, under ids and times of before. Then both take
batches in turn, a checkpoint of both logs after each, and processor and wall time a record of a
pair of batches are compared. `python -m tests.bench.volume [base] [times] [pairs]`.
"""

import json
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from gateway.model.instants import read_instant, write_instant
from gateway.transparency.append import publish
from gateway.wiring import Gateway
from tests.bench.steps import Spent, opened, states

RECORDS = 50
# Of a UUIDv7's first eight digits: units of 65.536 s. Further back than any base takes.
STEP = 64
_UNIT = timedelta(milliseconds=65536)
Change = Callable[[Any, int], object]


def older_id(text: str, times: int) -> str:
    """Give the same id as if it had been made so many steps before."""
    return f"{int(text[:8], 16) - times * STEP:08x}{text[8:]}"


def older_instant(text: str, times: int) -> str:
    """Give an instant so many steps before."""
    return write_instant(read_instant(text) - times * STEP * _UNIT)


def other_octets(octets: bytes, times: int) -> bytes:
    """Give other octets of the same size, as an HMAC is for another number."""
    return times.to_bytes(4, "big") + octets[4:]


def other_text(text: str, times: int) -> str:
    """Give another text that begins the same."""
    return f"{text}.{times}"


# What changes in a row that is there again; `n` is numbered anew, the rest stays.
_ROWS: dict[str, dict[str, Change]] = {
    "submission": {"id": older_id, "idempotency": other_text, "at": older_instant},
    "exchange": {"x": older_id, "created": older_instant},
    "sealed": {"x": older_id},
    "receipt": {"x": older_id},
    "inbox": {"x": older_id},
    "known_record": {"hmac": other_octets, "x": older_id},
    "token": {"digest": other_text},
}


def multiply(file: Path, times: int) -> None:
    """Have each row of a store there so many times more, and its logs as many times as long."""
    with sqlite3.connect(file, isolation_level=None) as store:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "secure_delete=OFF"):
            store.execute(f"PRAGMA {pragma}")
        store.execute("PRAGMA cache_size=-2000000")
        for table, changes in _ROWS.items():
            names = [one[1] for one in store.execute(f"PRAGMA table_info({table})")]
            names = [one for one in names if one != "n"]
            _again(store, table, names, changes, times)
        for log, size in store.execute("SELECT log, count(*) FROM entry GROUP BY log").fetchall():
            rows = store.execute("SELECT i, octets, leaf FROM entry WHERE log = ?", (log,))
            kept = rows.fetchall()
            store.execute("BEGIN")
            for number in range(1, times + 1):
                moved = ((log, i + number * size, octets, leaf) for i, octets, leaf in kept)
                store.executemany(
                    "INSERT INTO entry (log, i, octets, leaf) VALUES (?,?,?,?)", moved
                )
            store.execute("COMMIT")
        store.execute("PRAGMA journal_mode=WAL")


def _again(
    store: sqlite3.Connection,
    table: str,
    names: list[str],
    changes: dict[str, Change],
    times: int,
) -> None:
    listed = ", ".join(names)
    kept = store.execute(f"SELECT {listed} FROM {table} ORDER BY rowid").fetchall()  # noqa: S608 our own names
    places = [(names.index(name), change) for name, change in changes.items()]
    marks = ", ".join("?" for _ in names)

    def rows(number: int) -> Iterator[list[object]]:
        for one in kept:
            row = list(one)
            for place, change in places:
                row[place] = change(row[place], number)
            yield row

    store.execute("BEGIN")
    for number in range(times, 0, -1):
        again = f"INSERT INTO {table} ({listed}) VALUES ({marks})"  # noqa: S608 our own names
        store.executemany(again, rows(number))
    store.execute("COMMIT")


def checkpoints(sides: dict[str, Gateway]) -> None:
    """Publish the log of the corridor at both gateways."""
    for own, other in (("TJ", "KZ"), ("KZ", "TJ")):
        office = sides[own].office
        log = office.log(other)
        publish(office.store, log, *office.keys.log_keys(log, office.clock()))


def timed(once: Callable[[], None], sides: dict[str, Gateway]) -> tuple[float, float]:
    """Give processor and wall seconds of one batch the whole way and its checkpoints."""
    begun, wall = time.process_time(), time.perf_counter()
    once()
    checkpoints(sides)
    return time.process_time() - begun, time.perf_counter() - wall


def exchanges(sides: dict[str, Gateway]) -> dict[str, int]:
    """Count what each gateway stores."""
    found = {}
    for state, side in sides.items():
        with side.office.store.read() as turn:
            found[state] = turn.core.exec_driver_sql("SELECT count(*) FROM exchange").scalar_one()
    return found


def grown(small: Path, settings: dict[str, Path], large: Path, times: int) -> dict[str, Path]:
    """Copy both gateways and multiply their rows; gives the settings of the copies."""
    shutil.copytree(small, large)
    begun = time.perf_counter()
    for state in ("tj", "kz"):
        multiply(large / state / "data/gateway.sqlite", times)
    print(f"rows multiplied in {time.perf_counter() - begun:.0f} s", flush=True)
    return {state: large / file.relative_to(small) for state, file in settings.items()}


def main() -> None:
    """Measure and print; the last line is JSON."""
    told = [int(one) for one in sys.argv[1:4]]
    base, times, pairs = [*told, *(10000, 99, 30)[len(told) :]]
    with tempfile.TemporaryDirectory(prefix="lmx-volume-") as name:
        small, large = Path(name) / "small", Path(name) / "large"
        settings = states(small)
        once, _, sides = opened(small, settings, Spent(), RECORDS)
        for number in range(base // RECORDS):
            once()
            if number % 20 == 0:
                checkpoints(sides)
        checkpoints(sides)
        copies = grown(small, settings, large, times)
        again, _, more = opened(large, copies, Spent(), RECORDS, used=base)
        begun = time.perf_counter()
        checkpoints(more)
        print(f"logs integrated in {time.perf_counter() - begun:.0f} s", flush=True)
        for _ in range(3):
            timed(once, sides)
            timed(again, more)
        few, many = exchanges(sides), exchanges(more)
        tell([(timed(once, sides), timed(again, more)) for _ in range(pairs)], few, many)


def tell(
    found: list[tuple[tuple[float, float], tuple[float, float]]],
    few: dict[str, int],
    many: dict[str, int],
) -> None:
    """Print the ratio of each kind of time: median, least, most."""
    told: dict[str, object] = {"few": few, "many": many}
    for at, kind in ((0, "processor"), (1, "wall")):
        ratios = [b[at] / a[at] for a, b in found]
        each = [
            statistics.median(one[side][at] for one in found) / RECORDS * 1e6 for side in (0, 1)
        ]
        told[kind] = {
            "times": round(statistics.median(ratios), 3),
            "spread": [round(min(ratios), 3), round(max(ratios), 3)],
            "us_a_record": [round(one) for one in each],
        }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
