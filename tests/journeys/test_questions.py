"""Ask now: a question to another state's authority, answered by what that authority has signed."""

import json
import shlex
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from gateway.cli.main import main
from gateway.client import client, questions
from gateway.client.client import AnsweredError
from gateway.client.questions import Asked
from gateway.exchange.accept import accept_sealed
from gateway.exchange.ledger import Ledger
from gateway.exchange.reply import seal_answer
from gateway.model.instants import read_instant
from gateway.proof.header import read_header
from gateway.store import exchange_rows
from gateway.store.scope import WHOLE
from tests.support.gateways import codes, ground, until
from tests.support.ministry import system
from tests.support.stores import stored
from tests.support.two_offices import TwoOffices, two_offices

PAGE = Path(__file__).resolve().parents[2] / "docs/how-to/ask-now.md"
PERMIT = "WorkAuthorisation"
LISTED = [
    {
        "number": "UZ-1",
        "verdict": "valid",
        "state": "issued",
        "from": "2020-01-01",
        "to": "2099-12-31",
    },
    {"number": "UZ-2", "verdict": "invalid", "state": "revoked"},
    {"number": "UZ-3", "verdict": "valid", "from": "2020-01-01", "to": "2020-12-31"},
]


@pytest.fixture(scope="module")
def offices(
    tmp_path_factory: pytest.TempPathFactory, databases: Callable[[], str]
) -> Iterator[TwoOffices]:
    with two_offices(tmp_path_factory.mktemp("questions"), databases) as found:
        yield found


def publish(offices: TwoOffices, hours: int = 24) -> None:
    now = offices.clock()
    uz = offices.uz
    questions.publish_statuses(
        uz.ministry,
        uz.profile.key,
        uz.profile.authority,
        PERMIT,
        LISTED,
        as_of=now.date(),
        until=now + timedelta(hours=hours),
        at=now,
    )


def ask(
    offices: TwoOffices,
    number: str = "UZ-1",
    record_type: str = PERMIT,
    purpose: str = "permit-notice",
) -> Asked:
    return questions.ask(
        offices.kz.ministry,
        record_type,
        number,
        to="uz.migration-agency",
        purpose=purpose,
        wait=0,
    )


def answer(found: Asked) -> dict[str, str]:
    assert found.answer is not None
    return dict(found.answer)


def test_a_question_is_answered_in_one_call_with_both_ladders_whole(offices: TwoOffices) -> None:
    publish(offices)
    found = ask(offices)
    today = offices.clock().date().isoformat()
    assert answer(found) == {
        "recordType": PERMIT,
        "number": "UZ-1",
        "on": today,
        "verdict": "valid",
        "state": "issued",
        "from": "2020-01-01",
        "to": "2099-12-31",
        "asOf": today,
    }
    assert offices.kz.codes(found.x) == offices.uz.codes(found.x) == ["A.1", "B.1 D.1", "E.1"]
    assert found.taken is not None
    kz = offices.kz
    told = client.confirm(kz.ministry, kz.profile.key, [found.taken], at=offices.clock())
    reply = told["items"][0]
    assert reply["state"] == "E.1"
    offices.rounds()
    assert offices.uz.codes(reply["exchangeId"]) == ["A.1", "B.1 D.1", "E.1"]
    for side in (offices.kz, offices.uz):
        assert side.judged(found.x)[0] == set()
        assert side.judged(reply["exchangeId"])[0] == set()


def test_one_key_asked_by_many_at_once_is_one_question(offices: TwoOffices) -> None:
    publish(offices)

    def at_once(_number: int) -> str:
        own = offices.neighbour(offices.kz, "kz.labour-ministry")
        return questions.ask(
            own, PERMIT, "UZ-1", to="uz.migration-agency", purpose="permit-notice", wait=0,
            idempotency="one-and-the-same-question",
        ).x  # fmt: skip

    with ThreadPoolExecutor(8) as clients:
        assert len(set(clients.map(at_once, range(16)))) == 1


def test_an_answer_is_linked_to_its_question_and_each_says_what_it_does(
    offices: TwoOffices,
) -> None:
    publish(offices)
    found = ask(offices)
    assert found.taken is not None
    with offices.kz.office.store.read() as turn:
        rows = [
            exchange_rows.exchange(turn, x, WHOLE)
            for x in (found.x, found.taken.opening["exchangeId"])
        ]
    asked, replied = (read_header(row.header).members for row in rows if row is not None)
    assert (asked["action"], replied["action"]) == ("request", "answer")
    assert replied["inReplyTo"] == found.x
    ends = read_instant(asked["expires"]["relay"]) - read_instant(asked["createdAt"])
    assert ends == timedelta(seconds=10)


