"""What a quota has used is counted from the exchanges that are stored, by window and sender."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from gateway.exchange.quotas import Journey, QuotaTakenError, require_room, usage
from gateway.model.ids import exchange_id
from gateway.model.instants import write_instant
from gateway.model.quotas import Quota
from gateway.store.connection import Store
from gateway.store.exchange_rows import ExchangeRow, put_exchange
from tests.support.pki import AT

DAY, HOUR = Quota("day", 2), Quota("hour", 2)
WAY = Journey("origin", "KZ>UZ", "UZ", "EmploymentContract", "kz.labour-ministry", AT)
MIDNIGHT = AT.replace(hour=0)
BEFORE = timedelta(milliseconds=1)


def put(store: Store, *ways: Journey) -> None:
    with store.write() as turn:
        for number, way in enumerate(ways):
            x = exchange_id(way.at, lambda size, n=number: bytes([n]) * size)
            row = ExchangeRow(
                x, way.role, way.partner, way.sender, "uz.x", way.record_type, "A.1",
                write_instant(way.at), "2027-01-01", b"", "",
            )  # fmt: skip
            put_exchange(turn, row)


def at(instant: datetime) -> Journey:
    return replace(WAY, at=instant)


def used(store: Store, quota: Quota, way: Journey = WAY, pending: int = 0) -> int:
    return usage(store, [quota], way, pending)[quota]


def test_a_window_counts_from_its_first_instant_to_before_its_last(store: Store) -> None:
    day = timedelta(days=1)
    put(store, *(at(one) for one in (MIDNIGHT - BEFORE, MIDNIGHT, MIDNIGHT + day)))
    assert used(store, DAY) == 1


def test_an_hour_counts_less_than_its_day(store: Store) -> None:
    put(store, at(AT - timedelta(hours=1)), at(AT))
    assert (used(store, HOUR), used(store, DAY)) == (1, 2)


@pytest.mark.parametrize(
    "other",
    [
        replace(WAY, role="destination"),
        replace(WAY, partner="TJ"),
        replace(WAY, record_type="JobOrder"),
    ],
    ids=["what came", "to another partner", "of another type"],
)
def test_other_journeys_do_not_count(store: Store, other: Journey) -> None:
    put(store, other)
    assert used(store, DAY) == 0


def test_all_senders_count_together_unless_each_counts_alone(store: Store) -> None:
    put(store, WAY, replace(WAY, sender="kz.national-bank"))
    assert (used(store, DAY), used(store, replace(DAY, each="authority"))) == (2, 1)


def test_what_the_same_submission_has_sealed_counts_too(store: Store) -> None:
    assert used(store, DAY, pending=2) == 2


def test_the_last_room_is_counted_again_in_the_writer_s_turn(store: Store) -> None:
    put(store, WAY)
    with store.write() as turn:
        require_room(turn, [DAY], WAY)
    put(store, replace(WAY, at=AT + BEFORE))
    with store.write() as turn, pytest.raises(QuotaTakenError):
        require_room(turn, [DAY], WAY)
