"""Submitters of one state over real HTTP: rights, suspension, and the licence of an agency."""

import json
import re
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from certs.states import AuthorityPlan, StatePlan
from gateway.client import client
from gateway.client.client import AnsweredError
from gateway.delivery.link import Link
from gateway.proof.canonical import canonical_json
from gateway.proof.http_signature import Request, sign_request
from gateway.store import tables
from gateway.wiring import now
from tests.support.gateways import SAMPLES, Ground, ground, until
from tests.support.schemas import SCHEMAS
from tests.support.stores import entries, store_of

CONTRACT = (SAMPLES / "kz/samples/01-esutd-contract-shep-sync.xml").read_bytes()
TO = {"to": "uz.migration-agency", "purpose": "contract-registration"}
LICENCE = json.loads((SCHEMAS / "records/AgencyLicence/1/examples/bare.json").read_text("utf-8"))
CONTRACTS = [{"recordTypes": ["EmploymentContract"], "purposes": ["contract-registration"]}]
DESKS: dict[str, dict[str, Any]] = {
    "kz.bank-desk": {"rights": [{"recordTypes": ["RemittanceStatistic"], "purposes": ["*"]}]},
    "kz.new-desk": {},
    "kz.suspended-desk": {"rights": CONTRACTS, "suspended": "2026-01-01T00:00:00.000Z"},
    "kz.agency": {
        "rights": CONTRACTS,
        "licence": {"recordType": "AgencyLicence", "number": "LMX-7"},
    },
    "kz.other-agency": {
        "rights": CONTRACTS,
        "licence": {"recordType": "AgencyLicence", "number": "LMX-8"},
    },
}


def with_desks(plans: list[StatePlan]) -> list[StatePlan]:
    desks = [AuthorityPlan(name, {}, submitter=told) for name, told in DESKS.items()]
    return [
        replace(one, authorities=[*one.authorities, *desks]) if one.state == "KZ" else one
        for one in plans
    ]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    with ground(tmp_path_factory.mktemp("submitters"), with_desks) as found:
        found.start("KZ", "--only", "api")
        found.ready("kz.labour-ministry")
        yield found


def problem(link: Link, data: bytes = CONTRACT, **asked: str) -> dict[str, Any]:
    with pytest.raises(AnsweredError) as caught:
        client.submit(link, data, **{**TO, **asked})
    return caught.value.problem


@pytest.mark.parametrize(
    ("desk", "code"),
    [
        ("kz.bank-desk", "submitter.right"),
        ("kz.new-desk", "submitter.right"),
        ("kz.suspended-desk", "submitter.suspended"),
        ("kz.other-agency", "submitter.licence"),
    ],
)
def test_a_submission_without_a_right_is_refused_with_evidence(
    made: Ground, desk: str, code: str
) -> None:
    found = problem(made.actor(desk)[1])
    assert (found["code"], found["receipt"].count(".")) == (code, 2)
    logged = [octets for _, octets in entries(made.settings["KZ"])]
    assert any(found["submission"].encode() in one and code.encode() in one for one in logged)


@pytest.mark.parametrize("desk", ["kz.suspended-desk", "kz.other-agency"])
def test_who_may_not_act_reads_nothing_either(made: Ground, desk: str) -> None:
    reply = made.actor(desk)[1].get("/v1/inbox")
    assert (reply.status, json.loads(reply.body)["code"][:10]) == (403, "submitter.")


def notice(state: str) -> bytes:
    today = now().date()
    record = {
        **LICENCE["record"],
        "licenceNumber": "LMX-7",
        "issued": (today - timedelta(days=30)).isoformat(),
        "validTo": (today + timedelta(days=30)).isoformat(),
        "state": state,
    }
    return canonical_json({"recordType": "AgencyLicence", "record": record})


def test_an_agency_follows_the_state_of_its_licence(made: Ground) -> None:
    ministry, agency = (made.actor(one)[1] for one in ("kz.labour-ministry", "kz.agency"))

    def answered() -> str:
        try:
            client.submit(agency, CONTRACT, **TO)
        except AnsweredError as error:
            return str(error.problem["code"])
        return "accepted"

    for state, expected in (
        ("issued", "accepted"),
        ("suspended", "submitter.licence"),
        ("reinstated", "accepted"),
        ("revoked", "submitter.licence"),
    ):
        told = {**TO, "purpose": "licence-notice", "media_type": "application/lmx+json"}
        client.submit(ministry, notice(state), **told)
        # Each process asks again within a second.
        until(partial(_is, answered, expected), f"{expected} once the licence is {state}")


def _is(answered: Callable[[], str], expected: str) -> bool:
    return answered() == expected


def test_the_number_of_a_licence_is_not_readable_in_the_store(made: Ground) -> None:
    with store_of(made.settings["KZ"]).read() as turn:
        rows = turn.execute(select(tables.LICENCE)).all()
    assert rows
    assert "LMX-7" not in str(rows)


def test_a_submitter_over_its_rate_is_told_when_to_try_again(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with ground(tmp_path_factory.mktemp("rate")) as made:
        file = made.settings["KZ"]
        limits = '\n[limits."kz.national-bank/system"]\nrequests = 2\nbytes = 1000000\n'
        file.write_text(file.read_text("utf-8") + limits, "utf-8")
        made.start("KZ", "--only", "api")
        _, bank = made.ready("kz.national-bank")
        signed = [bank.get("/v1/inbox").status for _ in range(3)]
        assert signed == [200, 200, 429]
        problem_of = json.loads(bank.get("/v1/inbox").body)
        assert (problem_of["code"], problem_of["retry"]) == ("submitter.rate", True)
        _, ministry = made.actor("kz.labour-ministry")
        assert ministry.get("/v1/inbox").status == 200
        assert retry_after(read_of_the_bank(made)) in range(1, 61)


def read_of_the_bank(made: Ground) -> Request:
    profile, _ = made.actor("kz.national-bank")
    request = Request("GET", profile.url.removeprefix("http://"), "/v1/inbox", "", {}, None)
    created = int(now().timestamp())
    signed = sign_request(request, profile.key, created=created, nonce="n" * 22)
    return replace(request, headers=signed)


def retry_after(request: Request) -> int:
    """Send it over a socket of its own: the seconds its 429 says, as they stand on the wire."""
    fields = {"Host": request.authority, **request.headers, "Connection": "close"}
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    host, _, port = request.authority.partition(":")
    with socket.create_connection((host, int(port)), timeout=10) as line:
        line.sendall(f"GET {request.path} HTTP/1.1\r\n{lines}\r\n".encode())
        head = b"".join(iter(lambda: line.recv(65536), b"")).partition(b"\r\n\r\n")[0].decode()
    assert head.startswith("HTTP/1.1 429 ")
    (told,) = re.findall(r"(?im)^retry-after: ([0-9]+)\r?$", head)
    return int(told)
