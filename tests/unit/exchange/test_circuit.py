"""How much goes to a partner that fails, and when."""

from datetime import timedelta
from pathlib import Path

import pytest

from gateway.exchange.circuit import LONGEST_WAIT, OPEN_AFTER, note_answer, note_failure, room_for
from gateway.exchange.office import Office
from tests.support.evidence import AT, trust_in
from tests.support.office import at, office_of
from tests.support.stores import Stores

LATER = AT + timedelta(seconds=LONGEST_WAIT)


@pytest.fixture
def office(tmp_path: Path, each_store: Stores) -> Office:
    return office_of("UZ", tmp_path, trust_in(tmp_path / "trust"), each_store)


def _fail(office: Office, times: int) -> None:
    for _ in range(times):
        note_failure(office, "KZ", "no answer")


def test_a_partner_that_answers_gets_whole_batches(office: Office) -> None:
    assert room_for(office, "KZ", 128) == 128


def test_after_each_failure_a_request_is_smaller_until_it_is_one_item(office: Office) -> None:
    found = []
    for _ in range(OPEN_AFTER):
        _fail(office, 1)
        found.append(room_for(at(office, LATER), "KZ", 128))
    assert found == [32, 8, 1]


def test_nothing_goes_before_the_wait_is_over(office: Office) -> None:
    _fail(office, 1)
    assert room_for(office, "KZ", 128) == 0


def test_a_wait_is_never_longer_than_five_minutes(office: Office) -> None:
    _fail(office, 30)
    assert room_for(at(office, LATER), "KZ", 128) == 1


def test_an_answer_closes_the_circuit(office: Office) -> None:
    _fail(office, OPEN_AFTER)
    note_answer(office, "KZ")
    assert room_for(office, "KZ", 128) == 128


def test_failures_of_one_partner_are_none_of_another(office: Office) -> None:
    _fail(office, OPEN_AFTER)
    assert room_for(office, "KG", 128) == 128
