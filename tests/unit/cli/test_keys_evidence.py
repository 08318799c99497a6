"""`lmx keys evidence` over HTTP: a list is fetched from where a certificate names it, and kept."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from certs.authority import certify, subject_name
from certs.authority_folder import Revoked, sign_list
from gateway.cli.main import main
from gateway.model.instants import write_instant
from gateway.proof.canonical import canonical_json
from gateway.proof.strict_json import parse
from gateway.proof.trust_folder import load_trust
from gateway.wiring import now
from tests.support.evidence import NAMES, b64, directory_files, write_trust
from tests.support.pki import authority, key
from tests.support.responder import Responder, leaf_of_responder, responding
from tests.support.served import served
from tests.support.tuf_states import StateRepository

ISSUING, NAME = authority("KZ").issuing, f"{NAMES['KZ']}/seal"
SETTINGS = """
state = "UZ"
name = "gw.uz.example"
data = "data"
keys = "keys"
trust = "trust"
[api]
host = "127.0.0.1"
port = 9
[peer]
host = "127.0.0.1"
port = 9
[console]
host = "127.0.0.1"
port = 9
"""


@pytest.fixture
def lists(tmp_path: Path) -> Iterator[Path]:
    """The folder in which KZ's CA serves its list; its directory lists a seal that names it."""
    folder = tmp_path / "lists"
    folder.mkdir()
    with served(folder) as url:
        public = key("KZ", "seal").private.public_key()
        seal = certify(
            ISSUING, "seal", subject_name("KZ", NAME), public, at=now(), list_url=f"{url}/kz.crl"
        )
        listing(tmp_path, seal)
        sign(folder)
        yield folder


def listing(tmp_path: Path, seal: x509.Certificate) -> None:
    """Make a gateway that follows a directory in which KZ lists this seal alone."""
    files = dict(directory_files("KZ"))
    gateway = parse(files["member/gateway.json"])
    chain = [b64(one.public_bytes(Encoding.DER)) for one in (seal, *ISSUING.chain)]
    gateway["keys"] = [{"role": "seal", "name": NAME, "chain": chain}]
    files["member/gateway.json"] = canonical_json(gateway)
    write_trust(tmp_path / "trust", {"KZ": StateRepository(files, now())})
    (tmp_path / "gateway.toml").write_text(SETTINGS, "utf-8")
    (tmp_path / "data").mkdir()


def sign(folder: Path, *, revoked: str = "") -> None:
    lines = [Revoked(revoked, write_instant(now()), "keyCompromise")] if revoked else []
    (folder / "kz.crl").write_bytes(sign_list(ISSUING, lines, 1, at=now(), days=7))


def evidence(tmp_path: Path, *more: str) -> Result:
    words = ["keys", "evidence", "--config", str(tmp_path / "gateway.toml"), *more]
    return CliRunner().invoke(main, words)


def test_a_list_is_fetched_and_told_by_its_digest(tmp_path: Path, lists: Path) -> None:
    assert lists.exists()
    ran = evidence(tmp_path, "--json")
    assert ran.exit_code == 0, ran.output
    (one,) = json.loads(ran.output)
    assert (one["name"], one["code"], len(one["sha256"])) == (NAME, "", 44)
    assert (
        f"not revoked, until {one['ends']}  crl sha256 {one['sha256']}" in evidence(tmp_path).output
    )


def test_a_certificate_on_the_list_that_its_directory_lets_count_is_told(
    tmp_path: Path, lists: Path
) -> None:
    directory = load_trust(tmp_path / "trust").directory("KZ")
    (listed,) = directory.keys.values()
    sign(lists, revoked=str(listed.certificate.serial_number))
    ran = evidence(tmp_path)
    assert (ran.exit_code, "REVOKED by its issuer" in ran.output) == (1, True)


def test_a_list_that_cannot_be_had_is_told(tmp_path: Path, lists: Path) -> None:
    (lists / "kz.crl").unlink()
    ran = evidence(tmp_path)
    assert (ran.exit_code, "answered 404  [revocation.unusable]" in ran.output) == (1, True)


@pytest.fixture
def responder(tmp_path: Path) -> Iterator[Responder]:
    """KZ's responder; its directory lists a seal that names it."""
    with responding(Responder(ISSUING, ISSUING, now())) as found:
        listing(tmp_path, leaf_of_responder("KZ", found.url))
        yield found


def test_a_responder_is_asked_and_its_answer_told_by_its_digest(
    tmp_path: Path, responder: Responder
) -> None:
    ran = evidence(tmp_path)
    assert ran.exit_code == 0, ran.output
    assert (ran.output.count("  ocsp sha256 "), len(responder.asked)) == (1, 1)


def test_a_revocation_that_only_the_responder_tells_is_told(
    tmp_path: Path, responder: Responder
) -> None:
    responder.since = now()
    ran = evidence(tmp_path)
    assert (ran.exit_code, "REVOKED by its issuer" in ran.output) == (1, True)


def test_a_responder_that_refuses_is_told_with_its_status(
    tmp_path: Path, responder: Responder
) -> None:
    later = ocsp.OCSPResponseStatus.TRY_LATER
    said = ocsp.OCSPResponseBuilder.build_unsuccessful(later).public_bytes(Encoding.DER)
    responder.instead = lambda _: said
    ran = evidence(tmp_path)
    assert (ran.exit_code, "it said: try later  [revocation.unusable]" in ran.output) == (1, True)
