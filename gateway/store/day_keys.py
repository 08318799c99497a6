"""Day keys in a store of their own: one a corridor (or home) and erase-by day.

evidence-log section 5: destroying one day key makes every record due that day unreadable, in all
backups too. Day keys are wrapped by the gateway's master key (0600 file) and never stand in data
backups, since this file or database is kept apart from the data.
"""

import stat
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.keywrap import (
    InvalidUnwrap,
    aes_key_unwrap,
    aes_key_wrap,
)
from sqlalchemy import bindparam, delete, select

from gateway.config.config import ServerDatabase
from gateway.model.effects import Clock, Entropy
from gateway.store.connection import Store, StoreError, open_store
from gateway.store.once import put_once
from gateway.store.prepared import Statement
from gateway.store.tables import DAY_KEY

KEY_SIZE = 32
# A process asks the store for a key at most this often, so that a key that another process has
# destroyed opens nothing here after this time.
KEPT = timedelta(seconds=1)
_NEVER = datetime.min.replace(tzinfo=UTC)
_SAME = (DAY_KEY.c.corridor == bindparam("corridor"), DAY_KEY.c.day == bindparam("day"))
_WRAPPED = Statement(select(DAY_KEY.c.wrapped).where(*_SAME))
_DESTROY = Statement(delete(DAY_KEY).where(*_SAME))


@dataclass(slots=True)
class _AtHand:
    """Keys that were read since a time, all forgotten together `KEPT` after it."""

    since: datetime = _NEVER
    keys: dict[tuple[str, date], bytes] = field(default_factory=dict)

    def at(self, at: datetime) -> dict[tuple[str, date], bytes]:
        """Give what may be used at `at`, where what is read from then on is put too."""
        # A clock set back is no reason to keep them longer.
        if not self.since <= at < self.since + KEPT:
            self.keys, self.since = {}, at
        return self.keys

    def forget(self) -> None:
        """Forget all; what is being read at this moment goes to what is forgotten."""
        self.keys = {}


@dataclass(frozen=True, slots=True)
class DayKeys:
    """The key store of one gateway.

    at_hand: keys read a moment ago, by every thread of this process.
    """

    store: Store
    master: bytes
    entropy: Entropy
    clock: Clock
    at_hand: _AtHand = field(default_factory=_AtHand)

    def key(self, corridor: str, day: date) -> bytes:
        """Give the key of a corridor (`KZ-UZ` or `home`) and day, made at its first use."""
        known = self.known(corridor, day)
        if known is not None:
            return known
        made = aes_key_wrap(self.master, self.entropy(KEY_SIZE))
        with self.store.write() as turn:
            put_once(turn, DAY_KEY, {"corridor": corridor, "day": day.isoformat(), "wrapped": made})
            # Another process may have made it meanwhile: what stands there is the key.
            return self._unwrap(_WRAPPED.value(turn, _named(corridor, day)))

    def known(self, corridor: str, day: date) -> bytes | None:
        """Give the key of a corridor and day, None once it was destroyed or never made."""
        # Before the store is asked: the time of a key that is kept begins no later.
        at_hand = self.at_hand.at(self.clock())
        key = at_hand.get((corridor, day))
        if key is not None:
            return key
        with self.store.read() as turn:
            found = _WRAPPED.value(turn, _named(corridor, day))
        if found is None:
            return None
        key = at_hand[corridor, day] = self._unwrap(found)
        return key

    def destroy(self, corridor: str, day: date) -> bool:
        """Destroy a day's key; False when there was none. Nothing brings it back.

        This process forgets it at once, every other one within `KEPT`.
        """
        with self.store.write() as turn:
            destroyed = _DESTROY.run(turn, _named(corridor, day)) == 1
        self.at_hand.forget()
        return destroyed

    def _unwrap(self, wrapped: bytes) -> bytes:
        try:
            return aes_key_unwrap(self.master, wrapped)
        except InvalidUnwrap:
            raise StoreError("the master key is not the one that wrapped the day keys") from None


def open_day_keys(
    place: Path | ServerDatabase, master_file: Path, entropy: Entropy, clock: Clock
) -> DayKeys:
    """Open the key store. StoreError when the master key is readable by others or not 32 bytes."""
    try:
        mode = stat.S_IMODE(master_file.stat().st_mode)
        master = master_file.read_bytes()
    except OSError as error:
        raise StoreError(f"{master_file}: the master key cannot be read") from error
    if mode & 0o077:
        raise StoreError(f"{master_file}: mode {mode:04o} lets others read it; run chmod 600")
    if len(master) != KEY_SIZE:
        raise StoreError(f"{master_file}: the master key has 32 bytes")
    return DayKeys(open_store(place), master, entropy, clock)


def _named(corridor: str, day: date) -> dict[str, str]:
    return {"corridor": corridor, "day": day.isoformat()}
