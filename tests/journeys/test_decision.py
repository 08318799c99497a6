"""An authority decides on what it received, and both states hold what it decided."""

from collections.abc import Iterator

import pytest
from click.testing import CliRunner

from gateway.cli.main import main
from gateway.client import client
from gateway.client.client import AnsweredError
from tests.support.two_offices import HANDOVER, TwoOffices, two_offices


@pytest.fixture(scope="module")
def offices(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoOffices]:
    with two_offices(tmp_path_factory.mktemp("decision")) as found:
        yield found


def received(offices: TwoOffices) -> str:
    x = offices.kz.submit()
    offices.rounds(1)
    return x


def decide(offices: TwoOffices, x: str, decision: str, reason: str = "") -> str:
    uz = offices.uz
    taken = [client.take_one(uz.ministry, x)]
    at = offices.clock()
    found = client.decide(uz.ministry, uz.profile.key, taken, decision, reason, at=at)
    return str(found["items"][0]["state"])


def whole(offices: TwoOffices, x: str) -> None:
    offices.rounds()
    for side in (offices.kz, offices.uz):
        assert side.judged(x)[0] == set()


def test_what_is_accepted_is_handed_over_after_it(offices: TwoOffices) -> None:
    x = received(offices)
    assert decide(offices, x, "accept") == "C.3"
    offices.uz.take_and_confirm()
    whole(offices, x)
    assert offices.kz.codes(x) == offices.uz.codes(x) == ["A.1", "B.1 D.1", "C.3", "E.1"]


def test_what_is_rejected_ends_and_is_not_handed_out_any_more(offices: TwoOffices) -> None:
    x = received(offices)
    assert decide(offices, x, "reject", "decision.duplicate") == "C.4"
    assert client.inbox(offices.uz.ministry) == []
    with pytest.raises(AnsweredError, match=r"handover\.rejected"):
        client.take_one(offices.uz.ministry, x)
    whole(offices, x)
    assert offices.kz.codes(x) == ["A.1", "B.1 D.1", "C.4"]
    rungs = client.status(offices.kz.ministry, x)["ladder"]
    assert rungs[-1]["reasons"] == ["decision.duplicate"]


def test_the_first_decision_stays(offices: TwoOffices) -> None:
    x = received(offices)
    assert decide(offices, x, "accept") == decide(offices, x, "reject", "decision.unusable")


@pytest.mark.parametrize(
    ("decision", "reason"), [("reject", ""), ("accept", "decision.unusable"), ("reject", "no")]
)
def test_a_rejection_names_a_known_reason_and_nothing_else_does(
    offices: TwoOffices, decision: str, reason: str
) -> None:
    x = received(offices)
    with pytest.raises(AnsweredError, match=r"decision\.wrong"):
        decide(offices, x, decision, reason)


def test_a_decision_lists_an_exchange_once(offices: TwoOffices) -> None:
    x = received(offices)
    uz = offices.uz
    taken = [client.take_one(uz.ministry, x)] * 2
    with pytest.raises(AnsweredError, match=r"decision\.wrong"):
        client.decide(uz.ministry, uz.profile.key, taken, "accept", "", at=offices.clock())
    assert uz.codes(x) == ["A.1", "B.1 D.1"]


def test_another_authority_decides_nothing(offices: TwoOffices) -> None:
    x = received(offices)
    taken = [client.take_one(offices.uz.ministry, x)]
    kz = offices.kz
    with pytest.raises(AnsweredError):
        client.decide(kz.ministry, kz.profile.key, taken, "accept", "", at=offices.clock())


def test_the_command_asks_for_one_decision() -> None:
    told = CliRunner().invoke(main, ["decide", "x", "--profile", "p.toml"])
    assert "--accept, or --reject" in told.output


def test_what_was_accepted_and_never_confirmed_still_ends_in_e2(offices: TwoOffices) -> None:
    x, rejected = received(offices), received(offices)
    decide(offices, x, "accept")
    decide(offices, rejected, "reject", "decision.unusable")
    offices.clock.turn(hours=HANDOVER.total_seconds() / 3600 + 1)
    whole(offices, x)
    assert offices.kz.codes(x) == ["A.1", "B.1 D.1", "C.3", "E.2"]
    # The deadline has nothing left to end of what was rejected.
    assert offices.uz.state(rejected) == "C.4"
