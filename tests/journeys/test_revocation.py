"""A key is revoked by commands while two gateways run: it opens nothing any more, at once."""

import json
import shutil
import ssl
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from certs.authority import certify, subject_name
from certs.authority_folder import open_folder
from certs.key_files import write_certified_key
from gateway.client import client
from gateway.client.client import AnsweredError
from gateway.delivery.link import Link
from gateway.model.instants import write_instant
from gateway.proof.key_folder import KeyFolder
from gateway.proof.keys import CertifiedKey, load_certificates
from gateway.proof.revocation import issuer_of, list_says
from gateway.proof.trust_folder import load_trust
from gateway.store.connection import open_store
from gateway.store.revocation_rows import put_evidence
from gateway.wiring import PARTNER_ROOTS, now
from tests.support.gateways import codes, until
from tests.support.rotation import ACTORS, CONTRACT, TO, Pair, connected, lmx, pair
from tests.support.stale import answer_to, copy_of_trust, only, stale


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    with pair(tmp_path_factory.mktemp("revocation")) as found:
        yield found


@pytest.fixture(scope="module")
def ca(made: Pair) -> Path:
    return made.authority("KZ")


def follow(made: Pair, role: str, ca: Path) -> None:
    """Have a new key of KZ's gateway follow the one before at once."""
    member = made.listed("KZ", "member/gateway.json")
    config = ("--config", made.made.settings["KZ"])
    at = write_instant(now())
    lmx("keys", "rotate", role, *config, "--from", at, "--ca", ca, "--member", member)
    made.publish("KZ")


def revoke(made: Pair, key: Path, *more: object) -> None:
    out = made.staged("KZ")
    lmx("keys", "revoke", key, "--reason", "keyCompromise", "--out", out, *more)
    made.publish("KZ")


def let_in(made: Pair, stem: str) -> bool:
    """Tell whether UZ's peer port takes a connection under one of KZ's TLS keys, not revoked.

    A connection that is dropped says nothing: a worker hands over to the next. It is asked again.
    """
    said: list[bool] = []
    until(lambda: _asked(made, stem, said), "an answer of the peer port")
    return said[0]


def _asked(made: Pair, stem: str, said: list[bool]) -> bool:
    keys, roots = made.config("KZ").keys, made.config("KZ").data / PARTNER_ROOTS
    try:
        with connected(made.config("UZ").peer, roots, keys / stem) as line:
            # TLS 1.3: the server's refusal comes with its first octets.
            line.sendall(b"GET /healthz HTTP/1.1\r\nHost: peer\r\nConnection: close\r\n\r\n")
            if octets := line.recv(12):
                said.append(octets == b"HTTP/1.1 200")
    except (ssl.SSLEOFError, ConnectionError):
        return False
    except ssl.SSLError as error:
        if "REVOKED" not in str(error):
            raise
        said.append(False)
    return bool(said)


def keep_list(made: Pair, ca: Path) -> None:
    """Keep the CA's list in KZ's store for the keys it certified, as `lmx keys evidence` does."""
    store = open_store(made.config("KZ").database)
    directory = load_trust(made.config("KZ").trust).directory("KZ")
    octets = (ca / "issuing.crl").read_bytes()
    with store.write() as turn:
        for name, key in directory.keys.items():
            issuer = issuer_of(key.certificate, load_certificates(ca / "issuing.pem"))
            if issuer is None:
                continue
            put_evidence(turn, name, list_says(octets, key.certificate, issuer), octets)


def sent(link: Link) -> str:
    return str(client.submit(link, CONTRACT, **TO)["records"][0]["exchangeId"])


def test_a_revoked_seal_ends_sealing_at_home_and_is_refused_abroad_and_its_past_stays(
    made: Pair, ca: Path, tmp_path: Path
) -> None:
    _, link = made.made.actor(ACTORS["KZ"])
    bundle = made.bundle(sent(link), tmp_path / "before.asice")
    trust = copy_of_trust(made, tmp_path / "trust")
    keys = only(made.config("KZ").keys, tmp_path / "keys", "seal")
    revoke(made, made.config("KZ").keys / "seal.pem")
    with pytest.raises(AnsweredError) as raised:
        sent(link)
    problem = raised.value.problem
    assert (problem["status"], problem["code"]) == (503, "key.none-in-use")
    assert "our own directory has revoked the key; lmx keys rotate" in str(problem)
    with stale(made, tmp_path / "thief", keys, trust) as config:
        assert answer_to(made, config) == {"retry": False, "code": "certificate.revoked"}
    follow(made, "seal", ca)
    after = sent(link)
    until(lambda: "B.1" in codes(link, after), "B.1 under the next seal")
    assert lmx("verify", bundle, "--trust", made.config("UZ").trust)
    keep_list(made, ca)
    bundle = made.bundle(after, tmp_path / "after.asice")
    report = json.loads(lmx("verify", bundle, "--trust", made.config("UZ").trust, "--json"))
    told = [one["why"] for one in report["claims"] if one["id"] == "revocation"]
    assert [one for one in told if "had not revoked" in one and "/seal by then (crl)" in one]


