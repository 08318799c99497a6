"""The target files of a state become its directory, or are refused whole."""

import pytest

from gateway.model.refusal import Refusal
from gateway.proof.canonical import canonical_json
from gateway.proof.directory_files import read_files
from tests.support.evidence import directory_files, log_key
from tests.support.pki import authority, key


def test_keys_logs_and_roots_are_listed() -> None:
    found = read_files("KZ", 3, "digest", directory_files("KZ"))
    assert (found.version, found.sha256) == (3, "digest")
    assert key("KZ", "seal").thumbprint in found.keys
    assert [one.vkey for one in found.logs] == [log_key("KZ").vkey]
    assert list(found.roots) == list(authority("KZ").root.chain)


def test_a_state_without_a_gateway_lists_no_keys() -> None:
    roots = {"authority/roots.pem": directory_files("KZ")["authority/roots.pem"]}
    assert dict(read_files("KZ", 1, "x", roots).keys) == {}


def test_of_two_notices_of_one_key_the_earlier_holds() -> None:
    notices = {
        f"revoked/{number}.json": canonical_json(
            {"id": "k", "at": f"2026-11-24T0{hour}:00:00.000Z", "reason": reason}
        )
        for number, hour, reason in ((1, 8, "late"), (2, 7, "early"))
    }
    found = read_files("KZ", 1, "x", {**directory_files("KZ"), **notices})
    assert found.revoked["k"].reason == "early"


def test_a_notice_without_reason_counts() -> None:
    notice = canonical_json({"id": "k", "at": "2026-11-24T07:00:00.000Z"})
    found = read_files("KZ", 1, "x", {**directory_files("KZ"), "revoked/1.json": notice})
    assert found.revoked["k"].reason == ""


WRONG = {
    "no JSON": {"member/gateway.json": b"{"},
    "a list": {"member/submitters.json": b"[]"},
    "a key without chain": {
        "member/gateway.json": b'{"keys":[{"chain":[],"name":"n","role":"seal"}]}'
    },
    "no certificate": {
        "member/gateway.json": b'{"keys":[{"chain":["AAAA"],"name":"n","role":"seal"}]}'
    },
    "no verifier key": {"member/gateway.json": b'{"logs":["x"]}'},
    "no instant": {"revoked/1.json": b'{"at":"today","id":"k"}'},
    "no roots": {"authority/roots.pem": b"none"},
}


@pytest.mark.parametrize("name", WRONG)
def test_a_file_of_another_form_refuses_the_directory(name: str) -> None:
    with pytest.raises(Refusal, match=r"directory\.malformed"):
        read_files("KZ", 1, "x", {**directory_files("KZ"), **WRONG[name]})
