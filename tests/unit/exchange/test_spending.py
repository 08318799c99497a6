"""A request's nonce is durable with the first that it stores, and before it is answered."""

from contextlib import suppress
from dataclasses import replace

import pytest
from sqlalchemy import select

from gateway.exchange.authenticate import serving_submitter
from gateway.exchange.office import Office
from gateway.exchange.spending import WITH_ITS_WORK
from gateway.model.refusal import Refusal
from gateway.proof.http_signature import Request, sign_request
from gateway.proof.trust import ListedKey
from gateway.store.circuit_rows import CircuitRow, circuit, put_circuit
from gateway.store.tables import NONCE
from tests.support.evidence import NAMES, trust_in
from tests.support.office import office_of
from tests.support.pki import AT, key
from tests.support.stores import Stores
from tests.unit.exchange.test_authenticate import listing

NAME = f"{NAMES['UZ']}/submitter"
POST = Request(
    "POST",
    "127.0.0.1:8001",
    "/v1/submissions",
    "",
    {"content-type": "application/json", "idempotency-key": "k-1"},
    b"{}",
)
HEADERS = POST.headers
EFFECT = CircuitRow("KZ", 1, "", 0, "an effect")


@pytest.fixture
def office(tmp_path_factory: pytest.TempPathFactory, each_store: Stores) -> Office:
    folder = tmp_path_factory.mktemp("office")
    made = office_of("UZ", folder, trust_in(folder / "trust"), each_store)
    return listing(made, "UZ", ListedKey("submitter", NAME, key("UZ", "submitter").chain))


def request(body: bytes = b"{}") -> Request:
    unsigned = replace(POST, body=body)
    added = sign_request(
        unsigned, key("UZ", "submitter"), created=int(AT.timestamp()), nonce="n" * 22
    )
    return replace(unsigned, headers={**HEADERS, **added})


def nonces(office: Office) -> int:
    with office.store.read() as turn:
        return len(turn.execute(select(NONCE.c.nonce)).all())


def effect(office: Office) -> bool:
    with office.store.read() as turn:
        return circuit(turn, EFFECT.partner) is not None


def work(office: Office) -> None:
    with office.store.write() as turn:
        put_circuit(turn, EFFECT)


def fail(office: Office) -> None:
    with office.store.write() as turn:
        put_circuit(turn, EFFECT)
        raise ZeroDivisionError


def test_the_nonce_is_durable_with_the_first_turn(office: Office) -> None:
    with serving_submitter(office, request()) as (own, caller):
        assert (caller.name, nonces(office)) == (NAME, 0)
        work(own)
        assert nonces(office) == 1
        work(own)


def test_a_turn_that_fails_takes_the_nonce_with_it_and_the_next_one_stores_it(
    office: Office,
) -> None:
    with serving_submitter(office, request()) as (own, _):
        with pytest.raises(ZeroDivisionError):
            fail(own)
        assert (nonces(office), effect(office)) == (0, False)
        work(own)
        assert (nonces(office), effect(office)) == (1, True)


def test_a_turn_that_need_not_last_lasts_when_it_has_the_nonce(office: Office) -> None:
    with (
        serving_submitter(office, request()) as (own, _),
        own.store.write(lasting=False) as turn,
    ):
        asked = {"sqlite": "PRAGMA synchronous", "postgresql": "SHOW synchronous_commit"}
        turn.cursor.execute(asked[turn.dialect])
        assert str(turn.cursor.fetchall()[0][0]) in ("2", "on")


def test_a_request_that_stores_nothing_leaves_its_nonce(office: Office) -> None:
    with serving_submitter(office, request()):
        assert nonces(office) == 0
    assert nonces(office) == 1


def test_a_request_that_is_refused_leaves_its_nonce(office: Office) -> None:
    with (
        pytest.raises(Refusal, match=r"request\.parameter"),
        serving_submitter(office, request()),
    ):
        raise Refusal("request.parameter", step="submit", rule="it must be there")
    assert nonces(office) == 1


def test_played_again_it_stores_nothing(office: Office) -> None:
    with serving_submitter(office, request()):
        pass
    with (
        pytest.raises(Refusal, match=r"nonce\.replayed"),
        serving_submitter(office, request()) as (
            own,
            _,
        ),
    ):
        work(own)
    assert not effect(office)


def test_played_again_it_is_refused_whatever_becomes_of_it(office: Office) -> None:
    with serving_submitter(office, request()):
        pass
    with pytest.raises(Refusal, match=r"nonce\.replayed"), serving_submitter(office, request()):
        raise ZeroDivisionError
    # Nor does one that goes on where a turn of it was refused get through.
    with (
        pytest.raises(Refusal, match=r"nonce\.replayed"),
        serving_submitter(office, request()) as (
            own,
            _,
        ),
        suppress(Refusal),
    ):
        work(own)
    assert not effect(office)


def overtaken(office: Office) -> None:
    with serving_submitter(office, request()) as (second, _):
        with serving_submitter(office, request()) as (first, _):
            work(first)
        with second.store.write() as turn:
            put_circuit(turn, EFFECT._replace(why="a second effect"))


def test_of_two_at_once_one_has_an_effect(office: Office) -> None:
    with pytest.raises(Refusal, match=r"nonce\.replayed"):
        overtaken(office)
    with office.store.read() as turn:
        assert circuit(turn, "KZ") == EFFECT


def test_the_nonce_of_a_large_body_is_durable_before_its_work(office: Office) -> None:
    with serving_submitter(office, request(b" " * (WITH_ITS_WORK + 1))):
        assert nonces(office) == 1
