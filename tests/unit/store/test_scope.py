"""A row is given to the authority it is of, and to no other."""

from collections.abc import Iterator
from datetime import date

import pytest

from gateway.store import exchange_rows, submission_rows
from gateway.store.connection import Store, Turn
from gateway.store.exchange_rows import ExchangeRow, InboxRow, ReceiptRow
from gateway.store.scope import WHOLE, Own, Scope
from gateway.store.sealed import Binding, SealedBytes
from gateway.store.submission_rows import SubmissionRow

SENDER, RECIPIENT, STRANGER = (
    Own(one, None) for one in ("kz.labour-ministry", "uz.migration-agency", "kz.national-bank")
)
TYPE = "EmploymentContract"
# A header is stored inside its seal.
SEAL = f"eyJh.e30.{'A' * 86}"


@pytest.fixture
def turn(store: Store) -> Iterator[Turn]:
    with store.write() as found:
        row = ExchangeRow(
            "x", "origin", "UZ", SENDER.authority, RECIPIENT.authority, TYPE, "A.1", "", "",
            b"{}", SEAL,
        )  # fmt: skip
        exchange_rows.put_exchanges(found, [row])
        exchange_rows.put_receipts(found, [ReceiptRow("x", "A.1", "token")])
        binding = Binding("KZ-UZ", date(2026, 1, 1), "", "x")
        exchange_rows.put_sealed(found, "transfer", binding, SealedBytes(b"", b""))
        file = InboxRow("x", RECIPIENT.authority, "l", "1", "t", "e", "[]", "", "")
        exchange_rows.put_inbox(found, [file])
        submission_rows.put_submission(
            found, SubmissionRow("s", "n", "k", b"", SENDER.authority, "", "", 202, b"", "")
        )
        yield found


def seen(turn: Turn, scope: Scope) -> list[str]:
    """Give which rows a scope shows."""
    rows = {
        "exchange": exchange_rows.exchange(turn, "x", scope),
        "receipts": exchange_rows.receipts(turn, "x", scope),
        "sealed": exchange_rows.sealed(turn, "x", "transfer", scope),
        "inbox": exchange_rows.inbox_row(turn, "x", scope),
        "submission": submission_rows.submission(turn, "s", scope),
    }
    return [name for name, found in rows.items() if found]


@pytest.mark.parametrize(
    ("scope", "wanted"),
    [
        (WHOLE, ["exchange", "receipts", "sealed", "inbox", "submission"]),
        (SENDER, ["exchange", "receipts", "sealed", "submission"]),
        (RECIPIENT, ["exchange", "receipts", "sealed", "inbox"]),
        (STRANGER, []),
        (Own(RECIPIENT.authority, frozenset({TYPE})), ["exchange", "receipts", "sealed", "inbox"]),
        (Own(RECIPIENT.authority, frozenset({"JobOrder"})), []),
        (Own(RECIPIENT.authority, frozenset()), []),
    ],
    ids=["gateway", "sender", "recipient", "stranger", "its type", "other type", "no right"],
)
def test_a_row_is_given_to_whom_it_is_of(turn: Turn, scope: Scope, wanted: list[str]) -> None:
    assert seen(turn, scope) == wanted


@pytest.mark.parametrize(
    ("scope", "count"),
    [(RECIPIENT, 1), (SENDER, 0), (STRANGER, 0), (Own(RECIPIENT.authority, frozenset()), 0)],
)
def test_the_inbox_lists_only_what_is_the_caller_s(turn: Turn, scope: Own, count: int) -> None:
    assert len(exchange_rows.inbox(turn, scope, 0, 10)) == count


def test_nobody_s_scope_is_not_everybody_s() -> None:
    with pytest.raises(ValueError, match="an authority"):
        Own("", None)
