"""Bad submissions over real HTTP: each its own code and place, an A.2 once the caller is known."""

import base64
import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests
from sqlalchemy import select

from gateway.client import client
from gateway.client.profile import Profile
from gateway.delivery.link import Link
from gateway.proof.http_signature import Request, content_digest, sign_request
from gateway.store.tables import SEALED
from gateway.translation import load_countries, write
from gateway.wiring import now
from tests.support.gateways import ROOT, SAMPLES, Ground, ground
from tests.support.schemas import SCHEMAS
from tests.support.stores import entries, store_of, stored

KZ = (SAMPLES / "kz/samples/01-esutd-contract-shep-sync.xml").read_bytes()
KZ_TJ = (SAMPLES / "kz/samples/06-contract-tajik-worker.xml").read_bytes()
UZ = (SAMPLES / "uz/samples/02-labour-contract-lc.json").read_bytes()
CARDS = (SAMPLES / "tj/samples/01-departure-cards-2026-08.expected-utf8.csv").read_bytes()
CASES = (SAMPLES / "tj/samples/04-protection-cases.cp1251-adlia-font.csv").read_bytes()
TO = {"to": "uz.migration-agency", "purpose": "contract-registration"}
CANARY = "КАНАРЕЙКА-7391"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    with ground(tmp_path_factory.mktemp("refusals")) as found:
        found.start("KZ", "--only", "api")
        found.ready("kz.labour-ministry")
        yield found


@pytest.fixture
def link(made: Ground) -> Link:
    return made.actor("kz.labour-ministry")[1]


@pytest.fixture
def profile(made: Ground) -> Profile:
    return made.actor("kz.labour-ministry")[0]


def problem(link: Link, data: bytes, **asked: Any) -> dict[str, Any]:
    with pytest.raises(client.AnsweredError) as caught:
        client.submit(link, data, **{**TO, **asked})
    return caught.value.problem


@pytest.mark.parametrize(
    ("name", "data", "asked", "code"),
    [
        ("malformed XML", KZ[:-40], {}, "xml.malformed"),
        (
            "a DOCTYPE",
            b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
            {},
            "xml.doctype",
        ),
        ("malformed JSON", UZ[:-30], {}, "json.malformed"),
        ("a member named twice", b'{"a": 1, "a": 2}', {}, "json.duplicate-name"),
        ("an unknown layout", KZ, {"layout": "kz.no-such-layout"}, "layout.unknown"),
        ("an unknown recipient", KZ, {"to": "uz.no-such-office"}, "authority.unknown"),
        ("no recipient's spelling", KZ, {"to": "nobody"}, "authority.unknown"),
        ("a purpose outside the agreement", KZ, {"purpose": "credit-scoring"}, "agreement.purpose"),
        ("a record that concerns another", KZ_TJ, {}, "to.mismatch"),
        ("a wrong control total", CARDS.replace(b";3;", b";9;"), {}, "submission.control-total"),
    ],
)
def test_bad_input_is_refused_with_evidence(
    link: Link, name: str, data: bytes, asked: dict[str, str], code: str
) -> None:
    found = problem(link, data, **asked)
    assert (name, found["code"]) == (name, code)
    assert found["detail"]
    assert found["receipt"].count(".") == 2


def _example(record_type: str, name: str) -> bytes:
    return (SCHEMAS / f"records/{record_type}/1/examples/{name}.json").read_bytes()


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (CASES, "application/octet-stream"),
        (_example("ProtectionCase", "wages"), "application/lmx+json"),
        (_example("IncidentNotification", "injury"), "application/lmx+json"),
    ],
)
def test_a_record_of_sensitivity_3_is_no_gateway_s(
    made: Ground, link: Link, data: bytes, media_type: str
) -> None:
    found = problem(link, data, media_type=media_type)
    assert (found["code"], found["status"]) == ("restricted.use-sdk", 422)
    logs = [row[0] for row in entries(made.settings["KZ"]) if _tells(row, found)]
    with store_of(made.settings["KZ"]).read() as turn:
        kept = turn.execute(select(SEALED.c.kind).where(SEALED.c.x == found["submission"])).all()
    # Not even the corridor's log says that such a record exists.
    assert [log.rpartition("/")[2] for log in logs] == ["home"]
    assert ("native",) not in [tuple(one) for one in kept]


def _tells(row: tuple[str, bytes], found: dict[str, Any]) -> bool:
    return found["submission"].encode() in row[1]


def test_pension_periods_leave_only_where_a_pension_agreement_is(link: Link) -> None:
    data = (ROOT / "certs/samples/pension-of-an-uzbek-worker.xml").read_bytes()
    found = problem(link, data, purpose="insurance-coordination")
    assert (found["code"], found["receipt"].count(".")) == ("agreement.type", 2)


def test_a_refusal_stands_in_the_log(made: Ground, link: Link) -> None:
    found = problem(link, b"{", layout="uz.labour-contract")
    logged = entries(made.settings["KZ"])
    assert sum(found["submission"].encode() in octets for _, octets in logged) == 1


def test_the_same_key_with_the_same_body_gives_the_same_answer(link: Link) -> None:
    first = client.submit(link, KZ, **TO, idempotency="the-same-key-again")
    assert client.submit(link, KZ, **TO, idempotency="the-same-key-again") == first


def test_the_same_key_with_another_body_is_refused(link: Link) -> None:
    client.submit(link, KZ, **TO, idempotency="a-key-for-one-body")
    assert (
        problem(link, KZ + b" ", idempotency="a-key-for-one-body")["code"] == "idempotency.reused"
    )


