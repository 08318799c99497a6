"""A bell beside a gateway's data: who puts something in the outbox rings, the worker wakes.

A named pipe that the worker holds open. Whether anybody hears it does not matter: the worker looks
by itself too, and what waits is in the store.
"""

import contextlib
import os
import select
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

NAME = "worker.bell"
_READ = 4096


@dataclass(frozen=True, slots=True)
class Bell:
    """The pipe's file."""

    file: Path

    def ring(self) -> None:
        """Wake the worker, if there is one; never waits and never fails."""
        with contextlib.suppress(OSError):
            pipe = os.open(self.file, os.O_WRONLY | os.O_NONBLOCK)
            try:
                os.write(pipe, b"!")
            finally:
                os.close(pipe)

    def hung(self) -> "Hearing":
        """Hang the bell up, made if need be, and listen. OSError when that cannot be."""
        with contextlib.suppress(FileExistsError):
            os.mkfifo(self.file, 0o600)
        # Open for both: it never reads as ended when the last who rang has gone.
        return Hearing(os.open(self.file, os.O_RDWR | os.O_NONBLOCK))


@dataclass(frozen=True, slots=True)
class Hearing:
    """The worker's end."""

    pipe: int

    def wait(self, seconds: float, stopped: Callable[[], bool]) -> bool:
        """Wait until it rings, or so long; tells whether to stop."""
        if not stopped() and select.select([self.pipe], [], [], seconds)[0]:
            # All that rang until now is one waking.
            with contextlib.suppress(BlockingIOError):
                os.read(self.pipe, _READ)
        return stopped()
