"""Where tests keep what lives no longer than they do."""

import os
import shutil
import tempfile
from functools import cache
from pathlib import Path

_IN_MEMORY = Path("/dev/shm")  # noqa: S108 taken by tempfile, with names and modes of its own
_ROOM = 4 << 30


@cache
def scratch() -> Path:
    """Give a folder in memory where there is room for a whole run, else the system's own.

    A process that is killed loses nothing that it gave to the system, on a disk as in memory: all
    that a disk would add is its wait, once for each commit of each test.
    """
    try:
        free = shutil.disk_usage(_IN_MEMORY).free
    except OSError:
        free = 0
    good = free >= _ROOM and os.access(_IN_MEMORY, os.W_OK) and "TMPDIR" not in os.environ
    return _IN_MEMORY if good else Path(tempfile.gettempdir())
