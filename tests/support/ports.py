"""Ports of loopback that nobody else uses, also no test process beside this one."""

import fcntl
import random
import socket
import tempfile
from pathlib import Path
from typing import BinaryIO

# Below the range from which the system gives outgoing connections their ports, else a block found
# free may be taken by a client before its gateway starts.
_BLOCKS = range(10000, 32000, 50)
_held: list[BinaryIO] = []


def free_ports(count: int = 40) -> int:
    """Find a block of ports that nobody listens on, and keep other test processes off it."""
    folder = Path(tempfile.gettempdir()) / "lmx-test-ports"
    folder.mkdir(exist_ok=True)
    while True:
        base = random.choice(_BLOCKS)  # noqa: S311 ports are no secret
        lock = (folder / str(base)).open("ab")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            for port in range(base, base + count):
                with socket.socket() as one:
                    one.bind(("127.0.0.1", port))
        except OSError:
            lock.close()
            continue
        # Held as long as this process lives.
        _held.append(lock)
        return base
