"""A day's key is kept for a second and no longer, so that a destroyed one soon opens nothing."""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete

from gateway.store.connection import Turn
from gateway.store.day_keys import KEPT, DayKeys, open_day_keys
from gateway.store.scope import WHOLE, Scope
from gateway.store.sealed import Binding, ErasedError, open_bytes, seal_bytes
from gateway.store.tables import DAY_KEY
from tests.support.evidence import AT
from tests.support.stores import Place

DAY = date(2026, 12, 24)
BINDING = Binding("KZ-UZ", DAY, "digest", "exchange")
MOMENT = timedelta(microseconds=1)


@dataclass
class Moving:
    at: datetime = AT

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Moving:
    return Moving()


@pytest.fixture
def keys(tmp_path: Path, place: Place, clock: Moving) -> DayKeys:
    master = tmp_path / "master.key"
    master.write_bytes(bytes(range(32)))
    master.chmod(0o600)
    return open_day_keys(place, master, os.urandom, clock)


def _of_another_process(keys: DayKeys) -> DayKeys:
    return DayKeys(keys.store, keys.master, keys.entropy, keys.clock)


def test_the_process_that_destroys_a_key_forgets_it_at_once(keys: DayKeys) -> None:
    sealed = seal_bytes(b"a name", BINDING, keys)
    open_bytes(sealed, BINDING, keys)
    assert keys.destroy("KZ-UZ", DAY)
    with pytest.raises(ErasedError):
        open_bytes(sealed, BINDING, keys)


def test_a_key_that_another_process_destroyed_opens_nothing_after_a_second(
    keys: DayKeys, clock: Moving
) -> None:
    sealed = seal_bytes(b"a name", BINDING, keys)
    open_bytes(sealed, BINDING, keys)
    _of_another_process(keys).destroy("KZ-UZ", DAY)
    clock.at += KEPT
    with pytest.raises(ErasedError):
        open_bytes(sealed, BINDING, keys)


def test_using_a_key_keeps_it_no_longer(keys: DayKeys, clock: Moving) -> None:
    keys.key("KZ-UZ", DAY)
    keys.known("KZ-UZ", DAY)
    _of_another_process(keys).destroy("KZ-UZ", DAY)
    clock.at += KEPT - MOMENT
    assert keys.known("KZ-UZ", DAY) is not None
    clock.at += MOMENT
    assert keys.known("KZ-UZ", DAY) is None


def test_a_clock_set_back_keeps_no_key(keys: DayKeys, clock: Moving) -> None:
    keys.key("KZ-UZ", DAY)
    keys.known("KZ-UZ", DAY)
    _of_another_process(keys).destroy("KZ-UZ", DAY)
    clock.at -= MOMENT
    assert keys.known("KZ-UZ", DAY) is None


@dataclass
class Destroying:
    """A store in which a key is destroyed after it was read and before the reader goes on."""

    keys: DayKeys
    packs: bool = True

    @contextmanager
    def read(self, _scope: Scope = WHOLE) -> Iterator[Turn]:
        with self.keys.store.read() as turn:
            yield turn
        self.keys.destroy("KZ-UZ", DAY)

    def write(self, *names: str, lasting: bool = True) -> AbstractContextManager[Turn]:
        return self.keys.store.write(*names, lasting=lasting)

    def require_room(self) -> None:
        self.keys.store.require_room()


def test_a_key_that_was_destroyed_while_it_was_read_is_not_kept(keys: DayKeys) -> None:
    keys.key("KZ-UZ", DAY)
    replace(keys, store=Destroying(keys)).known("KZ-UZ", DAY)
    assert keys.known("KZ-UZ", DAY) is None


def test_within_a_second_the_store_is_asked_once(keys: DayKeys) -> None:
    made = keys.key("KZ-UZ", DAY)
    assert keys.known("KZ-UZ", DAY) == made
    with keys.store.write() as turn:
        turn.execute(delete(DAY_KEY))
    assert keys.known("KZ-UZ", DAY) == made
