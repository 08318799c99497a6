"""What a partner that fetches may answer, late, wrongly or not at all."""

import base64
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, update

from gateway.client import attachments, client
from gateway.exchange.attachments import PIECE
from gateway.exchange.outbox import LEASE_SECONDS
from gateway.exchange.pull import OUTBOX, Pulled, pull
from gateway.proof.canonical import canonical_json
from gateway.store.alarm_rows import alarms
from gateway.store.ministry_tables import ATTACHMENT
from gateway.store.tables import SEALED
from gateway.store.witness_rows import last_witnessed
from gateway.web.peers import peer_application
from gateway.worker.worker import Round, Worker
from tests.support.gateways import SAMPLES
from tests.support.hostile import accepts, contract, header_of
from tests.support.two_offices import Side, TwoOffices, two_offices


@pytest.fixture
def offices(tmp_path: Path) -> Iterator[TwoOffices]:
    """Uzbekistan fetches from Kazakhstan, which sends it nothing."""
    with two_offices(tmp_path) as found:
        office = found.kz.office
        found.kz.peer.answer_by(peer_application(office, ("UZ",)))
        found.kz.links.clear()
        found.kz.worker = Worker(lambda: Round(office, {}, ("UZ",)))
        yield found


def _pull(offices: TwoOffices) -> Pulled:
    uz = offices.uz
    return pull(uz.office, uz.links["KZ"], "KZ", wait=0)


def _fetch(side: Side) -> dict[str, Any]:
    found = json.loads(side.links["KZ"].get(OUTBOX).body)
    assert isinstance(found, dict)
    return found


def _answer(side: Side, answers: dict[str, Any]) -> int:
    return side.links["KZ"].post(OUTBOX, canonical_json(answers), "application/json").status


def test_what_was_fetched_and_not_answered_is_offered_again_and_arrives_once(
    offices: TwoOffices,
) -> None:
    x = offices.kz.submit()
    assert [header_of(one).exchange_id for one in _fetch(offices.uz)["messages"]] == [x]
    assert "messages" not in _fetch(offices.uz)
    offices.clock.turn(seconds=LEASE_SECONDS)
    assert _pull(offices).taken > 0
    assert (offices.kz.state(x), offices.uz.codes(x)) == ("D.1", ["A.1", "B.1 D.1"])


def test_an_answer_that_comes_after_its_time_still_counts(offices: TwoOffices) -> None:
    x = offices.kz.submit()
    (item,) = _fetch(offices.uz)["messages"]
    offices.clock.turn(minutes=10)
    token = accepts(offices.uz, header_of(item))
    assert _answer(offices.uz, {"messages": [{"x": x, "receipt": token}]}) == 200
    assert offices.kz.state(x) == "D.1"


def test_an_item_that_cannot_be_worked_on_holds_up_none_beside_it(offices: TwoOffices) -> None:
    bad, good = offices.kz.submit(contract(1)), offices.kz.submit(contract(2))
    with offices.kz.office.store.write() as turn:
        same = (SEALED.c.x == bad, SEALED.c.kind == "transfer")
        turn.execute(update(SEALED).where(*same).values(octets=b"spoiled"))
    _pull(offices)
    assert (offices.kz.state(good), offices.kz.state(bad)) == ("D.1", "A.1")


def test_our_log_is_cosigned_by_the_partner_that_fetches(offices: TwoOffices) -> None:
    offices.kz.submit()
    offices.kz.worker.round()
    _pull(offices)
    office = offices.kz.office
    with office.store.read() as turn:
        found = last_witnessed(turn, office.log("UZ"))
    assert found is not None
    assert found.size > 0


def test_a_checkpoint_that_our_log_did_not_sign_is_not_taken(offices: TwoOffices) -> None:
    offices.kz.submit()
    offices.kz.worker.round()
    (asked, *_) = _fetch(offices.uz)["checkpoints"]
    note = asked["request"].partition("\n\n")[2]
    origin, size, rest = note.split("\n", 2)
    grown = f"{origin}\n{int(size) + 5}\n{rest}"
    lines = grown.partition("\n\n")[2]
    status = _answer(
        offices.uz, {"checkpoints": [{"log": asked["log"], "note": grown, "lines": lines}]}
    )
    office = offices.kz.office
    with office.store.read() as turn:
        assert last_witnessed(turn, office.log("UZ")) is None
    assert status >= 400