def test_a_revoked_tls_certificate_is_let_in_no_more_and_its_successor_is(
    made: Pair, ca: Path
) -> None:
    follow(made, "tls", ca)
    stick, lists = made.made.folder / "stick-KZ", made.home("UZ") / "lists"
    lists.mkdir()
    shutil.copy(stick / "root.crl", lists / "kz-root.crl")
    shutil.copy(ca / "issuing.crl", lists / "kz-issuing.crl")
    file = made.made.settings["UZ"]
    text = file.read_text("utf-8").replace("[peer]\n", '[peer]\nlists = "lists"\n')
    made.made.running["UZ"].terminate()
    made.made.ended("UZ")
    file.write_text(text, "utf-8")
    made.made.start("UZ")
    made.made.ready(ACTORS["UZ"])
    until(lambda: let_in(made, "tls-2"), "the peer port")
    _, link = made.made.actor(ACTORS["KZ"])
    before = sent(link)
    until(lambda: "B.1" in codes(link, before), "B.1 before")
    revoke(made, made.config("KZ").keys / "tls-2.pem", "--ca", ca)
    shutil.copy(ca / "issuing.crl", lists / "new")
    (lists / "new").replace(lists / "kz-issuing.crl")
    until(lambda: not let_in(made, "tls-2"), "the revoked certificate to be refused")
    follow(made, "tls", ca)
    assert KeyFolder(made.config("KZ").keys).certified_generation("tls", now())[0].number == 3
    until(lambda: let_in(made, "tls-3"), "its successor to be let in")
    until(lambda: not let_in(made, "tls-2"), "the revoked certificate to be refused still")
    after = sent(link)
    until(lambda: "B.1" in codes(link, after), "B.1 after")


@pytest.mark.parametrize("case", [("tls", 500, "EXPIRED"), ("seal", 0, "CERTIFICATE")])
def test_a_certificate_that_has_ended_or_is_for_another_role_is_not_let_in(
    made: Pair, ca: Path, tmp_path: Path, case: tuple[str, int, str]
) -> None:
    role, days, told = case
    private, issuing = ec.generate_private_key(ec.SECP256R1()), open_folder(ca).issuing
    leaf = certify(
        issuing,
        role,
        subject_name("KZ", f"gw.kz.example/{role}"),
        private.public_key(),
        at=now() - timedelta(days=days),
        hosts=("127.0.0.1",) if role == "tls" else (),
    )
    write_certified_key(tmp_path / role, CertifiedKey(private, (leaf, *issuing.chain[:1])))
    with pytest.raises(ssl.SSLError, match=told):
        let_in(made, str(tmp_path / role))


def test_a_revoked_peer_key_and_submitter_key_are_refused_and_their_successors_are_not(
    made: Pair, ca: Path
) -> None:
    peer, keys = "/peer/v1/logs/uz-kz/checkpoint", made.config("KZ").keys
    old = made.made.folder / "stolen"
    shutil.copytree(keys, old, ignore=shutil.ignore_patterns("directory"))
    _, link = made.made.actor(ACTORS["KZ"])
    first = sent(link)
    until(lambda: "B.1" in codes(link, first), "B.1")
    assert made.link("KZ", old).get(peer).status == 200
    revoke(made, keys / "peer.pem")
    reply = made.link("KZ", old).get(peer)
    assert (reply.status, json.loads(reply.body)["code"]) == (401, "certificate.revoked")
    follow(made, "peer", ca)
    assert made.link("KZ").get(peer).status == 200
    second = sent(link)
    until(lambda: "B.1" in codes(link, second), "B.1 under the next key")
    revoke(made, made.made.folder / f"profiles/{ACTORS['KZ']}.pem")
    reply = link.get("/v1/inbox")
    assert (reply.status, json.loads(reply.body)["code"]) == (401, "certificate.revoked")
