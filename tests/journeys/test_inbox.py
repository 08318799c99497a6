"""The ministry's side of an arrival: what it gets, what opens it, and how it confirms."""

import base64
import email
import json
from collections.abc import Callable, Iterator

import pytest
import requests
from sqlalchemy import select

from gateway.client import client
from gateway.client.client import Taken
from gateway.config.config import load_config
from gateway.delivery.link import Link
from gateway.proof.canonical import canonical_json
from gateway.proof.commitment import commit, open_commitment
from gateway.proof.json_signature import HANDOVER, sign_jws
from gateway.store.connection import open_store
from gateway.store.packing import unpack
from gateway.store.tables import ENTRY
from gateway.wiring import now
from tests.support.gateways import SAMPLES, Ground, codes, ground, until

CONTRACT = (SAMPLES / "kz/samples/01-esutd-contract-shep-sync.xml").read_bytes()
TO = {"to": "uz.migration-agency", "purpose": "contract-registration"}


@pytest.fixture(scope="module")
def made(
    tmp_path_factory: pytest.TempPathFactory, databases: Callable[[], str]
) -> Iterator[Ground]:
    with ground(tmp_path_factory.mktemp("inbox"), databases=databases) as found:
        for state in ("KZ", "UZ"):
            found.start(state)
        found.ready("kz.labour-ministry")
        found.ready("uz.migration-agency")
        yield found


@pytest.fixture
def uz(made: Ground) -> Link:
    return made.actor("uz.migration-agency")[1]


@pytest.fixture
def taken(made: Ground, uz: Link) -> Taken:
    _, kz = made.actor("kz.labour-ministry")
    x = client.submit(kz, CONTRACT, **TO)["records"][0]["exchangeId"]

    def mine() -> list[Taken]:
        return [one for one in client.take(uz) if one.listed["exchangeId"] == x]

    found: list[Taken] = until(mine, "the message")
    return found[0]


def test_one_item_is_the_file_and_what_opens_it(uz: Link, taken: Taken) -> None:
    reply = uz.get(f"/v1/inbox/{taken.listed['exchangeId']}")
    text = b"Content-Type: " + reply.media_type.encode() + b"\r\n\r\n" + reply.body
    parts = [one.get_payload(decode=True) for one in email.message_from_bytes(text).walk()][1:]
    assert parts[0] == taken.content
    assert json.loads(parts[1]) == taken.opening  # type: ignore[arg-type]


def test_the_opening_opens_the_sealed_commitment(uz: Link, taken: Taken) -> None:
    x = taken.listed["exchangeId"]
    reply = uz.get(f"/v1/inbox/{x}", accept="application/lmx+json")
    record = canonical_json(json.loads(reply.body)["record"])
    sealed = client.status(uz, x)["header"]["commitments"]["json"]
    assert open_commitment(sealed, "json", taken.opening["salts"]["json"], record) == record


def test_a_confirmation_of_other_bytes_is_refused(made: Ground, uz: Link, taken: Taken) -> None:
    profile, _ = made.actor("uz.migration-agency")
    salt = base64.b64decode(taken.opening["salts"]["out"])
    wrong = {**taken.confirmation, "out": commit("out", salt, taken.content + b" ")}
    token = sign_jws(canonical_json([wrong]), profile.key, typ=HANDOVER, at=now())
    reply = uz.post("/v1/inbox/handover", token.encode(), "application/jose")
    assert json.loads(reply.body)["code"] == "handover.confirmation"
    assert codes(uz, taken.listed["exchangeId"])[-1] == "D.1"


def test_the_same_confirmation_twice_gives_one_event(made: Ground, uz: Link, taken: Taken) -> None:
    profile, _ = made.actor("uz.migration-agency")
    first = client.confirm(uz, profile.key, [taken], at=now())
    assert client.confirm(uz, profile.key, [taken], at=now()) == first
    assert codes(uz, taken.listed["exchangeId"]).count("E.1") == 1


def test_both_logs_tell_the_same_of_an_exchange(made: Ground, uz: Link, taken: Taken) -> None:
    profile, _ = made.actor("uz.migration-agency")
    client.confirm(uz, profile.key, [taken], at=now())
    _, kz = made.actor("kz.labour-ministry")
    x = taken.listed["exchangeId"]
    until(lambda: codes(kz, x)[-1] == "E.1", "the handover receipt")
    events = {}
    for state in ("kz", "uz"):
        config = load_config(made.settings[state.upper()])
        with open_store(config.database).read() as turn:
            entries = [
                json.loads(unpack(one)) for one in turn.execute(select(ENTRY.c.octets)).scalars()
            ]
        events[state] = sorted(one["t"] for one in entries if one.get("x") == x)
    assert events == {"kz": ["A.1", "B.1", "D.1", "E.1"], "uz": ["A.1", "B.1", "D.1", "E.1"]}


def test_the_peer_port_admits_nobody_without_a_certificate(made: Ground) -> None:
    text = made.settings["UZ"].read_text("utf-8")
    port = text.partition("[peer]")[2].partition("port = ")[2].split()[0]
    [roots] = made.folder.glob("uz/trust/directory/uz/targets/authority/*.roots.pem")
    with pytest.raises(requests.exceptions.ConnectionError):
        requests.get(f"https://127.0.0.1:{port}/healthz", verify=str(roots), timeout=5)


def test_rows_of_one_contract_are_versions_of_one_record(made: Ground, uz: Link) -> None:
    history = json.loads((SAMPLES / "uz/samples/05-citizenhistory-newest-first.json").read_bytes())
    for row in history["result"]["data"]["experiences"]:
        # A Kazakh employer, so that the contract concerns Kazakhstan (R29).
        row |= {"company_inn": None, "foreign_employer_reg": "170440012348"}
    _, kz = made.actor("kz.labour-ministry")
    to = {"to": "kz.labour-ministry", "purpose": "contract-registration"}
    answer = client.submit(uz, json.dumps(history).encode(), **to)
    sent = sorted(answer["records"], key=lambda one: one["rows"], reverse=True)
    headers = [client.status(uz, one["exchangeId"])["header"] for one in sent]
    assert len({header["recordId"] for header in headers}) == 1
    assert [header["recordVersion"] for header in headers] == [1, 2, 3]
    assert [header.get("previous", {}).get("exchangeId") for header in headers] == [
        None,
        *(one["exchangeId"] for one in sent[:-1]),
    ]
    x = sent[-1]["exchangeId"]
    until(lambda: [one for one in client.take(kz) if one.listed["exchangeId"] == x], "the message")
