"""UUIDs from a given time and given randomness."""

import uuid
from datetime import UTC, datetime

from gateway.model.ids import exchange_id, random_id

AT = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)


def zeros(size: int) -> bytes:
    return bytes(size)


def test_an_exchange_id_is_a_version_7_uuid() -> None:
    found = uuid.UUID(exchange_id(AT, zeros))
    assert (found.version, found.variant) == (7, uuid.RFC_4122)


def test_an_exchange_id_starts_with_its_milliseconds() -> None:
    assert uuid.UUID(exchange_id(AT, zeros)).int >> 80 == int(AT.timestamp() * 1000)


def test_a_random_id_is_a_version_4_uuid() -> None:
    assert uuid.UUID(random_id(zeros)).version == 4
