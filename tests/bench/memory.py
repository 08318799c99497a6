"""What memory two gateways hold while many records go through: `python -m tests.bench.memory [N]`.

Real processes under the load of `make bench`, 50 records a submission. Each process's share of
memory (`Pss` of smaps_rollup, as the parts of a gateway share what they were split off with) is
read after every thousand records. The first tenth is warm-up.
"""

import json
import os
import statistics
import sys
import tempfile
import threading
from pathlib import Path

from tests.bench.__main__ import RECORDS, Bench
from tests.support.gateways import ground

AT_ONCE = 50
# Samples at either end whose median is compared.
SAMPLES = 5


def share_kib(pid: int) -> int:
    """Give the KiB of memory that are a process's own, and its part of what it shares."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text("utf-8").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    raise RuntimeError(f"process {pid} tells no share of memory")


def main() -> None:
    """Measure and print; the last line is JSON."""
    records = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    samples: list[dict[int, int]] = []
    with (
        tempfile.TemporaryDirectory(prefix=f"lmx-memory-{os.getpid()}-") as folder,
        ground(Path(folder)) as made,
    ):
        bench, stop = Bench(made), threading.Event()
        taking = threading.Thread(target=bench.hand_over, args=(stop,))
        taking.start()
        try:
            for number in range(records // RECORDS[AT_ONCE]):
                rate, _ = bench.slice(AT_ONCE)
                samples.append({pid: share_kib(pid) for pid in bench.pids()})
                if number % 10 == 9:
                    whole = sum(samples[-1].values()) / 1024
                    print(f"{(number + 1) * 1000}: {whole:.1f} MiB, {rate:.0f}/s", flush=True)
        finally:
            stop.set()
            taking.join()
    print(json.dumps(told(samples, records)))


def told(samples: list[dict[int, int]], records: int) -> dict[str, object]:
    """Compare the memory after the warm-up with that at the end, of all and of each process."""
    warm = samples[len(samples) // 10 :]
    growth = {
        pid: statistics.median(one[pid] for one in warm[-SAMPLES:])
        / statistics.median(one[pid] for one in warm[:SAMPLES])
        for pid in warm[0]
    }
    whole = [sum(one.values()) for one in warm]
    times = statistics.median(whole[-SAMPLES:]) / statistics.median(whole[:SAMPLES])
    return {
        "records": records,
        "times": round(times, 3),
        "mib": round(whole[-1] / 1024),
        "each": sorted(round(one, 3) for one in growth.values()),
    }


if __name__ == "__main__":
    main()
