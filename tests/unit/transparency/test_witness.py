"""Every status of tlog-witness, with requests made by the real code and by others."""

import base64
import json
from pathlib import Path

import pytest

from gateway.proof import note
from gateway.store.connection import Store, open_store
from gateway.transparency.append import append, publish
from gateway.transparency.proofs import prove_growth
from gateway.transparency.witness import WitnessAnswer, add_checkpoint, request_body
from tests.support.evidence import LOGS, log_key, witness_key
from tests.support.pki import AT
from tests.support.stores import Stores
from tests.support.vectors import corpus

LOG, KEY, WITNESS = LOGS["KZ"], log_key("KZ"), witness_key("UZ")


class Pair:
    """A log and the partner who witnesses it, each on a database of its own."""

    def __init__(self, folder: Path, stores: Stores) -> None:
        self.log: Store = open_store(stores.place(folder / "kz.sqlite"))
        self.partner: Store = open_store(stores.place(folder / "uz.sqlite"))

    def grow(self, count: int) -> None:
        with self.log.write() as connection:
            for _ in range(count):
                append(connection, LOG, b"entry")
        publish(self.log, LOG, KEY)

    def body(self, old: int) -> bytes:
        grown = prove_growth(self.log, LOG, old)
        assert grown is not None
        return request_body(old, *grown)

    def ask(self, body: bytes) -> WitnessAnswer:
        return add_checkpoint(body, self.partner, [KEY.vkey], [WITNESS], at=AT)


@pytest.fixture
def pair(tmp_path: Path, each_store: Stores) -> Pair:
    made = Pair(tmp_path, each_store)
    made.grow(3)
    return made


def test_the_first_checkpoint_is_cosigned(pair: Pair) -> None:
    answer = pair.ask(pair.body(0))
    line = note.read_signature_line(answer.body.removesuffix("\n"))
    assert (answer.status, line.name) == (200, WITNESS.name)


def test_growth_with_its_proof_is_cosigned(pair: Pair) -> None:
    pair.ask(pair.body(0))
    pair.grow(4)
    assert pair.ask(pair.body(3)).status == 200


def test_the_same_checkpoint_is_cosigned_again(pair: Pair) -> None:
    pair.ask(pair.body(0))
    assert pair.ask(pair.body(3)).status == 200


def test_another_old_size_is_answered_with_ours(pair: Pair) -> None:
    pair.ask(pair.body(0))
    pair.grow(1)
    assert pair.ask(pair.body(2)) == WitnessAnswer(409, "3\n")


def test_a_wrong_proof_is_refused(pair: Pair) -> None:
    pair.ask(pair.body(0))
    pair.grow(1)
    grown = prove_growth(pair.log, LOG, 3)
    assert grown is not None
    assert pair.ask(request_body(3, [bytes(32)] * len(grown[0]), grown[1])).status == 422


def test_a_proof_from_nothing_is_refused(pair: Pair) -> None:
    grown = prove_growth(pair.log, LOG, 0)
    assert grown is not None
    assert pair.ask(request_body(0, [bytes(32)], grown[1])).status == 422


def test_an_unknown_log_is_not_found(pair: Pair) -> None:
    assert add_checkpoint(pair.body(0), pair.partner, [], [WITNESS], at=AT).status == 404


def test_a_checkpoint_signed_by_another_key_is_forbidden(pair: Pair) -> None:
    forged = pair.body(0).replace(b"\n3\n", b"\n4\n")
    assert pair.ask(forged).status == 403


@pytest.mark.parametrize("body", [b"", b"old x\n\n", b"old 1", b"old 01\n\no\n", b"old 9\n"])
def test_what_cannot_be_read_is_a_bad_request(pair: Pair, body: bytes) -> None:
    assert pair.ask(body).status == 400


def test_an_old_size_beyond_the_checkpoint_is_a_bad_request(pair: Pair) -> None:
    assert pair.ask(pair.body(0).replace(b"old 0", b"old 9")).status == 400


def test_a_split_view_is_refused(pair: Pair, tmp_path: Path, each_store: Stores) -> None:
    pair.ask(pair.body(0))
    (tmp_path / "other").mkdir()
    other = Pair(tmp_path / "other", each_store)
    with other.log.write() as connection:
        for _ in range(3):
            append(connection, LOG, b"another entry")
    publish(other.log, LOG, KEY)
    assert pair.ask(other.body(3)).status == 422


def test_the_published_requests_get_their_statuses(store: Store) -> None:
    data = json.loads((corpus("c2sp") / "witness-add-checkpoint.json").read_text())
    public = bytes.fromhex(data["log_public_key_hex"])
    first = base64.b64decode(data["steps"][0]["body_base64"]).split(b"\n\n", 1)[1]
    origin = first.split(b"\n", 1)[0].decode()
    key = note.VerifierKey(origin, note.LOG_KEY, public)
    statuses = [
        add_checkpoint(base64.b64decode(step["body_base64"]), store, [key], [WITNESS], at=AT).status
        for step in data["steps"]
    ]
    # litewitness answers 403 for a log it does not know; tlog-witness v1.0.0 says 404.
    expected = [
        404 if any("unknown log" in one for one in step["asserts"]) else step["expected_status"]
        for step in data["steps"]
    ]
    assert statuses == expected
