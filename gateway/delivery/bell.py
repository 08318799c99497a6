"""A bell beside a gateway's data: who puts something in the outbox rings, the worker wakes.

A named pipe that the worker holds open; who rings writes for which partner. Whether anybody hears
it does not matter: the worker looks by itself too, and what waits is in the store.
"""

import contextlib
import os
import select
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

NAME = "worker.bell"
# A state's two letters, which the pipe takes and gives whole.
_STATE = 2
_READ = 2048 * _STATE


@dataclass(frozen=True, slots=True)
class Bell:
    """The pipe's file."""

    file: Path

    def ring(self, partner: str) -> None:
        """Wake the worker for a partner (alpha-2), if there is one; never waits, never fails."""
        with contextlib.suppress(OSError):
            pipe = os.open(self.file, os.O_WRONLY | os.O_NONBLOCK)
            try:
                os.write(pipe, partner.encode("ascii"))
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

    def wait(self, seconds: float, stopped: Callable[[], bool]) -> frozenset[str] | None:
        """Wait until it rings, or so long; gives for which partners it rang, None to stop."""
        octets = b""
        if not stopped() and select.select([self.pipe], [], [], seconds)[0]:
            # All that rang until now is one waking.
            with contextlib.suppress(BlockingIOError):
                octets = os.read(self.pipe, _READ)
        if stopped():
            return None
        text = octets.decode("ascii", "replace")
        return frozenset(text[at : at + _STATE] for at in range(0, len(text), _STATE))