@pytest.mark.parametrize(
    ("number", "verdict"), [("UZ-2", "invalid"), ("UZ-3", "invalid"), ("UZ-9", "unknown")]
)
def test_what_is_revoked_over_or_unknown_is_not_valid(
    offices: TwoOffices, number: str, verdict: str
) -> None:
    publish(offices)
    assert answer(ask(offices, number))["verdict"] == verdict


def test_a_newer_list_says_what_counts(offices: TwoOffices) -> None:
    publish(offices)
    now, uz = offices.clock(), offices.uz
    questions.publish_statuses(
        uz.ministry,
        uz.profile.key,
        uz.profile.authority,
        PERMIT,
        [{"number": "UZ-1", "verdict": "invalid", "state": "suspended"}],
        as_of=now.date(),
        until=now + timedelta(hours=1),
        at=now,
    )
    assert answer(ask(offices))["state"] == "suspended"
    assert answer(ask(offices, "UZ-2"))["state"] == "revoked"


def test_an_authority_that_offers_no_answers_refuses_with_evidence(offices: TwoOffices) -> None:
    found = ask(offices, "A-1", "AgencyLicence", "licence-notice")
    assert (found.state, found.answer) == ("B.2", None)
    rungs = client.status(offices.kz.ministry, found.x)["ladder"]
    assert rungs[-1]["reasons"] == ["query.not-offered"]


def test_an_ended_list_gives_no_answer_and_b3_says_so(offices: TwoOffices) -> None:
    publish(offices, hours=1)
    offices.clock.turn(hours=1)
    found = ask(offices)
    assert (found.state, found.answer) == ("A.1", None)
    assert offices.uz.state(found.x) == ""
    offices.clock.turn(seconds=11)
    offices.rounds()
    told = questions.asked(offices.kz.ministry, found.x, wait=0)
    assert (told.state, told.answer) == ("B.3", None)
    assert offices.kz.judged(found.x)[0] == set()


def test_a_gateway_out_of_reach_ends_in_b3_and_is_never_asked_later(offices: TwoOffices) -> None:
    publish(offices)
    offices.uz.peer.close()
    found = ask(offices)
    assert found.state == "A.1"
    offices.clock.turn(seconds=11)
    offices.kz.worker.round()
    offices.uz.peer.open()
    offices.rounds(6)
    assert offices.kz.state(found.x) == "B.3"
    # It is told of the end, and that is all that it ever hears.
    assert offices.uz.state(found.x) == ""


def test_an_answer_that_was_lost_on_its_way_comes_by_the_workers(offices: TwoOffices) -> None:
    publish(offices)
    link = offices.kz.links.pop("UZ")
    found = ask(offices)
    assert found.state == "A.1"
    offices.kz.links["UZ"] = link
    offices.rounds(5)
    told = questions.asked(offices.kz.ministry, found.x, wait=0)
    assert answer(told)["verdict"] == "valid"
    assert offices.kz.codes(found.x) == ["A.1", "B.1 D.1", "E.1"]


def test_another_authority_is_told_of_no_question(offices: TwoOffices) -> None:
    publish(offices)
    x = ask(offices).x
    assert questions.asked(offices.kz.ministry, x, wait=0).x == x
    with pytest.raises(AnsweredError, match=r"request\.not-found"):
        questions.asked(offices.neighbour(offices.kz, "kz.national-bank"), x, wait=0)


def test_the_same_key_again_gives_the_same_question(offices: TwoOffices) -> None:
    publish(offices)
    body = json.dumps({"recordType": PERMIT, "number": "UZ-1"}).encode()
    target = "/v1/queries?to=uz.migration-agency&purpose=permit-notice"
    link = offices.kz.ministry
    first, again = (link.post(target, body, "application/json", "one-key") for _ in range(2))
    assert json.loads(first.body) == json.loads(again.body)
    other = link.post(target, body + b" ", "application/json", "one-key")
    assert json.loads(other.body)["code"] == "idempotency.reused"