def _signed(
    profile: Profile, body: bytes, *, late: int = 0, more: str = ""
) -> tuple[str, dict[str, str]]:
    target = f"/v1/submissions?to=uz.migration-agency&purpose=contract-registration{more}"
    path, _, query = target.partition("?")
    host = profile.url.removeprefix("http://")
    headers = {"content-type": "application/octet-stream", "idempotency-key": os.urandom(8).hex()}
    request = Request("POST", host, path, query, headers, body)
    nonce = base64.urlsafe_b64encode(os.urandom(18)).decode()
    created = int(now().timestamp()) - late
    added = sign_request(request, profile.key, created=created, nonce=nonce)
    return profile.url + target, {**headers, **added}


def _code(url: str, headers: dict[str, str], body: bytes) -> str:
    return str(requests.post(url, data=body, headers=headers, timeout=10).json()["code"])


def test_an_unsigned_request_is_refused(profile: Profile) -> None:
    url, headers = _signed(profile, KZ)
    bare = {name: one for name, one in headers.items() if not name.startswith("signature")}
    assert _code(url, bare, KZ) == "signature.missing"


def test_a_test_record_is_refused_while_no_gateway_takes_them(profile: Profile) -> None:
    url, headers = _signed(profile, KZ, more="&test=true")
    found = requests.post(url, data=KZ, headers=headers, timeout=10).json()
    assert (found["code"], found["place"]) == ("request.parameter", "test")


def test_an_expired_signature_is_refused(profile: Profile) -> None:
    url, headers = _signed(profile, KZ, late=120)
    assert _code(url, headers, KZ) == "signature.expired"


def test_another_body_than_signed_is_refused(profile: Profile) -> None:
    url, headers = _signed(profile, KZ)
    assert _code(url, headers, KZ + b" ") == "digest.wrong"


def test_another_body_with_its_own_digest_is_refused(profile: Profile) -> None:
    url, headers = _signed(profile, KZ)
    headers["content-digest"] = content_digest(KZ + b" ")
    assert _code(url, headers, KZ + b" ") == "signature.wrong"


def test_a_replayed_request_is_refused_and_not_logged(made: Ground, profile: Profile) -> None:
    url, headers = _signed(profile, KZ)
    assert requests.post(url, data=KZ, headers=headers, timeout=10).status_code == 202
    assert _code(url, headers, KZ) == "nonce.replayed"


def test_a_key_of_another_state_is_refused(made: Ground, link: Link) -> None:
    stranger = made.actor("uz.migration-agency")[0]
    other = replace(link, key=lambda _: stranger.key)
    assert problem(other, KZ)["code"] == "signature.key-unknown"


def test_a_body_over_the_limit_is_refused(link: Link) -> None:
    assert problem(link, b" " * (20 * 1024 * 1024 + 1))["code"] == "submission.too-large"


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.mark.parametrize(
    ("form", "media_type"),
    [
        ("", "text/csv"),
        ("", "text/csv; charset=utf-8"),
        (".xlsx", XLSX),
        (".json", "application/json"),
        (".json", "application/octet-stream"),
    ],
)
def test_a_default_file_is_taken_whatever_its_media_type_says(
    link: Link, form: str, media_type: str
) -> None:
    example = json.loads(_example("EmploymentContract", "registered-in-kazakhstan"))
    layout = f"default.employment-contract{form}"
    triple = ("EmploymentContract", example["record"], "KZ")
    data = write([triple], layout, load_countries(SAMPLES)).data
    (sent,) = client.submit(link, data, **TO, media_type=media_type)["records"]
    assert sent["recordType"] == "EmploymentContract"


@pytest.mark.parametrize(
    ("media_type", "layout"),
    [
        ("application/octet-stream", None),
        ("application/octet-stream", "kg.departures"),
        ("application/lmx+json", None),
        ("application/lmx+xml", None),
        (XLSX, None),
    ],
)
def test_an_empty_body_is_refused_with_evidence(
    link: Link, media_type: str, layout: str | None
) -> None:
    # HTTP 204 of a source system, passed on as it came.
    found = problem(link, b"", media_type=media_type, layout=layout)
    assert (found["code"], found["receipt"].count(".")) == ("source.not-a-record", 2)


def test_another_authority_s_exchange_is_not_there(made: Ground, link: Link) -> None:
    x = client.submit(link, KZ, **TO)["records"][0]["exchangeId"]
    other = made.actor("kz.regional-inspection")[1]
    with pytest.raises(client.AnsweredError) as caught:
        client.status(other, x)
    assert caught.value.problem["code"] == "request.not-found"


def test_no_content_reaches_log_or_refusal(made: Ground, link: Link) -> None:
    data = KZ + CANARY.encode()
    assert CANARY not in str(problem(link, data))
    assert CANARY not in str(problem(link, CANARY.encode()))
    logs = [one.read_text("utf-8") for one in made.folder.glob("*.log")]
    assert logs
    assert not any(CANARY in one for one in logs)


def test_nothing_of_a_person_is_readable_in_the_store(made: Ground, link: Link) -> None:
    passport = b"FA0000017"
    assert passport in KZ
    client.submit(link, KZ, **TO)
    data: Path = made.folder / "kz/data"
    for file in data.rglob("*.sqlite*"):
        assert passport not in file.read_bytes()
    assert not any(passport in one for one in stored(store_of(made.settings["KZ"])))
