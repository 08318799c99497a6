"""The newest list is found, and what it says of a number takes the place of what was said."""

from gateway.store.connection import Store
from gateway.store.status_rows import (
    StatusListRow,
    StatusRow,
    newest_list,
    put_status_list,
    status,
)

FIRST = StatusListRow("01", "uz.a", "JobOrder", "uz.a/system", "digest", "2026-11-01", "later")
SECOND = FIRST._replace(id="02", as_of="2026-11-02")
ROW = StatusRow(b"one", "01", "valid", "issued", "", "")


def test_what_is_said_last_counts_and_the_rest_stays(store: Store) -> None:
    other = ROW._replace(hmac=b"two")
    with store.write() as turn:
        put_status_list(turn, FIRST, [ROW, other])
        put_status_list(turn, SECOND, [ROW._replace(list="02", verdict="invalid")])
    with store.read() as turn:
        assert status(turn, b"one") == (ROW._replace(list="02", verdict="invalid"), SECOND)
        assert status(turn, b"two") == (other, FIRST)
        assert newest_list(turn, "uz.a", "JobOrder") == SECOND


def test_of_another_number_or_authority_nothing_is_said(store: Store) -> None:
    with store.write() as turn:
        put_status_list(turn, FIRST, [ROW])
    with store.read() as turn:
        assert status(turn, b"three") is None
        assert newest_list(turn, "uz.b", "JobOrder") is None
        assert newest_list(turn, "uz.a", "AgencyLicence") is None
