"""Instants have one spelling."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.model.instants import read_instant, write_instant


def test_another_zone_is_written_in_utc() -> None:
    almaty = datetime(2026, 11, 24, 11, 0, tzinfo=timezone(timedelta(hours=5)))
    assert write_instant(almaty) == "2026-11-24T06:00:00.000Z"


@given(st.datetimes(min_value=datetime(2000, 1, 1), timezones=st.just(UTC)))
def test_what_is_written_reads_back_to_the_millisecond(at: datetime) -> None:
    cut = at.replace(microsecond=at.microsecond // 1000 * 1000)
    assert read_instant(write_instant(at)) == cut


@pytest.mark.parametrize(
    "text",
    ["2026-11-24T06:00:00Z", "2026-11-24T06:00:00.000+00:00", "2026-13-24T06:00:00.000Z", ""],
)
def test_another_spelling_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"instant|month"):
        read_instant(text)
