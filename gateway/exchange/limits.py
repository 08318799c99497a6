"""How much one submitter may ask: a bucket of requests and one of bytes, shared by all processes.

The buckets stand in one file of fixed size, mapped once by every process of the machine and changed
under its lock: it never grows, costs no commit, and a restart keeps it. A submitter has the slot
its name hashes to, or one of the next; when all are taken, the one unused for longest is given up.
"""

import fcntl
import hashlib
import mmap
import os
import struct
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil
from pathlib import Path

from gateway.model.refusal import Refusal

SLOTS = 4096
_PROBES = 16
_NAME_SIZE = 16
# Name, requests left, bytes left, and when that was (seconds since 1970).
_SLOT = struct.Struct(f"<{_NAME_SIZE}sddd")
_FREE = bytes(_NAME_SIZE)


@dataclass(frozen=True, slots=True)
class Rate:
    """Requests and bytes a minute, and how much of a minute's share may come at once."""

    requests: float
    octets: float
    burst: float = 1.0


# A partner sends up to 128 records a request.
PARTNER = Rate(30_000, 6 * 1024**3)


@dataclass(frozen=True, slots=True)
class _Buckets:
    """The file, opened and mapped once a process: a lock is that of who opened it."""

    file: int
    table: mmap.mmap

    def __del__(self) -> None:
        """Close the file."""
        os.close(self.file)


@dataclass(frozen=True, slots=True)
class Limits:
    """The rate of every submitter, and of those named by their own; the file of the buckets.

    partner: the rate of every partner's gateway that is not named.
    """

    file: Path
    every: Rate
    named: Mapping[str, Rate] = field(default_factory=dict)
    partner: Rate = PARTNER
    _thread: threading.Lock = field(default_factory=threading.Lock)
    _opened: list[_Buckets] = field(default_factory=list)

    def lay_out(self) -> None:
        """Take the room of the file once: a request needs none. OSError on a full disk."""
        with self._mapped():
            pass

    def take(self, name: str, octets: int, at: datetime) -> None:
        """Take one request and its bytes out of a submitter's buckets.

        Refuses `submitter.rate`, with the seconds after which it would be taken; then nothing is.
        """
        self._take("submitter.rate", name, self.named.get(name, self.every), octets, at)

    def take_partner(self, name: str, octets: int, at: datetime) -> None:
        """Take one request of a partner's gateway. Refuses `partner.rate`."""
        self._take("partner.rate", name, self.named.get(name, self.partner), octets, at)

    def _take(self, code: str, name: str, rate: Rate, octets: int, at: datetime) -> None:
        now, key = at.timestamp(), hashlib.sha256(name.encode()).digest()[:_NAME_SIZE]
        most = rate.requests * rate.burst, rate.octets * rate.burst
        with self._mapped() as table:
            place = _slot(table, key)
            found, *left, last = _SLOT.unpack_from(table, place)
            # A clock set back fills nothing and empties nothing.
            passed = max(0.0, now - last) / 60
            if found != key:
                left, passed = list(most), 0.0
            shares = (rate.requests, rate.octets)
            left = [
                min(one + passed * share, top)
                for one, share, top in zip(left, shares, most, strict=True)
            ]
            # A body above a whole bucket is taken when the bucket is full, and is paid for after.
            wanted = (1.0, min(float(octets), most[1]))
            short = [
                (want - have) / share * 60
                for want, have, share in zip(wanted, left, shares, strict=True)
                if want > have
            ]
            if not short:
                left = [left[0] - 1, left[1] - octets]
            _SLOT.pack_into(table, place, key, *left, now)
        if short:
            raise Refusal(
                code,
                step="authenticate",
                rule=f"at most {rate.requests:.0f} requests and {rate.octets:.0f} bytes a minute; "
                f"try again in {ceil(max(short))} s",
                after=ceil(max(short)),
            )

    @contextmanager
    def _mapped(self) -> Iterator[mmap.mmap]:
        with self._thread:
            if not self._opened:
                self._opened.append(_open(self.file))
            buckets = self._opened[0]
            fcntl.flock(buckets.file, fcntl.LOCK_EX)
            try:
                yield buckets.table
            finally:
                fcntl.flock(buckets.file, fcntl.LOCK_UN)


def _open(file: Path) -> _Buckets:
    size, opened = SLOTS * _SLOT.size, os.open(file, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        # Its blocks are taken once: writing to a hole of a full disk would end this process.
        if os.fstat(opened).st_size < size:
            os.posix_fallocate(opened, 0, size)
        return _Buckets(opened, mmap.mmap(opened, size))
    except BaseException:
        os.close(opened)
        raise


def _slot(table: mmap.mmap, key: bytes) -> int:
    first = int.from_bytes(key[:4], "big") % SLOTS
    if table[first * _SLOT.size : first * _SLOT.size + _NAME_SIZE] == key:
        # Nearly always; what follows costs more than all the rest.
        return first * _SLOT.size
    places = [(first + step) % SLOTS * _SLOT.size for step in range(_PROBES)]
    names = {place: table[place : place + _NAME_SIZE] for place in places}
    for wanted in (key, _FREE):
        for place in places:
            if names[place] == wanted:
                return place
    return min(places, key=lambda place: float(_SLOT.unpack_from(table, place)[3]))
