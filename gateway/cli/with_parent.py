"""Have a process end when the one that started it ends, even by SIGKILL: none holds its port on."""

import ctypes
import os
import signal
import sys

# prctl(2).
_SET_PARENT_DEATH_SIGNAL = 1


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
