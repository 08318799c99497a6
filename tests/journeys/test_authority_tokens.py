"""What the receiving authority signed stands in the bundles of both states, and is judged."""

import json
from collections.abc import Callable, Iterator
from typing import cast

import pytest
from sqlalchemy import update

from gateway.client import client
from gateway.client.profile import load_profile
from gateway.exchange.export import export
from gateway.exchange.office import digest
from gateway.model.instants import write_instant
from gateway.model.refusal import Refusal
from gateway.proof.authority_token import check_authority_token
from gateway.proof.canonical import canonical_json
from gateway.proof.claims import Claim
from gateway.proof.container import pack, read_container
from gateway.proof.evidence_file import check_bundle
from gateway.proof.header import read_header
from gateway.proof.json_signature import DECISION, HANDOVER, VerifiedJws, sign_jws
from gateway.proof.keys import CertifiedKey
from gateway.proof.receipt import Receipt, ReceiptEvent
from gateway.store.scope import WHOLE
from gateway.store.tables import EXCHANGE
from tests.support.hostile import contract
from tests.support.two_offices import Side, TwoOffices, two_offices

CONFIRMED, ACCEPTED = "authority/E.1.jws", "authority/C.3.jws"


# The receipt's own signature is checked before, and not here.
SIGNED = cast("VerifiedJws", None)


@pytest.fixture(scope="module")
def offices(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoOffices]:
    with two_offices(tmp_path_factory.mktemp("tokens")) as found:
        yield found


@pytest.fixture(scope="module")
def handed(offices: TwoOffices) -> str:
    """An exchange that was accepted and confirmed, in a list with another one."""
    x, _ = offices.kz.submit(contract(1)), offices.kz.submit(contract(2))
    offices.rounds(1)
    uz = offices.uz
    taken = [client.take_one(uz.ministry, x)]
    client.decide(uz.ministry, uz.profile.key, taken, "accept", "", at=offices.clock())
    uz.take_and_confirm()
    offices.rounds()
    return x


def _files(side: Side, x: str) -> dict[str, bytes]:
    return read_container(export(side.office, x, lambda state: side.links[state], WHOLE))


def _judged(side: Side, files: dict[str, bytes]) -> list[Claim]:
    claims, _ = check_bundle(pack(files), side.office.trust, side.office.catalogue.mapping)
    return [one for one in claims if one.id == "authority"]


def test_both_bundles_hold_the_very_tokens(offices: TwoOffices, handed: str) -> None:
    kz, uz = (_files(side, handed) for side in (offices.kz, offices.uz))
    assert kz[CONFIRMED] == uz[CONFIRMED]
    assert kz[ACCEPTED] == uz[ACCEPTED]
    told = [(one.code, one.files) for one in _judged(offices.kz, kz)]
    assert told == [("", (ACCEPTED,)), ("", (CONFIRMED,))]


def test_a_bundle_without_them_stands_as_before(offices: TwoOffices, handed: str) -> None:
    files = _files(offices.kz, handed)
    del files[CONFIRMED], files[ACCEPTED]
    assert _judged(offices.kz, files) == []


def _of_the_other(files: dict[str, bytes]) -> None:
    files[CONFIRMED], files[ACCEPTED] = files[ACCEPTED], files[CONFIRMED]


def _cut(files: dict[str, bytes]) -> None:
    files[CONFIRMED] = files[CONFIRMED][:-4] + b"AAAA"


def _no_text(files: dict[str, bytes]) -> None:
    files[CONFIRMED] = b"\xff"


def _of_no_event(files: dict[str, bytes]) -> None:
    files["authority/B.1.jws"] = files[CONFIRMED]


@pytest.mark.parametrize("change", [_of_the_other, _cut, _no_text, _of_no_event])
def test_another_token_is_found_out(
    offices: TwoOffices, handed: str, change: Callable[[dict[str, bytes]], None]
) -> None:
    files = _files(offices.kz, handed)
    change(files)
    assert {"handover.confirmation"} <= {one.code for one in _judged(offices.kz, files)}


@pytest.mark.parametrize(
    ("typ", "change"),
    [
        (DECISION, {}),
        (HANDOVER, {"out": "other"}),
        (HANDOVER, {"hdr": "other"}),
        (HANDOVER, {"exchangeId": "other"}),
    ],
)
def test_a_receipt_for_a_token_that_says_something_else_proves_nothing(
    offices: TwoOffices, handed: str, typ: str, change: dict[str, str]
) -> None:
    files = _files(offices.kz, handed)
    header = read_header(files["exchange/header.json"])
    sound = {"exchangeId": handed, "hdr": digest(header.octets), "out": "as given"}
    directory = offices.kz.office.trust.directory("UZ")

    def check(typ: str, item: dict[str, str], key: CertifiedKey) -> None:
        token = sign_jws(canonical_json([item]), key, typ=typ, at=offices.clock())
        told = {"re": digest(token.encode("ascii")), "c": {"out": "as given"}}
        at = write_instant(offices.clock())
        receipt = Receipt((ReceiptEvent("E.1", "", at, "", 0, ""),), told, SIGNED)
        check_authority_token(token, "E.1", receipt, header, directory)

    key = offices.uz.profile.key
    check(HANDOVER, sound, key)
    bank = load_profile(offices.folder / "profiles/uz.central-bank.toml").key
    with pytest.raises(Refusal, match="authority that the header names"):
        check(HANDOVER, sound, bank)
    with pytest.raises(Refusal):
        check(typ, {**sound, **change}, key)


def test_another_partner_is_given_no_token(offices: TwoOffices, handed: str) -> None:
    target = f"/peer/v1/exchanges/{handed}/tokens/E.1"
    assert offices.kz.links["UZ"].get(target).status == 200
    assert offices.uz.links["KZ"].get(target).status == 404


def test_a_list_is_of_one_corridor(offices: TwoOffices) -> None:
    xs = [offices.kz.submit(contract(number)) for number in (3, 4)]
    offices.rounds(1)
    uz = offices.uz
    taken = [client.take_one(uz.ministry, x) for x in xs]
    with uz.office.store.write() as turn:
        turn.execute(update(EXCHANGE).where(EXCHANGE.c.x == xs[0]).values(partner="TJ"))
    for typ, path, more, code in (
        (HANDOVER, "handover", {}, "handover.confirmation"),
        (DECISION, "decision", {"decision": "accept"}, "decision.wrong"),
    ):
        payload = canonical_json([{**one.confirmation, **more} for one in taken])
        token = sign_jws(payload, uz.profile.key, typ=typ, at=offices.clock())
        reply = uz.ministry.post(f"/v1/inbox/{path}", token.encode("ascii"), "application/jose")
        assert json.loads(reply.body)["code"] == code
    told = client.confirm(uz.ministry, uz.profile.key, taken, at=offices.clock())
    assert [one["state"] for one in told["items"]] == ["E.1", "E.1"]
