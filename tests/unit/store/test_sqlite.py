"""Each connection to a file is as durable as was promised."""

from pathlib import Path

import pytest
from sqlalchemy import text

from gateway.store.sqlite import open_sqlite


@pytest.mark.parametrize(
    ("name", "value"), [("journal_mode", "wal"), ("synchronous", 2), ("secure_delete", 1)]
)
def test_every_connection_has_the_durable_settings(
    tmp_path: Path, name: str, value: object
) -> None:
    with open_sqlite(tmp_path / "gateway.sqlite").read() as turn:
        assert turn.execute(text(f"PRAGMA {name}")).scalar_one() == value
