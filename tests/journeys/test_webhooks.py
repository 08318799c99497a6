"""A ministry's own system is told what waits, and asked what is valid; nobody else is."""

import json
from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest

from gateway.client import client, questions, webhooks
from gateway.client.client import AnsweredError
from gateway.exchange.webhooks import Told, tell_webhooks
from gateway.store.alarm_rows import alarms
from tests.support.ministry import System, system
from tests.support.two_offices import TwoOffices, two_offices

PERMIT = "WorkAuthorisation"


@pytest.fixture(scope="module")
def offices(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoOffices]:
    with two_offices(tmp_path_factory.mktemp("webhooks")) as found:
        yield found


@pytest.fixture
def own(offices: TwoOffices) -> Iterator[System]:
    """A system of the receiving ministry, with nothing waiting and no other address."""
    uz = offices.uz
    for one in webhooks.listed(uz.ministry):
        webhooks.end(uz.ministry, one["webhook"])
    uz.take_and_confirm()
    with system() as found:
        yield found


def received(offices: TwoOffices) -> str:
    x = offices.kz.submit()
    offices.rounds(1)
    return x


def tell(offices: TwoOffices) -> Told:
    return tell_webhooks(offices.uz.office)


def pointers(own: System, number: int = -1) -> list[str]:
    return [one["exchangeId"] for one in json.loads(own.came[number][1])["items"]]


def test_what_waits_is_told_once_by_pointers_that_are_signed(
    offices: TwoOffices, own: System
) -> None:
    added = webhooks.add(offices.uz.ministry, own.url)
    x = received(offices)
    assert tell(offices).taken == 1
    headers, body = own.came[0]
    told = webhooks.received(headers, body, [added["secret"]], at=offices.clock())
    assert set(told) == {"type", "webhook", "items"}
    assert [set(one) for one in told["items"]] == [{"exchangeId", "cursor"}]
    assert pointers(own) == [x]
    assert tell(offices).taken == 0
    for wrong in (body + b" ", body.replace(b"inbox", b"outbox")):
        with pytest.raises(webhooks.UnsignedError):
            webhooks.received(headers, wrong, [added["secret"]], at=offices.clock())
    late = offices.clock() + timedelta(minutes=6)
    with pytest.raises(webhooks.UnsignedError):
        webhooks.received(headers, body, [added["secret"]], at=late)


def test_what_is_not_taken_is_told_again_under_the_same_id(
    offices: TwoOffices, own: System
) -> None:
    webhooks.add(offices.uz.ministry, own.url)
    own.answer = lambda _body: (503, b"")
    x = received(offices)
    assert list(tell(offices).failed.values()) == ["answered 503"]
    assert webhooks.listed(offices.uz.ministry)[0]["failing"]
    # Not before its time, and then the very same pointers.
    assert tell(offices).failed == {}
    offices.clock.turn(seconds=3)
    own.answer = lambda _body: (200, b"")
    assert tell(offices).taken == 1
    assert own.came[0][0]["webhook-id"] == own.came[1][0]["webhook-id"]
    assert pointers(own, 0) == pointers(own, 1) == [x]
    assert webhooks.listed(offices.uz.ministry)[0]["failing"] == ""


def test_after_72_hours_pointers_are_given_up_with_an_alarm_and_the_inbox_holds_all(
    offices: TwoOffices, own: System
) -> None:
    webhooks.add(offices.uz.ministry, own.url)
    own.answer = lambda _body: (500, b"")
    x = received(offices)
    begun = offices.clock.now
    tell(offices)
    try:
        offices.clock.turn(hours=71)
        assert tell(offices).failed
        offices.clock.turn(hours=1, seconds=1)
        tell(offices)
        offices.clock.turn(hours=2)
        assert tell(offices).failed == {}
    finally:
        offices.clock.now = begun
    assert [one["exchangeId"] for one in client.inbox(offices.uz.ministry)] == [x]
    with offices.uz.office.store.read() as turn:
        found = [one for one in alarms(turn, 0) if one.code == "webhook.given-up"]
    assert [one.x for one in found] == [x]


