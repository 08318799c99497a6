"""Day keys in a store of their own: one a corridor (or home) and erase-by day.

evidence-log section 5: destroying one day key makes every record due that day unreadable, in all
backups too. Day keys are wrapped by the gateway's master key (0600 file) and never stand in data
backups, since this file or database is kept apart from the data.
"""

import stat
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from cryptography.hazmat.primitives.keywrap import (
    InvalidUnwrap,
    aes_key_unwrap,
    aes_key_wrap,
)
from sqlalchemy import bindparam, delete, select

from gateway.config.config import ServerDatabase
from gateway.model.effects import Entropy
from gateway.store.connection import Store, StoreError, open_store
from gateway.store.once import put_once
from gateway.store.tables import DAY_KEY

KEY_SIZE = 32
_WRAPPED = select(DAY_KEY.c.wrapped).where(
    DAY_KEY.c.corridor == bindparam("corridor"), DAY_KEY.c.day == bindparam("day")
)


@dataclass(frozen=True, slots=True)
class DayKeys:
    """The key store of one gateway.

    at_hand: keys read before, for one piece of work only (`for_one_work`): a destroyed key must be
    gone at once for whatever begins after it.
    """

    store: Store
    master: bytes
    entropy: Entropy
    at_hand: dict[tuple[str, date], bytes] | None = None

    def for_one_work(self) -> "DayKeys":
        """Give the same store for one request or batch: each key is read once."""
        return replace(self, at_hand={})

    def key(self, corridor: str, day: date) -> bytes:
        """Give the key of a corridor (`KZ-UZ` or `home`) and day, made at its first use."""
        known = self.known(corridor, day)
        if known is not None:
            return known
        made = aes_key_wrap(self.master, self.entropy(KEY_SIZE))
        with self.store.write() as turn:
            put_once(turn, DAY_KEY, {"corridor": corridor, "day": day.isoformat(), "wrapped": made})
            # Another process may have made it meanwhile: what stands there is the key.
            return self._unwrap(bytes(turn.execute(_WRAPPED, _named(corridor, day)).scalar_one()))

    def known(self, corridor: str, day: date) -> bytes | None:
        """Give the key of a corridor and day, None once it was destroyed or never made."""
        if self.at_hand is not None and (corridor, day) in self.at_hand:
            return self.at_hand[corridor, day]
        with self.store.read() as turn:
            found = turn.execute(_WRAPPED, _named(corridor, day)).scalar_one_or_none()
        if found is None:
            return None
        key = self._unwrap(bytes(found))
        if self.at_hand is not None:
            self.at_hand[corridor, day] = key
        return key

    def destroy(self, corridor: str, day: date) -> bool:
        """Destroy a day's key; False when there was none. Nothing brings it back."""
        same = (DAY_KEY.c.corridor == corridor, DAY_KEY.c.day == day.isoformat())
        with self.store.write() as turn:
            return turn.execute(delete(DAY_KEY).where(*same)).rowcount == 1

    def _unwrap(self, wrapped: bytes) -> bytes:
        try:
            return aes_key_unwrap(self.master, wrapped)
        except InvalidUnwrap:
            raise StoreError("the master key is not the one that wrapped the day keys") from None


def open_day_keys(place: Path | ServerDatabase, master_file: Path, entropy: Entropy) -> DayKeys:
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
    return DayKeys(open_store(place), master, entropy)


def _named(corridor: str, day: date) -> dict[str, str]:
    return {"corridor": corridor, "day": day.isoformat()}
