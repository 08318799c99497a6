"""Delivery: order in a chain, poison, the circuit of a partner, and partners that answer badly."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Response
from sqlalchemy import select, update
from structlog.testing import capture_logs

from gateway.client import client
from gateway.exchange.circuit import OPEN_AFTER
from gateway.exchange.deliver import LEASE_SECONDS
from gateway.exchange.settle import Given, settle_all
from gateway.exchange.ways import BUDGET, UNANSWERED
from gateway.proof.canonical import canonical_json
from gateway.proof.header import Header, header_bytes, read_header
from gateway.proof.json_signature import peek_thumbprint
from gateway.proof.trust import Revocation
from gateway.store import exchange_rows
from gateway.store.alarm_rows import AlarmRow, alarms
from gateway.store.circuit_rows import CircuitRow, circuit
from gateway.store.outbox_rows import ALONE_AFTER
from gateway.store.scope import WHOLE
from gateway.store.tables import OUTBOX, SEALED
from gateway.store.turns import full
from tests.support.gateways import PATIENCE_SECONDS, SAMPLES, free_ports, until
from tests.support.hostile import (
    Items,
    Says,
    accepts,
    answered,
    contract,
    header_of,
    in_place_of,
    payload,
    sealed,
)
from tests.support.two_offices import Port, Side, TwoOffices, two_offices

GARBAGE = (
    b"", b"\xff\xfe", b"[]", b'{"items": 3}', b'{"items": ["a"]}', b'{"items": [{}], "items": []}',
)  # fmt: skip
NO_RECEIPTS = (7, "", "a.b.c", "é", {"receipt": "x"}, "e30.e30.")
NO_CHECKPOINTS = ((409, b"many"), (409, b"9" * 400), (200, b"\xff"), (200, b""))


@pytest.fixture
def offices(tmp_path: Path) -> Iterator[TwoOffices]:
    with two_offices(tmp_path) as found:
        yield found


def _alarms(side: Side) -> list[AlarmRow]:
    with side.office.store.read() as turn:
        return alarms(turn, 0)


def _circuit(side: Side, partner: str) -> CircuitRow | None:
    with side.office.store.read() as turn:
        return circuit(turn, partner)


def _waiting(side: Side) -> list[tuple[str, int, str]]:
    """What waits in an outbox: exchange, how often it failed, and why."""
    with side.office.store.read() as turn:
        rows = turn.execute(select(OUTBOX).order_by(OUTBOX.c.n)).all()
    return [(one.x, one.failed, one.why) for one in rows]


def _fail(side: Side, x: str, times: int) -> None:
    with side.office.store.write() as turn:
        turn.execute(update(OUTBOX).where(OUTBOX.c.x == x).values(failed=times))


def _header(side: Side, x: str) -> Header:
    with side.office.store.read() as turn:
        found = exchange_rows.exchange(turn, x, WHOLE)
    assert found is not None
    return read_header(found.header)


def _x(item: dict[str, Any]) -> str:
    return header_of(item).exchange_id


def _tells(x: str, receipt: object) -> Says:
    return lambda _path, found: answered([{"x": x, "receipt": receipt}]) if found else None


def _garbles_checkpoints(status: int, body: bytes) -> Says:
    def says(path: str, _found: Items) -> Response | None:
        return Response(body, status=status) if path.endswith("add-checkpoint") else None

    return says


def _taken(offices: TwoOffices, found: Items) -> Response:
    """Accept messages, whatever else is asked."""
    tokens = {_x(one): accepts(offices.uz, header_of(one)) for one in found}
    return answered([{"x": x, "receipt": token} for x, token in tokens.items()])


def test_a_turn_that_ends_before_it_settles_leaves_nothing_claimed(offices: TwoOffices) -> None:
    sound = offices.kz.office
    x = offices.kz.submit(contract(1))

    def without_room(point: str) -> None:
        if point == "K8":
            raise full()

    offices.kz.office = replace(sound, reach=without_room)
    offices.kz.worker.round()
    assert offices.kz.state(x) == "A.1"
    offices.kz.office = sound
    offices.kz.worker.round()
    assert offices.kz.state(x) == "D.1"


def test_what_a_killed_node_had_claimed_another_sends_when_the_lease_has_ended(
    offices: TwoOffices,
) -> None:
    sound = offices.kz.office
    x = offices.kz.submit(contract(1))

    def killed(point: str) -> None:
        if point == "K6":
            raise KeyboardInterrupt

    offices.kz.office = replace(sound, reach=killed)
    with pytest.raises(KeyboardInterrupt):
        offices.kz.worker.round()
    offices.kz.office = sound
    offices.kz.restart()
    offices.kz.worker.round()
    assert offices.kz.state(x) == "A.1"
    offices.clock.turn(seconds=LEASE_SECONDS)
    offices.kz.worker.round()
    assert offices.kz.state(x) == "D.1"


def test_a_later_version_of_a_record_waits_for_the_earlier_one_and_others_pass(
    offices: TwoOffices,
) -> None:
    first, later = offices.kz.submit(contract(1)), offices.kz.submit(contract(1))
    other = offices.kz.submit(contract(2))

    def keeps_the_first_waiting(_path: str, found: Items) -> Response | None:
        return _taken(offices, [one for one in found if _x(one) != first]) if found else None

    with in_place_of(offices.uz, keeps_the_first_waiting) as partner:
        for _ in range(8):
            offices.kz.worker.round()
            offices.clock.turn(minutes=5)
    sent = {_x(one) for batch in partner.came for one in batch}
    assert sent == {first, other}
    assert (offices.kz.state(first), offices.kz.state(later)) == ("A.1", "A.1")
    assert offices.kz.state(other) == "D.1"
    for _ in range(4):
        offices.clock.turn(minutes=10)
        offices.rounds()
    assert [one["exchangeId"] for one in client.inbox(offices.uz.ministry)] == [first, later]


def test_versions_of_a_record_that_waited_together_arrive_in_their_order(
    offices: TwoOffices,
) -> None:
    sent = [offices.kz.submit(contract(1)) for _ in range(4)]
    offices.rounds(6)
    assert [one["exchangeId"] for one in client.inbox(offices.uz.ministry)] == sent


def test_a_message_whose_bytes_cannot_be_read_holds_up_no_other_and_is_an_alarm(
    offices: TwoOffices,
) -> None:
    spoiled, whole = offices.kz.submit(contract(1)), offices.kz.submit(contract(2))
    with offices.kz.office.store.write() as turn:
        same = (SEALED.c.x == spoiled, SEALED.c.kind == "transfer")
        turn.execute(update(SEALED).where(*same).values(octets=b"spoiled"))
    offices.rounds()
    assert (offices.kz.state(whole), offices.kz.state(spoiled)) == ("D.1", "A.1")
    assert [(one.code, one.x) for one in _alarms(offices.kz)] == [("outbox.unreadable", spoiled)]


def test_a_message_that_fails_every_batch_is_found_by_sending_each_alone(
    offices: TwoOffices,
) -> None:
    poison, *good = [offices.kz.submit(contract(n)) for n in range(4)]

    def fails_with_the_poison(_path: str, found: Items) -> Response | None:
        return Response("", status=500) if poison in [_x(one) for one in found] else None

    with in_place_of(offices.uz, fails_with_the_poison):
        for _ in range(20):
            offices.kz.worker.round()
            offices.clock.turn(minutes=5)
    assert [offices.kz.state(x) for x in good] == ["D.1"] * 3
    (waits,) = _waiting(offices.kz)
    assert (waits[0], waits[1] >= ALONE_AFTER) == (poison, True)


def test_what_failed_before_takes_no_more_than_its_budget_of_a_batch(offices: TwoOffices) -> None:
    old = [offices.kz.submit(contract(n)) for n in range(BUDGET + 3)]
    for x in old:
        _fail(offices.kz, x, 1)
    new = offices.kz.submit(contract(900))
    with in_place_of(offices.uz) as partner:
        offices.kz.worker.round()
    first = [_x(one) for one in partner.came[0]]
    assert (len(first), first[-1], set(first[:-1]) < set(old)) == (BUDGET + 1, new, True)


def test_after_three_failures_one_item_goes_as_a_probe_and_an_answer_closes_the_circuit(
    offices: TwoOffices,
) -> None:
    sent = [offices.kz.submit(contract(n)) for n in range(3)]
    offices.uz.peer.close()
    while (found := _circuit(offices.kz, "UZ")) is None or found.failures < OPEN_AFTER:
        offices.kz.worker.round()
        offices.clock.turn(minutes=5)
    offices.uz.peer.open()
    with in_place_of(offices.uz) as partner:
        offices.kz.worker.round()
        assert partner.sizes == [1]
        assert _circuit(offices.kz, "UZ") is None
        offices.kz.worker.round()
    assert partner.sizes == [1, 2]
    assert {offices.kz.state(x) for x in sent} == {"D.1"}


def test_while_the_circuit_is_open_the_partner_is_not_asked(offices: TwoOffices) -> None:
    offices.kz.submit()
    offices.uz.peer.close()
    offices.kz.worker.round()
    failed = _circuit(offices.kz, "UZ")
    for _ in range(5):
        offices.kz.worker.round()
    assert _circuit(offices.kz, "UZ") == failed


def test_a_worker_that_restarts_remembers_that_a_partner_does_not_answer(
    offices: TwoOffices,
) -> None:
    offices.kz.submit()
    offices.uz.peer.close()
    offices.kz.worker.round()
    offices.uz.peer.open()
    offices.kz.restart()
    with in_place_of(offices.uz) as partner:
        offices.kz.worker.round()
    assert partner.came == []


def test_a_partner_that_says_when_to_try_again_is_not_asked_before(offices: TwoOffices) -> None:
    x = offices.kz.submit()

    def is_full(_path: str, found: Items) -> Response | None:
        return Response("", status=507, headers={"Retry-After": "240"}) if found else None

    with in_place_of(offices.uz, is_full):
        offices.kz.worker.round()
    found = _circuit(offices.kz, "UZ")
    assert found is not None
    assert found.until - int(offices.clock().timestamp()) >= 240
    # It was the partner's trouble and none of the item.
    assert _waiting(offices.kz) == [(x, 0, "")]


def test_garbage_for_an_answer_changes_nothing_and_is_tried_again(offices: TwoOffices) -> None:
    x = offices.kz.submit()
    bodies = iter(GARBAGE)
    with in_place_of(offices.uz, lambda _p, found: Response(next(bodies)) if found else None) as to:
        while len(to.came) < len(GARBAGE):
            offices.kz.worker.round()
            offices.clock.turn(minutes=6)
    assert (offices.kz.state(x), offices.kz.codes(x)) == ("A.1", ["A.1"])
    offices.rounds()
    assert offices.kz.state(x) == "D.1"


def test_a_receipt_that_is_none_changes_nothing(offices: TwoOffices) -> None:
    x = offices.kz.submit()
    for receipt in NO_RECEIPTS:
        with in_place_of(offices.uz, _tells(x, receipt)) as to:
            offices.kz.worker.round()
            offices.clock.turn(minutes=6)
        assert len(to.came) == 1
    assert (offices.kz.state(x), offices.kz.codes(x)) == ("A.1", ["A.1"])
    assert _alarms(offices.kz) == []


def test_of_half_a_list_the_named_half_is_settled_and_the_rest_is_sent_again(
    offices: TwoOffices,
) -> None:
    named, unnamed = offices.kz.submit(contract(1)), offices.kz.submit(contract(2))

    token = accepts(offices.uz, _header(offices.kz, named))
    with in_place_of(offices.uz, _tells(named, token)):
        offices.kz.worker.round()
    assert (offices.kz.state(named), offices.kz.state(unnamed)) == ("D.1", "A.1")
    assert _waiting(offices.kz) == [(unnamed, 1, UNANSWERED)]
    offices.clock.turn(minutes=10)
    offices.rounds()
    assert offices.kz.state(unnamed) == "D.1"


def test_a_signed_receipt_for_another_header_settles_nothing_and_is_kept_as_evidence(
    offices: TwoOffices,
) -> None:
    x = offices.kz.submit()
    header = _header(offices.kz, x)
    other = read_header(header_bytes({**header.members, "purpose": "statistics"}))
    token = accepts(offices.uz, other)
    with in_place_of(offices.uz, _tells(x, token)):
        offices.kz.worker.round()
    assert offices.kz.state(x) == "A.1"
    (alarm,) = _alarms(offices.kz)
    assert (alarm.code, alarm.x, alarm.evidence) == ("receipt.wrong", x, token.encode())


def test_an_answer_with_the_receipt_of_another_message_settles_neither(offices: TwoOffices) -> None:
    asked, other = offices.kz.submit(contract(1)), offices.kz.submit(contract(2))
    token = accepts(offices.uz, _header(offices.kz, other))
    with in_place_of(offices.uz, _tells(asked, token)):
        offices.kz.worker.round()
    assert (offices.kz.state(asked), offices.kz.state(other)) == ("A.1", "A.1")


def test_receipts_for_a_message_that_was_never_sent_are_refused_and_leave_nothing(
    offices: TwoOffices,
) -> None:
    x = offices.kz.submit()
    offices.rounds()
    header = _header(offices.kz, x)
    never = "018f0000-0000-7000-8000-000000000000"
    token = accepts(offices.uz, read_header(header_bytes({**header.members, "exchangeId": never})))
    body = canonical_json({"items": [{"x": never, "receipts": [token]}]})
    reply = offices.uz.links["KZ"].post("/peer/v1/receipts", body, "application/json")
    (answer,) = json.loads(reply.body)["items"]
    assert (answer["stored"], answer["retry"]) == (False, False)
    assert answer["code"] == "request.not-found"
    assert offices.kz.codes(never) == []
    assert _alarms(offices.kz) == []


def _tokens(side: Side, x: str) -> dict[str, str]:
    with side.office.store.read() as turn:
        return dict(exchange_rows.receipts(turn, x, WHOLE))


def _given(offices: TwoOffices, x: str, *tokens: str) -> tuple[bool, str]:
    body = canonical_json({"items": [{"x": x, "receipts": list(tokens)}]})
    reply = offices.uz.links["KZ"].post("/peer/v1/receipts", body, "application/json")
    (answer,) = json.loads(reply.body)["items"]
    return answer["stored"], answer.get("code", "")


def test_what_stands_comes_again_with_a_later_receipt_and_only_the_later_one_is_judged(
    offices: TwoOffices,
) -> None:
    x = offices.kz.submit()
    offices.kz.worker.round()
    offices.uz.take_and_confirm()
    found, sound = _tokens(offices.uz, x), offices.kz.office
    accepted, confirmed = found["B.1 D.1"], found["E.1"]
    directory, name = sound.trust.directory("UZ"), peek_thumbprint(accepted)
    revoked = replace(directory, revoked={name: Revocation(datetime(2000, 1, 1, tzinfo=UTC))})
    known = {**sound.trust.directories, "UZ": revoked}
    strict = replace(sound, trust=replace(sound.trust, directories=known))
    given = [Given(accepted, x), Given(confirmed, x)]
    first, second = settle_all(strict, given, "UZ")
    assert (first, second and second.code) == (None, "certificate.revoked")
    assert _given(offices, x, accepted, confirmed) == (True, "")
    assert _given(offices, x, accepted, confirmed) == (True, "")
    assert offices.kz.codes(x) == ["A.1", "B.1 D.1", "E.1"]
    assert _alarms(offices.kz) == []


def test_our_own_receipt_is_none_of_the_partner_s(offices: TwoOffices) -> None:
    x = offices.kz.submit()
    offices.kz.worker.round()
    found = _tokens(offices.kz, x)
    answer = _given(offices, x, found["B.1 D.1"], found["A.1"])
    assert answer == (False, "signature.key-unknown")


def test_a_receipt_is_known_only_for_the_exchange_it_is_of(offices: TwoOffices) -> None:
    x, other = offices.kz.submit(contract(1)), offices.kz.submit(contract(2))
    offices.rounds()
    token = _tokens(offices.kz, x)["B.1 D.1"]
    assert _given(offices, other, token, token) == (False, "receipt.wrong")


def test_receipts_posted_for_another_header_are_an_alarm_once(offices: TwoOffices) -> None:
    x = offices.kz.submit()
    offices.rounds()
    header = _header(offices.kz, x)
    other = read_header(header_bytes({**header.members, "purpose": "statistics"}))
    for _ in range(3):
        token = accepts(offices.uz, other)
        body = canonical_json({"items": [{"x": x, "receipts": [token]}]})
        offices.uz.links["KZ"].post("/peer/v1/receipts", body, "application/json")
    assert [(one.code, one.x) for one in _alarms(offices.kz)] == [("receipt.wrong", x)]
    assert offices.kz.state(x) == "D.1"


def test_the_same_id_with_another_header_gets_b2_and_is_an_alarm_with_both_sealed(
    offices: TwoOffices,
) -> None:
    x = offices.kz.submit()
    offices.rounds()
    before = offices.uz.codes(x)
    item = sealed(offices.kz, _header(offices.kz, x), purpose="statistics")
    body = canonical_json({"items": [item]})
    answers = [
        json.loads(offices.kz.links["UZ"].post("/peer/v1/messages", body, "application/json").body)
        for _ in range(2)
    ]
    assert answers[0] == answers[1]
    receipt = json.loads(payload(answers[0]["items"][0]["receipt"]))
    assert [(one["code"], one["reasons"]) for one in receipt["events"]] == [("B.2", ["id.reuse"])]
    (alarm,) = _alarms(offices.uz)
    evidence = json.loads(alarm.evidence)
    assert (alarm.code, alarm.x, alarm.partner) == ("id.reuse", x, "KZ")
    assert (evidence["seal"], evidence["receipt"]) == (item["seal"], item["receipt"])
    # What was accepted first stands as it stood.
    assert (offices.uz.state(x), offices.uz.codes(x)) == ("D.1", before)


def test_an_answer_that_does_not_end_is_given_up(offices: TwoOffices) -> None:
    x = offices.kz.submit()

    def never_ends(_path: str, _found: Items) -> Response | None:
        def drops() -> Iterator[bytes]:
            for _ in range(1000):
                offices.clock.turn(seconds=30)
                yield b" " * 70_000

        return Response(drops())

    with in_place_of(offices.uz, never_ends):
        offices.kz.worker.round()
    found = _circuit(offices.kz, "UZ")
    assert found is not None
    assert "too long or too slow" in found.why
    assert offices.kz.state(x) == "A.1"


def test_a_partner_that_answers_a_checkpoint_with_garbage_stops_no_delivery(
    offices: TwoOffices,
) -> None:
    for number, (status, body) in enumerate(NO_CHECKPOINTS):
        x = offices.kz.submit(contract(number))
        with in_place_of(offices.uz, _garbles_checkpoints(status, body)):
            offices.kz.worker.round()
        assert offices.kz.state(x) == "D.1"
        offices.clock.turn(seconds=2)


def test_a_partner_whose_turn_fails_does_not_stop_the_others(offices: TwoOffices) -> None:
    x = offices.kz.submit()
    # A link that cannot even be signed for: what goes wrong there is no answer of a partner.
    broken = replace(offices.kz.links["UZ"], base="http://[")
    offices.kz.links = {"KG": broken, "UZ": offices.kz.links["UZ"]}
    offices.kz.worker.round()
    assert offices.kz.state(x) == "D.1"


def _said(side: Side) -> list[str]:
    with capture_logs() as found:
        side.worker.round()
    return [one["code"] for one in found if one["event"] == "alarm"]


def test_an_alarm_raised_while_the_worker_was_down_is_said_once_it_is_back(
    offices: TwoOffices,
) -> None:
    x = offices.kz.submit()
    offices.kz.worker.round()
    other = read_header(header_bytes({**_header(offices.kz, x).members, "purpose": "statistics"}))
    body = canonical_json({"items": [{"x": x, "receipts": [accepts(offices.uz, other)]}]})
    offices.uz.links["KZ"].post("/peer/v1/receipts", body, "application/json")
    for said in (["receipt.wrong"], []):
        offices.kz.restart()
        assert _said(offices.kz) == said


def test_a_partner_that_answers_slowly_holds_up_no_other(offices: TwoOffices) -> None:
    asked, released = threading.Event(), threading.Event()
    slow = Flask("slow")

    @slow.route("/<path:_path>", methods=["GET", "POST"])
    def answer(_path: str) -> Response:
        asked.set()
        released.wait(PATIENCE_SECONDS)
        return Response("", status=503)

    port = Port(slow, free_ports())
    port.open()
    stop = threading.Event()
    kz = offices.kz
    kz.links["KG"] = kz.link(port.url)

    def wait(seconds: float) -> tuple[str, ...] | None:
        return None if stop.wait(seconds) else ()

    working = threading.Thread(target=kz.worker.run, args=(wait,))
    working.start()
    try:
        kyrgyz = (SAMPLES / "kz/samples/05-contract-kyrgyz-worker.xml").read_bytes()
        kz.submit(kyrgyz, to="kg.migration-centre", purpose="contract-registration")
        assert asked.wait(PATIENCE_SECONDS)
        x = kz.submit()
        until(lambda: kz.state(x) == "D.1", "the receipt of the partner that answers")
        assert not released.is_set()
    finally:
        released.set()
        stop.set()
        working.join()
        port.close()
