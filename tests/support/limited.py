"""A program in a process of its own, with limits: what it said, how long, how much memory."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

MEMORY_MB, SECONDS = 200, 10
# A small process stands between: a child's largest size counts that of the process it came from,
# and a test process is large.
_BETWEEN = """
import json, os, resource, subprocess, sys, time
seconds = int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
begun = time.perf_counter()
ran = subprocess.run(sys.argv[2:], capture_output=True)
took = time.perf_counter() - begun
used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
out, errors = ran.stdout.decode("utf-8", "replace"), ran.stderr.decode("utf-8", "replace")
print(json.dumps([ran.returncode, out, errors, took, used]))
"""


@dataclass(frozen=True, slots=True)
class Ran:
    """How a process ended; memory is its largest resident size in MB."""

    code: int
    out: str
    errors: str
    seconds: float
    memory_mb: float


def run_limited(command: Sequence[str | Path], *, seconds: int) -> Ran:
    """Run a program; it is stopped by the system after `seconds` of processor time."""
    between = [sys.executable, "-c", _BETWEEN, str(seconds), *map(str, command)]
    told = subprocess.run(between, capture_output=True, text=True, check=True).stdout
    return Ran(*json.loads(told))
