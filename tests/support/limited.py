"""A program in a process of its own, with limits: what it said, how long, how much memory."""

import os
import resource
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

MEMORY_MB, SECONDS = 200, 10
_ADDRESS_SPACE = 4 * 2**30


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

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        resource.setrlimit(resource.RLIMIT_AS, (_ADDRESS_SPACE, _ADDRESS_SPACE))

    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        begun = time.perf_counter()
        process = subprocess.Popen(command, stdout=out, stderr=errors, preexec_fn=limit)  # noqa: PLW1509 - no thread runs here
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        took = time.perf_counter() - begun
        texts = []
        for file in (out, errors):
            file.seek(0)
            texts.append(file.read().decode("utf-8", "replace"))
    return Ran(process.returncode, *texts, took, used.ru_maxrss / 1024)
