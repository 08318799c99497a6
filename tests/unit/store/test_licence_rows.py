"""Of each licence the newest record counts, whatever order they come in."""

from datetime import date

import pytest

from gateway.model.rights import LicenceState
from gateway.store.connection import Store
from gateway.store.licence_rows import LicenceRow, licence, put_licence

DAYS = (date(2026, 1, 1), date(2026, 12, 31))
OLD = LicenceRow(b"a", "2026-01-01T00:00:00.000Z", LicenceState("issued", *DAYS))
NEW = LicenceRow(b"a", "2026-02-01T00:00:00.000Z", LicenceState("suspended", *DAYS))


@pytest.mark.parametrize("order", [(OLD, NEW), (NEW, OLD)], ids=["in order", "late"])
def test_the_newest_record_counts(store: Store, order: tuple[LicenceRow, ...]) -> None:
    for row in order:
        with store.write() as turn:
            put_licence(turn, row)
    with store.read() as turn:
        assert licence(turn, b"a") == NEW.known


def test_of_another_number_nothing_is_known(store: Store) -> None:
    with store.write() as turn:
        put_licence(turn, NEW)
    with store.read() as turn:
        assert licence(turn, b"b") is None
