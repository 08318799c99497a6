"""Have a process end with the one that started it, and when it is told to: none holds its port on.

Python forgets what signals came to a process between its fork and its first own step, and the way
to end that it inherits is its parent's. So a parent holds stops while it forks; they wait in the
new process until that lets them come.
"""

import ctypes
import os
import signal
import sys

# prctl(2).
_SET_PARENT_DEATH_SIGNAL = 1
_STOPS = {signal.SIGTERM}


def end_with_parent(parent: int) -> None:
    """Ask the system for SIGTERM when the parent process ends; parent: its id before the fork.

    Where the system cannot (it is not Linux), a part outlives a parent that was killed.
    """
    if sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)
    if os.getppid() != parent:
        # It ended before it was asked for.
        os.kill(os.getpid(), signal.SIGTERM)


def hold_stops() -> None:
    """Have SIGTERM wait, here and in what is forked until `let_stops_come`."""
    signal.pthread_sigmask(signal.SIG_BLOCK, _STOPS)


def let_stops_come() -> None:
    """Take SIGTERM, also one that has waited, by the way to end that stands now."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPS)
