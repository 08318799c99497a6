"""What the machine and the processes tell: processor time, bytes in a store, the disk's pace."""

import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.support.stores import POSTGRESQL, SQLITE, store_of

_TICKS = os.sysconf("SC_CLK_TCK")
_STATE = {
    SQLITE: "SELECT state FROM exchange WHERE x = ?",
    POSTGRESQL: "SELECT state FROM exchange WHERE x = %s",
}


def family(pid: int) -> list[int]:
    """Give a process and all that descend from it."""
    children: dict[int, list[int]] = {}
    for one in Path("/proc").iterdir():
        if one.name.isdigit():
            try:
                parent = int((one / "stat").read_text("utf-8").rpartition(")")[2].split()[1])
            except OSError:
                continue
            children.setdefault(parent, []).append(int(one.name))
    found = [pid]
    for one in found:
        found += children.get(one, [])
    return found


def cpu_seconds(pids: list[int]) -> float:
    """Give the processor time that processes have used."""
    ticks = 0
    for pid in pids:
        told = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
        ticks += int(told[11]) + int(told[12])
    return ticks / _TICKS


class Stored:
    """One gateway's store, looked at from outside over a connection that stays.

    Looks are many, and share the cores with what they look at: each is one call of the driver.
    """

    def __init__(self, settings: Path) -> None:
        engine = store_of(settings).kept.engine
        self._dialect = engine.dialect.name
        self._connection = engine.raw_connection()

    def ended(self) -> int:
        """Count exchanges whose E.1 is stored."""
        return int(self._one("SELECT count(*) FROM exchange WHERE state = 'E.1'"))

    def exchanges(self) -> int:
        """Count exchanges."""
        return int(self._one("SELECT count(*) FROM exchange"))

    def state(self, x: str) -> str:
        """Give the last event of an exchange."""
        return str(self._one(_STATE[self._dialect], x))

    def octets(self) -> int:
        """Give the bytes of the pages in use; of a server's database with what awaits a vacuum."""
        if self._dialect == POSTGRESQL:
            return int(self._one("SELECT pg_database_size(current_database())"))
        count, free = self._one("PRAGMA page_count"), self._one("PRAGMA freelist_count")
        return (int(count) - int(free)) * int(self._one("PRAGMA page_size"))

    def _one(self, statement: str, *values: str) -> Any:
        cursor = self._connection.cursor()
        try:
            cursor.execute(statement, values)
            return cursor.fetchone()[0]
        finally:
            cursor.close()
            # What is written meanwhile is seen by the next look.
            self._connection.rollback()


def fdatasync_ms(times: int = 200) -> float:
    """Give the median time of a 4 KB overwrite made durable."""
    with tempfile.TemporaryFile() as file:
        file.write(bytes(4096))
        os.fsync(file.fileno())
        found = []
        for _ in range(times):
            begun = time.perf_counter()
            os.pwrite(file.fileno(), os.urandom(4096), 0)
            os.fdatasync(file.fileno())
            found.append((time.perf_counter() - begun) * 1000)
    return round(statistics.median(found), 3)
