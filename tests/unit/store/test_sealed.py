"""Personal bytes at rest: bound to their record, unreadable once their day's key is gone."""

import os
from datetime import date
from pathlib import Path

import pytest

from gateway.store.connection import StoreError
from gateway.store.day_keys import DayKeys, open_day_keys
from gateway.store.sealed import AlteredError, Binding, ErasedError, open_bytes, seal_bytes
from tests.support.evidence import AT
from tests.support.stores import Place

PLAIN = "КУЧКАРОВ ГАЙРАТЖОН".encode()
BINDING = Binding("KZ-UZ", date(2026, 12, 24), "digest", "exchange")


@pytest.fixture
def keys(tmp_path: Path, place: Place) -> DayKeys:
    master = tmp_path / "master.key"
    master.write_bytes(bytes(range(32)))
    master.chmod(0o600)
    return open_day_keys(place, master, os.urandom, lambda: AT)


def test_sealed_bytes_come_back(keys: DayKeys) -> None:
    assert open_bytes(seal_bytes(PLAIN, BINDING, keys), BINDING, keys) == PLAIN


def test_no_plain_byte_stands_in_what_is_stored(keys: DayKeys) -> None:
    assert PLAIN not in seal_bytes(PLAIN, BINDING, keys).octets


def test_two_records_of_a_day_have_keys_of_their_own(keys: DayKeys) -> None:
    first, second = (seal_bytes(PLAIN, BINDING, keys) for _ in range(2))
    assert first.wrapped_key != second.wrapped_key


def test_once_its_day_is_destroyed_a_record_is_gone(keys: DayKeys) -> None:
    sealed = seal_bytes(PLAIN, BINDING, keys)
    assert keys.destroy("KZ-UZ", BINDING.erase_by)
    with pytest.raises(ErasedError):
        open_bytes(sealed, BINDING, keys)


def test_destroying_one_day_leaves_the_next(keys: DayKeys) -> None:
    other = BINDING._replace(erase_by=date(2026, 12, 25))
    sealed = seal_bytes(PLAIN, other, keys)
    seal_bytes(PLAIN, BINDING, keys)
    keys.destroy("KZ-UZ", BINDING.erase_by)
    assert open_bytes(sealed, other, keys) == PLAIN


def test_a_day_without_key_has_none_to_destroy(keys: DayKeys) -> None:
    assert not keys.destroy("KZ-UZ", BINDING.erase_by)


@pytest.mark.parametrize("change", [{"header_sha256": "other"}, {"exchange_id": "other"}], ids=str)
def test_a_row_moved_to_another_record_does_not_open(keys: DayKeys, change: dict[str, str]) -> None:
    sealed = seal_bytes(PLAIN, BINDING, keys)
    moved = Binding(
        BINDING.corridor,
        BINDING.erase_by,
        change.get("header_sha256", BINDING.header_sha256),
        change.get("exchange_id", BINDING.exchange_id),
    )
    with pytest.raises(AlteredError):
        open_bytes(sealed, moved, keys)


def test_a_changed_byte_does_not_open(keys: DayKeys) -> None:
    sealed = seal_bytes(PLAIN, BINDING, keys)
    changed = sealed._replace(octets=sealed.octets[:-1] + bytes([sealed.octets[-1] ^ 1]))
    with pytest.raises(AlteredError):
        open_bytes(changed, BINDING, keys)


def test_a_master_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    master = tmp_path / "master.key"
    master.write_bytes(bytes(32))
    master.chmod(0o644)
    with pytest.raises(StoreError, match="chmod 600"):
        open_day_keys(tmp_path / "keys.sqlite", master, os.urandom, lambda: AT)


def test_another_master_key_opens_nothing(keys: DayKeys) -> None:
    keys.key("KZ-UZ", BINDING.erase_by)
    other = DayKeys(keys.store, bytes(32), os.urandom, lambda: AT)
    with pytest.raises(StoreError, match="master key"):
        other.known("KZ-UZ", BINDING.erase_by)
