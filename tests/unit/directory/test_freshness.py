"""Unreachable has a grace; served but expired has none."""

from datetime import UTC, datetime, timedelta

import pytest

from gateway.directory.freshness import GRACE, Standing, is_alarm, require_usable, standing
from gateway.model.refusal import Refusal

ENDS = datetime(2026, 11, 25, 6, tzinfo=UTC)
HOUR = timedelta(hours=1)

CASES = [
    ("", -HOUR, Standing.CURRENT),
    ("directory.unreachable", -HOUR, Standing.CURRENT),
    ("directory.rollback", -HOUR, Standing.CURRENT),
    ("", timedelta(), Standing.GRACE),
    ("directory.unreachable", timedelta(), Standing.GRACE),
    ("directory.slow", GRACE - HOUR, Standing.GRACE),
    ("directory.unreachable", GRACE, Standing.STALE),
    ("directory.expired", timedelta(), Standing.FROZEN),
    ("directory.expired", GRACE, Standing.FROZEN),
    ("directory.rollback", HOUR, Standing.FROZEN),
    ("directory.threshold", HOUR, Standing.FROZEN),
]


@pytest.mark.parametrize(("failure", "after", "found"), CASES)
def test_a_directory_stands(failure: str, after: timedelta, found: Standing) -> None:
    assert standing(ENDS, failure, ENDS + after) is found


@pytest.mark.parametrize(
    ("failure", "found", "alarm"),
    [
        ("", Standing.CURRENT, False),
        ("directory.unreachable", Standing.CURRENT, False),
        ("directory.unreachable", Standing.GRACE, True),
        ("directory.expired", Standing.CURRENT, True),
        ("directory.rollback", Standing.CURRENT, True),
    ],
)
def test_an_alarm_is_raised_for_what_is_wrong_and_for_the_grace(
    failure: str,
    found: Standing,
    alarm: bool,  # noqa: FBT001
) -> None:
    assert is_alarm(failure, found) is alarm


@pytest.mark.parametrize("found", [Standing.CURRENT, Standing.GRACE])
def test_current_and_grace_serve_existing_agreements(found: Standing) -> None:
    require_usable("KZ", found)


@pytest.mark.parametrize(
    ("found", "code"),
    [(Standing.FROZEN, "directory.expired"), (Standing.STALE, "directory.stale")],
)
def test_frozen_and_stale_serve_nothing_new(found: Standing, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        require_usable("KZ", found)
    assert refused.value.code == code