@pytest.mark.parametrize(
    ("record_type", "code"),
    [
        ("InsurancePeriod", "agreement.type"),
        ("ProtectionCase", "restricted.use-sdk"),
        ("Passport", "submitter.right"),
    ],
)
def test_what_may_not_be_asked_is_refused_with_a2(
    offices: TwoOffices, record_type: str, code: str
) -> None:
    with pytest.raises(AnsweredError) as refused:
        ask(offices, record_type=record_type)
    assert refused.value.problem["code"] == code


def test_a_list_of_another_authority_is_refused(offices: TwoOffices) -> None:
    now, uz = offices.clock(), offices.uz
    with pytest.raises(AnsweredError) as refused:
        questions.publish_statuses(
            uz.ministry,
            uz.profile.key,
            "uz.central-bank",
            PERMIT,
            LISTED,
            as_of=now.date(),
            until=now + timedelta(hours=1),
            at=now,
        )
    assert refused.value.problem["code"] == "status-list.wrong"


def test_no_number_of_a_list_or_question_stands_in_clear_in_the_database(
    offices: TwoOffices,
) -> None:
    publish(offices)
    ask(offices)
    for side in (offices.kz, offices.uz):
        assert not any(b"UZ-1" in one for one in stored(side.office.store))


def test_an_answer_to_something_else_is_refused_with_evidence(offices: TwoOffices) -> None:
    publish(offices)
    found = ask(offices)
    uz = offices.uz.office
    with uz.store.read() as turn:
        row = exchange_rows.exchange(turn, found.x, WHOLE)
    assert row is not None
    record = {**answer(found), "number": "UZ-2"}
    sealed = seal_answer(uz, read_header(row.header), record, "uz.migration-agency/system")
    with uz.store.write(uz.log("KZ")) as turn:
        ledger = Ledger(turn, uz)
        accept_sealed(turn, ledger, uz, sealed)
        ledger.close()
    offices.rounds(5)
    x = sealed.header.exchange_id
    assert offices.kz.codes(x) == ["A.1", "B.2"]
    rungs = client.status(offices.uz.ministry, x)["ladder"]
    assert rungs[-1]["reasons"] == ["query.answer-wrong"]
    assert answer(questions.asked(offices.kz.ministry, found.x, wait=0))["number"] == "UZ-1"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[" * 100_000,
        b"[]",
        b'{"items":[]}',
        b'{"items":[5]}',
        b'{"items":[{"receipt":5}]}',
        b'{"items":[{"later":7,"receipt":"a.b.c","reply":{"seal":1}}]}',
        b'{"items":[{"receipt":"a.b.c","reply":{"more":[],"seal":"a.b.c"}}]}',
    ],
    ids=range(8),
)
def test_a_partner_that_answers_garbage_has_not_answered(offices: TwoOffices, body: bytes) -> None:
    link = offices.kz.links["UZ"]
    with system() as hostile:
        hostile.answer = lambda _body: (200, body)
        offices.kz.links["UZ"] = offices.kz.link(hostile.url.removesuffix("/lmx"))
        try:
            found = ask(offices)
        finally:
            offices.kz.links["UZ"] = link
    assert (found.state, found.answer) == ("A.1", None)


def _commands() -> list[list[str]]:
    return [
        shlex.split(one)[1:] for one in PAGE.read_text("utf-8").splitlines() if one[:4] == "lmx "
    ]


def test_the_commands_of_the_page_ask_and_answer(tmp_path: Path, monkeypatch: Any) -> None:
    with ground(tmp_path) as made:
        for state in ("KZ", "UZ"):
            made.start(state)
        _, kz = made.ready("kz.labour-ministry")
        made.ready("uz.migration-agency")
        monkeypatch.chdir(tmp_path / "profiles")
        Path("permits.csv").write_text("number,verdict,state,from,to\nUZ-1,valid,issued,,\n")
        asking, publishing = _commands()
        run = CliRunner()
        told = run.invoke(main, publishing)
        assert (told.exit_code, "1 documents" in told.output) == (0, True), told.output
        found = run.invoke(main, [*asking, "--json"])
        assert found.exit_code == 0, found.output
        answered = json.loads(found.output)
        assert answered["answer"]["verdict"] == "valid"
        other = ["UZ-9" if one == "UZ-1" else one for one in asking]
        assert run.invoke(main, other).exit_code == 1
        until(lambda: codes(kz, answered["exchangeId"])[-1] == "E.1", "E.1 of the question")
