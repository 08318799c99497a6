"""The status says what is due first."""

from datetime import timedelta
from pathlib import Path

import pytest

from gateway.directory.published import read_published
from gateway.directory.status import status_of
from tests.support.directories import NOW, published


@pytest.mark.parametrize(
    ("later", "state"),
    [(timedelta(0), "sound"), (timedelta(hours=7), "due"), (timedelta(hours=25), "expired")],
)
def test_the_timestamp_stands_at_the_head(tmp_path: Path, later: timedelta, state: str) -> None:
    first = status_of(read_published(published(tmp_path).published))[0]
    assert (first.role, first.state(NOW + later)) == ("timestamp", state)
