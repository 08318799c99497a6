"""A ladder is judged by its order and its deadlines, whichever side stored it."""

import pytest

from gateway.proof.header import Header, read_header
from gateway.proof.ladder_order import check_order
from gateway.proof.receipt import ReceiptEvent
from tests.support.evidence import exchange

EARLY, RELAY = "2026-11-24T07:00:00.000Z", "2026-12-01T06:00:00.000Z"
AFTER_RELAY, AFTER_HANDOVER = "2026-12-01T06:00:00.001Z", "2026-12-24T06:00:00.001Z"
NEGATIVE = {"B.2", "B.3", "C.4", "E.2"}


@pytest.fixture(scope="module")
def header() -> Header:
    return read_header(exchange().header())


def events(*told: str) -> list[ReceiptEvent]:
    """Events of codes; `B.1@…` gives the time, else it is early, or the code's own deadline's."""
    own = {"B.3": AFTER_RELAY, "E.2": AFTER_HANDOVER}
    found = []
    for one in told:
        code, _, at = one.partition("@")
        reasons = ("relay.expired",) if code in NEGATIVE else ()
        found.append(ReceiptEvent(code, "", at or own.get(code, EARLY), "", 0, "", reasons))
    return found


@pytest.mark.parametrize(
    "told",
    [
        "A.1 B.1 D.1 E.1",
        "A.1 B.1 D.1 E.2",
        "A.1 B.1 D.1 C.3 E.1",
        "A.1 B.1 D.1 C.3 E.2",
        "A.1 B.1 D.1 C.4",
        "A.1 B.2",
        "A.1 B.3",
        f"A.1 B.1@{RELAY} D.1 E.1",
        # The origin's order of a superseded B.3, and the destination's.
        "A.1 B.3 B.1 D.1 X.9 E.1",
        "A.1 B.1 D.1 B.3 X.9 E.1",
        "A.1 B.1 D.1 E.1 B.3 X.9",
        # Accepted too late: the outcome stays.
        f"A.1 B.3 B.1@{AFTER_RELAY} D.1@{AFTER_RELAY} E.1",
        f"A.1 B.3 B.2@{AFTER_RELAY}",
    ],
)
def test_a_whole_ladder_passes(header: Header, told: str) -> None:
    assert check_order(events(*told.split()), header).code == ""


@pytest.mark.parametrize(
    ("told", "code"),
    [
        # Tampering 53 of evidence-log 6.3, and the same of a handover.
        (f"A.1 B.3@{RELAY}", "ladder.early"),
        ("A.1 B.1 D.1 E.2@2026-12-24T06:00:00.000Z", "ladder.early"),
        # Tampering 54: a B.3 while a B.1 in time exists, not superseded.
        ("A.1 B.3 B.1 D.1", "ladder.superseded"),
        ("A.1 B.1 D.1 B.3 E.1", "ladder.superseded"),
        ("A.1 B.1 D.1 X.9 E.1", "ladder.superseded"),
        ("A.1 B.3 X.9", "ladder.order"),
        (f"A.1 B.3 B.1@{AFTER_RELAY} D.1 X.9", "ladder.order"),
        ("A.1 E.1 B.1 D.1", "ladder.order"),
        ("A.1 B.1 D.1 E.1 E.1", "ladder.order"),
        ("A.1 B.3 B.1 D.1 X.9", "ladder.open"),
        ("A.1", "ladder.open"),
    ],
)
def test_a_ladder_that_breaks_a_rule_is_named(header: Header, told: str, code: str) -> None:
    assert check_order(events(*told.split()), header).code == code


def test_a_negative_event_without_a_reason_is_false(header: Header) -> None:
    bare = [*events("A.1"), ReceiptEvent("B.3", "", AFTER_RELAY, "", 0, "")]
    assert check_order(bare, header).code == "ladder.order"
