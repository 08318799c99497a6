"""A gateway that listens on no peer port fetches its messages and brings its receipts."""

import json
import socket
from collections.abc import Iterator

import pytest

from gateway.client import client
from gateway.config.config import load_config
from gateway.proof.evidence_file import check_bundle
from gateway.proof.trust_folder import load_trust
from gateway.wiring import now, open_gateway
from tests.support.gateways import SAMPLES, Ground, codes, ground, until
from tests.support.schemas import catalogue

CONTRACT = (SAMPLES / "kz/samples/01-esutd-contract-shep-sync.xml").read_bytes()
TO = {"to": "uz.migration-agency", "purpose": "contract-registration"}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """Kazakhstan and Uzbekistan; Uzbekistan's gateway only connects outward."""
    with ground(tmp_path_factory.mktemp("states")) as made:
        kz, uz = made.settings["KZ"], made.settings["UZ"]
        kz.write_text(kz.read_text("utf-8") + '\n[outbox]\npulled_by = ["UZ"]\n', "utf-8")
        head, _, rest = uz.read_text("utf-8").partition("[peer]")
        _, _, tail = rest.partition("\n[")
        uz.write_text(f'{head}[{tail}\n[outbox]\npull_from = ["KZ"]\n', "utf-8")
        for state in ("KZ", "UZ"):
            made.start(state)
        made.ready("kz.labour-ministry")
        made.ready("uz.migration-agency")
        yield made


@pytest.fixture(scope="module")
def handed(running: Ground) -> str:
    """One exchange that went from Kazakhstan to Uzbekistan's ministry and was confirmed."""
    _, kazakh = running.actor("kz.labour-ministry")
    profile, uzbek = running.actor("uz.migration-agency")
    x = str(client.submit(kazakh, CONTRACT, **TO)["records"][0]["exchangeId"])
    taken = until(lambda: client.take(uzbek), "the message at the ministry")
    client.confirm(uzbek, profile.key, taken, at=now())
    return x


def test_nobody_listens_on_the_peer_port(running: Ground) -> None:
    assert load_config(running.settings["UZ"]).peer is None
    endpoint = load_config(running.settings["KZ"]).partners["UZ"].rpartition(":")[2]
    with socket.socket() as one:
        assert one.connect_ex(("127.0.0.1", int(endpoint))) != 0


def test_the_message_arrives_and_every_receipt_comes_back(running: Ground, handed: str) -> None:
    _, kazakh = running.actor("kz.labour-ministry")
    until(lambda: codes(kazakh, handed)[-1] == "E.1", "E.1 at the origin")
    assert codes(kazakh, handed) == ["A.1", "B.1", "D.1", "E.1"]


def test_the_origin_gives_a_bundle_with_entries_of_both_cosigned_logs(
    running: Ground, handed: str
) -> None:
    _, kazakh = running.actor("kz.labour-ministry")
    until(lambda: codes(kazakh, handed)[-1] == "E.1", "E.1 at the origin")

    def bundle() -> bytes:
        reply = kazakh.get(f"/v1/exchanges/{handed}/bundle")
        return reply.body if reply.status == 200 else b""

    data = until(bundle, "a bundle")
    trust = load_trust(load_config(running.settings["KZ"]).trust)
    claims, _ = check_bundle(data, trust, catalogue().mapping)
    assert [one.why for one in claims if one.code] == []
    assert "authority" in {one.id for one in claims}


def test_messages_the_other_way_are_sent_as_ever(running: Ground) -> None:
    _, uzbek = running.actor("uz.migration-agency")
    _, kazakh = running.actor("kz.labour-ministry")
    history = json.loads(
        (SAMPLES / "uz/samples/03-citizenhistory-jsonrpc-response.json").read_bytes()
    )
    for row in history["result"]["data"]["experiences"]:
        # A Kazakh employer, so that the contract concerns Kazakhstan.
        row |= {"company_inn": None, "foreign_employer_reg": "170440012348"}
    to = {"to": "kz.labour-ministry", "purpose": "contract-registration"}
    told = client.submit(uzbek, json.dumps(history).encode(), **to)
    x = told["records"][0]["exchangeId"]
    until(lambda: "D.1" in codes(uzbek, x), "the receipt from Kazakhstan")
    assert x in [one["exchangeId"] for one in client.inbox(kazakh)]


def test_a_partner_that_is_sent_to_may_not_fetch(running: Ground) -> None:
    link = open_gateway(load_config(running.settings["KG"])).link_to("KZ")
    reply = link.get("/peer/v1/outbox")
    assert (reply.status, json.loads(reply.body)["code"]) == (409, "outbox.not-pulled")