def test_two_secrets_hold_while_one_takes_the_others_place(
    offices: TwoOffices, own: System
) -> None:
    added = webhooks.add(offices.uz.ministry, own.url)
    new = webhooks.rotate(offices.uz.ministry, added["webhook"])
    received(offices)
    tell(offices)
    check = partial(webhooks.received, *own.came[0], at=offices.clock())
    assert check([added["secret"]]) == check([new["secret"]])
    begun = offices.clock.now
    try:
        received(offices)
        offices.clock.turn(hours=24)
        tell(offices)
        check = partial(webhooks.received, *own.came[1], at=offices.clock())
        assert check([new["secret"]])
        with pytest.raises(webhooks.UnsignedError):
            check([added["secret"]])
    finally:
        offices.clock.now = begun


def test_another_authority_neither_sees_nor_changes_an_address(
    offices: TwoOffices, own: System
) -> None:
    added = webhooks.add(offices.uz.ministry, own.url)
    other = offices.neighbour(offices.uz, "uz.central-bank")
    assert webhooks.listed(other) == []
    for change in (webhooks.rotate, webhooks.end):
        with pytest.raises(AnsweredError, match=r"request\.not-found"):
            change(other, added["webhook"])


def test_nothing_is_followed_elsewhere(offices: TwoOffices, own: System) -> None:
    webhooks.add(offices.uz.ministry, own.url)
    with system() as other:
        own.moved, own.answer = other.url, lambda _body: (307, b"")
        received(offices)
        assert list(tell(offices).failed.values()) == ["answered 307"]
        assert other.came == []


def test_an_address_that_has_ended_is_told_nothing(offices: TwoOffices, own: System) -> None:
    added = webhooks.add(offices.uz.ministry, own.url)
    webhooks.end(offices.uz.ministry, added["webhook"])
    received(offices)
    assert (tell(offices).taken, own.came) == (0, [])


@pytest.mark.parametrize(
    "url",
    [
        "https://10.0.0.1/x",
        "https://[::1]/x",
        "https://169.254.169.254/latest",
        "http://93.184.216.34/x",
        "ftp://127.0.0.1/x",
        "https://user:word@93.184.216.34/x",
        "https://no-such-name.invalid/x",
    ],
)
def test_an_address_inside_or_in_clear_is_refused(offices: TwoOffices, url: str) -> None:
    with pytest.raises(AnsweredError, match=r"webhook\.wrong"):
        webhooks.add(offices.uz.ministry, url)


def _ask(offices: TwoOffices) -> questions.Asked:
    return questions.ask(
        offices.kz.ministry,
        PERMIT,
        "UZ-7",
        to="uz.migration-agency",
        purpose="permit-notice",
        wait=0,
    )


def test_a_question_is_answered_by_the_ministrys_own_system(
    offices: TwoOffices, own: System
) -> None:
    uz = offices.uz
    webhooks.add(uz.ministry, own.url, "queries")
    today = offices.clock().date().isoformat()

    def answer(body: bytes) -> tuple[int, bytes]:
        told = {"verdict": "valid", "asOf": today}
        at = offices.clock()
        return 200, webhooks.answer(uz.profile.key, json.loads(body), told, at=at)

    own.answer = answer
    found = _ask(offices)
    assert found.answer is not None
    assert found.answer["verdict"] == "valid"
    assert json.loads(own.came[0][1])["from"] == "kz.labour-ministry"
    offices.rounds()
    assert uz.judged(found.x)[0] == set()


@pytest.mark.parametrize("wrong", ["number", "exchangeId", "status", "text"])
def test_a_system_that_answers_badly_has_not_answered(
    offices: TwoOffices, own: System, wrong: str
) -> None:
    uz = offices.uz
    webhooks.add(uz.ministry, own.url, "queries")
    today = offices.clock().date().isoformat()

    def answer(body: bytes) -> tuple[int, bytes]:
        asked = json.loads(body)
        if wrong == "number":
            asked["question"]["number"] = "UZ-8"
        if wrong == "exchangeId":
            asked["exchangeId"] = "another"
        told = {"verdict": "valid", "asOf": today}
        given = webhooks.answer(uz.profile.key, asked, told, at=offices.clock())
        return (500, given) if wrong == "status" else (200, b"\xff" if wrong == "text" else given)

    own.answer = answer
    found = _ask(offices)
    assert (found.state, found.answer) == ("A.1", None)
    assert uz.state(found.x) == ""
