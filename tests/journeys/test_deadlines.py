"""What is not acknowledged in time ends in B.3 or E.2, and what contradicts that is told."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from gateway.client import client
from gateway.exchange.expire import expire
from gateway.exchange.record import (
    Event,
    exchange_members,
    log_events,
    receipt_members,
    sign_receipt,
)
from gateway.exchange.settle import settle
from gateway.exchange.ways import message_item
from gateway.model.instants import read_instant
from gateway.model.refusal import Refusal
from gateway.proof.canonical import canonical_json
from gateway.proof.entry import read_entry
from gateway.proof.header import read_header
from gateway.store import exchange_rows, log_rows
from gateway.store.alarm_rows import alarms
from gateway.store.scope import WHOLE
from gateway.store.tables import EXCHANGE
from tests.support.two_offices import HANDOVER, RELAY, Side, TwoOffices, two_offices


@pytest.fixture
def offices(tmp_path: Path, databases: Callable[[], str]) -> Iterator[TwoOffices]:
    with two_offices(tmp_path, databases) as found:
        yield found


def _alarms(side: Side) -> list[str]:
    with side.office.store.read() as turn:
        return [one.code for one in alarms(turn, 0)]


def _entries(side: Side, partner: str, x: str) -> list[str]:
    log = side.office.log(partner)
    with side.office.store.read() as turn:
        found = [read_entry(one) for one in log_rows.entries(turn, log, 0, 1000)]
    return [one.code for one in found if one.members.get("x") == x]


def _relay(side: Side, x: str) -> str:
    with side.office.store.read() as turn:
        found = exchange_rows.exchange(turn, x, WHOLE)
        assert found is not None
        return re.findall(rb'"relay":"([^"]+)"', found.header)[0].decode()


def test_an_outage_longer_than_the_deadline_ends_in_b3_and_no_further_sending(
    offices: TwoOffices,
) -> None:
    offices.uz.peer.close()
    x = offices.kz.submit()
    offices.rounds()
    offices.clock.turn(days=1, seconds=1)
    offices.rounds()
    assert (offices.kz.state(x), offices.kz.codes(x)) == ("B.3", ["A.1", "B.3"])
    offices.uz.peer.open()
    offices.clock.turn(hours=1)
    offices.rounds(6)
    assert offices.uz.state(x) == ""
    assert offices.kz.judged(x)[0] == set()


def test_a_gateway_that_starts_after_the_deadline_issues_b3_at_its_first_round(
    offices: TwoOffices,
) -> None:
    offices.uz.peer.close()
    x = offices.kz.submit()
    offices.clock.turn(days=2)
    offices.kz.restart()
    offices.kz.worker.round()
    assert offices.kz.state(x) == "B.3"


def test_at_the_very_deadline_the_message_still_waits(offices: TwoOffices) -> None:
    offices.uz.peer.close()
    x = offices.kz.submit()
    offices.clock.now = read_instant(_relay(offices.kz, x))
    offices.kz.worker.round()
    assert offices.kz.state(x) == "A.1"
    offices.clock.turn(milliseconds=1)
    offices.kz.restart()
    offices.kz.worker.round()
    assert offices.kz.state(x) == "B.3"


def test_an_outage_shorter_than_the_deadline_drains_in_order(offices: TwoOffices) -> None:
    offices.uz.peer.close()
    sent = [offices.kz.submit() for _ in range(5)]
    offices.rounds()
    offices.clock.turn(hours=12)
    offices.uz.peer.open()
    for _ in range(6):
        offices.rounds()
        offices.clock.turn(minutes=10)
    assert [one["exchangeId"] for one in client.inbox(offices.uz.ministry)] == sent
    assert {offices.kz.state(x) for x in sent} == {"D.1"}


def test_a_handover_that_nobody_confirms_ends_in_e2_on_both_sides(offices: TwoOffices) -> None:
    x = offices.kz.submit()
    offices.rounds()
    offices.clock.now += HANDOVER
    offices.uz.restart()
    offices.rounds(4)
    assert (offices.uz.state(x), offices.kz.state(x)) == ("E.2", "E.2")
    assert offices.kz.judged(x)[0] == set()
    assert client.inbox(offices.uz.ministry) == []
    reply = offices.uz.ministry.get(f"/v1/inbox/{x}")
    assert (reply.status, json.loads(reply.body)["code"]) == (410, "handover.expired")


def test_a_confirmation_after_e2_is_answered_with_e2(offices: TwoOffices) -> None:
    x = offices.kz.submit()
    offices.rounds()
    taken = client.take(offices.uz.ministry)
    offices.clock.now += HANDOVER
    offices.uz.restart()
    offices.rounds()
    at = offices.clock()
    told = client.confirm(offices.uz.ministry, offices.uz.profile.key, taken, at=at)
    assert told["items"] == [{"exchangeId": x, "state": "E.2"}]
    assert "E.1" not in offices.uz.codes(x)


def test_what_was_handed_over_in_time_never_expires(offices: TwoOffices) -> None:
    x = offices.kz.submit()
    offices.rounds()
    offices.uz.take_and_confirm()
    offices.rounds()
    offices.clock.now += 3 * HANDOVER
    for side in (offices.kz, offices.uz):
        side.restart()
        side.worker.round()
    assert (offices.uz.state(x), offices.kz.state(x)) == ("E.1", "E.1")


def _accepted_and_lost(offices: TwoOffices) -> str:
    """Give a message that the destination accepted, whose answer never reached the origin."""
    x = offices.kz.submit()
    with offices.kz.office.store.read() as turn:
        body = canonical_json({"items": [message_item(offices.kz.office, turn, x)]})
    assert offices.kz.links["UZ"].post("/peer/v1/messages", body, "application/json").status == 200
    offices.uz.peer.close()
    return x


def _accepts_too_late(offices: TwoOffices, x: str) -> str:
    """Give the receipt of a destination that accepts after the deadline, which ours never does."""
    with offices.kz.office.store.read() as turn:
        exchange = exchange_rows.exchange(turn, x, WHOLE)
    assert exchange is not None
    header, uz = read_header(exchange.header), offices.uz.office
    events = [Event(code, uz.log("KZ"), exchange_members(header)) for code in ("B.1", "D.1")]
    with uz.store.write() as turn:
        logged = log_events(turn, uz, events)
        return sign_receipt(turn, uz, x, logged, receipt_members(header))


def test_b1_in_time_after_b3_supersedes_it_and_is_an_alarm_on_both_sides(
    offices: TwoOffices,
) -> None:
    x = _accepted_and_lost(offices)
    offices.clock.now += RELAY + timedelta(seconds=1)
    offices.rounds()
    assert offices.kz.state(x) == "B.3"
    offices.uz.peer.open()
    for _ in range(6):
        offices.clock.turn(minutes=10)
        offices.rounds(4)
    assert offices.kz.codes(x) == ["A.1", "B.3", "B.1 D.1", "X.9"]
    assert (offices.kz.state(x), offices.uz.state(x)) == ("D.1", "D.1")
    assert _alarms(offices.kz) == ["receipt.superseded"]
    assert _alarms(offices.uz) == ["receipt.contradicted"]
    offices.uz.take_and_confirm()
    offices.rounds(4)
    assert offices.kz.state(x) == "E.1"
    for side in (offices.kz, offices.uz):
        assert side.judged(x)[0] == set()
    assert _entries(offices.kz, "UZ", x) == ["A.1", "B.3", "B.1", "D.1", "X.9", "E.1"]


def test_b1_given_after_the_deadline_leaves_b3_and_is_a_broken_rule(offices: TwoOffices) -> None:
    offices.uz.peer.close()
    x = offices.kz.submit()
    offices.clock.now += RELAY + timedelta(seconds=1)
    offices.kz.worker.round()
    token = _accepts_too_late(offices, x)
    settle(offices.kz.office, token, "UZ")
    settle(offices.kz.office, token, "UZ")
    assert offices.kz.state(x) == "B.3"
    assert _alarms(offices.kz) == ["receipt.late"]
    assert _entries(offices.kz, "UZ", x) == ["A.1", "B.3", "B.1", "D.1", "X.7"]


def test_b1_given_after_the_deadline_and_before_b3_is_late_too(offices: TwoOffices) -> None:
    offices.uz.peer.close()
    x = offices.kz.submit()
    offices.clock.now += RELAY + timedelta(seconds=1)
    settle(offices.kz.office, _accepts_too_late(offices, x), "UZ")
    assert (offices.kz.state(x), _alarms(offices.kz)) == ("A.1", ["receipt.late"])
    offices.kz.worker.round()
    assert offices.kz.state(x) == "B.3"


def test_a_b3_before_the_deadline_is_refused_at_the_destination(offices: TwoOffices) -> None:
    x = offices.kz.submit()
    offices.rounds()
    with offices.kz.office.store.write() as turn:
        exchange = exchange_rows.exchange(turn, x, WHOLE)
        assert exchange is not None
        header, kz = read_header(exchange.header), offices.kz.office
        event = Event("B.3", kz.log("UZ"), exchange_members(header), reasons=("relay.expired",))
        logged = log_events(turn, kz, [event])
        token = sign_receipt(turn, kz, x, logged, receipt_members(header))
    with pytest.raises(Refusal, match=r"receipt\.wrong"):
        settle(offices.uz.office, token, "KZ")
    assert "B.3" not in offices.uz.codes(x)


def test_one_deadline_whose_event_cannot_be_issued_holds_up_no_other(offices: TwoOffices) -> None:
    offices.uz.peer.close()
    stuck, other = offices.kz.submit(), offices.kz.submit()
    with offices.kz.office.store.write() as turn:
        turn.execute(update(EXCHANGE).where(EXCHANGE.c.x == stuck).values(partner="XX"))
    offices.clock.now += RELAY + timedelta(seconds=1)
    found = expire(offices.kz.office)
    assert (found.events["B.3"], found.stuck) == (1, {stuck: "trust.missing"})
    assert offices.kz.state(other) == "B.3"


def test_no_number_of_a_direction_is_lost_by_a_b3(offices: TwoOffices) -> None:
    offices.uz.peer.close()
    offices.kz.submit()
    offices.clock.now += RELAY + timedelta(seconds=1)
    offices.rounds()
    offices.uz.peer.open()
    offices.kz.submit()
    log = offices.kz.office.log("UZ")
    with offices.kz.office.store.read() as turn:
        found = [read_entry(one).members.get("seq") for one in log_rows.entries(turn, log, 0, 99)]
    assert [one for one in found if one is not None] == [1, 2]