@pytest.fixture
def attached(offices: TwoOffices, tmp_path: Path) -> tuple[str, Path]:
    """A contract of Uzbekistan's that Kazakhstan has, and its attachment, which it has not."""
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(os.urandom(PIECE + 1000))
    told = json.loads((SAMPLES / "uz/samples/03-citizenhistory-jsonrpc-response.json").read_bytes())
    data = told["result"]["data"]
    # A Kazakh employer, so that the contract concerns Kazakhstan.
    kazakh = {"company_inn": None, "foreign_employer_reg": "170440012348"}
    data["experiences"] = [one | kazakh for one in data["experiences"][:1]]
    name = attachments.upload(offices.uz.ministry, scan)
    to = {"to": "kz.labour-ministry", "purpose": "contract-registration"}
    sent = client.submit(offices.uz.ministry, json.dumps(told).encode(), **to, attachments=[name])
    offices.uz.worker.round()
    return str(sent["records"][0]["exchangeId"]), scan


def test_an_attachment_comes_piece_by_piece_as_it_is_asked_for(
    offices: TwoOffices, attached: tuple[str, Path], tmp_path: Path
) -> None:
    x, scan = attached
    for _ in range(2):
        assert _pull(offices).kinds == []
    assert "pieces" not in _fetch(offices.uz)
    (item,) = attachments.received(offices.kz.ministry, x)
    attachments.download(offices.kz.ministry, x, item, tmp_path / "got.pdf")
    assert (tmp_path / "got.pdf").read_bytes() == scan.read_bytes()


@pytest.mark.parametrize("change", [{"offset": 1}, {"number": 1}, {"x": "other"}, {"offset": "0"}])
def test_a_piece_that_was_not_wanted_is_not_taken(
    offices: TwoOffices, attached: tuple[str, Path], change: dict[str, Any]
) -> None:
    wanted = _fetch(offices.uz)["pieces"]
    told = {**wanted[0], "octets": base64.b64encode(bytes(PIECE)).decode("ascii")}
    assert _answer(offices.uz, {"pieces": [told | change]}) == 200
    assert _fetch(offices.uz)["pieces"] == wanted


def test_pieces_that_were_not_committed_to_are_an_alarm(
    offices: TwoOffices, attached: tuple[str, Path]
) -> None:
    for size in (PIECE, 1000):
        (wanted,) = _fetch(offices.uz)["pieces"]
        told = {**wanted, "octets": base64.b64encode(bytes(size)).decode("ascii")}
        assert _answer(offices.uz, {"pieces": [told]}) == 200
    (item,) = attachments.received(offices.kz.ministry, attached[0])
    with offices.kz.office.store.read() as turn:
        seen = [(one.code, one.partner) for one in alarms(turn, 0)]
    assert (item["state"], seen) == ("wrong", [("attachment.wrong", "UZ")])


def test_an_attachment_that_the_partner_has_no_more_is_not_wanted_again(
    offices: TwoOffices, attached: tuple[str, Path]
) -> None:
    with offices.uz.office.store.write() as turn:
        turn.execute(delete(ATTACHMENT).where(ATTACHMENT.c.x == attached[0]))
    # Once to bring the record, once to be asked for its piece.
    for _ in range(2):
        assert _pull(offices).kinds == []
    (item,) = attachments.received(offices.kz.ministry, attached[0])
    with offices.kz.office.store.read() as turn:
        seen = [(one.code, one.partner) for one in alarms(turn, 0)]
    assert (item["state"], seen) == ("gone", [("attachment.gone", "UZ")])
    assert "pieces" not in _fetch(offices.uz)


def test_answers_of_other_kinds_are_refused_as_a_whole(offices: TwoOffices) -> None:
    offices.kz.submit()
    _fetch(offices.uz)
    for body in ({"messages": {}}, {"messages": [1]}, {"others": []}, {"tiles": [{}]}):
        assert _answer(offices.uz, body) == 400


def test_an_answer_for_what_was_never_fetched_changes_nothing(offices: TwoOffices) -> None:
    x = offices.kz.submit()
    assert _answer(offices.uz, {"messages": [{"x": x, "receipt": "a.b.c"}]}) == 200
    assert offices.kz.state(x) == "A.1"
