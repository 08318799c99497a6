"""Two real gateways, and agreements that change under them: amended, revoked, told differently."""

import base64
import hashlib
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from certs.demonstration import demonstration_agreements
from gateway.client.profile import Profile, load_profile
from gateway.config.config import load_config
from gateway.exchange.handover import opened
from gateway.exchange.office import Office
from gateway.exchange.policy import admit
from gateway.exchange.quotas import Journey, QuotaTakenError, require_room
from gateway.exchange.receive import receive
from gateway.exchange.submit import submit
from gateway.exchange.verify import Item
from gateway.model.quotas import Quota
from gateway.model.refusal import Refusal
from gateway.proof.canonical import canonical_json
from gateway.proof.header import Header, read_header
from gateway.proof.http_signature import Request, sign_request
from gateway.proof.trust_folder import Trust
from gateway.store import exchange_rows
from gateway.store.scope import WHOLE
from gateway.translation import load_countries, write
from gateway.wiring import now, open_gateway
from tests.support.agreements import relisted
from tests.support.gateways import SAMPLES, Ground, ground
from tests.support.schemas import SCHEMAS
from tests.support.stores import entries

CONTRACT = (SAMPLES / "kz/samples/01-esutd-contract-shep-sync.xml").read_bytes()
TYPE = "EmploymentContract"
NUMBER = "/person/document/number"
V1, V2 = "agreements/KZ-UZ/v1.json", "agreements/KZ-UZ/v2.json"


def text(version: int = 1, members: dict[str, Any] | None = None, **grant: Any) -> bytes:
    found = json.loads(canonical_json(dict(demonstration_agreements()["KZ-UZ"])))
    found["version"] = version
    found["recordTypes"][TYPE] |= grant
    found["recordTypes"][TYPE]["members"] |= members or {}
    return canonical_json(found)


def named(data: bytes, version: int) -> dict[str, Any]:
    digest = base64.b64encode(hashlib.sha256(data).digest()).decode()
    return {"id": "KZ-UZ", "version": version, "sha256": digest}


@dataclass
class Corridor:
    """Both gateways in this process, on one clock that a test turns."""

    made: Ground
    offices: dict[str, Office]
    profile: Profile
    at: datetime

    def relist(
        self, files: dict[str, dict[str, bytes | None]], revoked: dict[str, datetime] | None = None
    ) -> None:
        """Give each state's directory other files, and the first state's its revocations."""
        trust = self.offices["KZ"].trust
        known = dict(trust.directories)
        for state, changes in files.items():
            known[state] = relisted(known[state], changes, revoked)
            revoked = None
        for state, office in self.offices.items():
            self.offices[state] = replace(office, trust=Trust(known, trust.policy))

    def both(self, files: dict[str, bytes | None]) -> None:
        self.relist({"KZ": files, "UZ": files})

    def send(self) -> dict[str, Any]:
        """Submit the contract: the first record's answer."""
        answer = self.answer(CONTRACT)
        found: dict[str, Any] = answer["records"][0]
        return {**found, "submission": answer["submission"]}

    def answer(self, data: bytes) -> dict[str, Any]:
        """Submit a file: the gateway's answer."""
        host = self.profile.url.removeprefix("http://")
        query = "to=uz.migration-agency&purpose=contract-registration"
        headers = {
            "content-type": "application/octet-stream",
            "idempotency-key": os.urandom(8).hex(),
        }
        request = Request("POST", host, "/v1/submissions", query, headers, data)
        nonce = base64.urlsafe_b64encode(os.urandom(18)).decode()
        created = int(self.at.timestamp())
        headers |= sign_request(request, self.profile.key, created=created, nonce=nonce)
        found: dict[str, Any] = json.loads(submit(self.offices["KZ"], request).body)
        return found

    def arrive(self, x: str) -> tuple[str, str]:
        """Take the message to the other gateway: the event of its receipt, and its reason."""
        origin, destination = self.offices["KZ"], self.offices["UZ"]
        with origin.store.read() as turn:
            row = exchange_rows.exchange(turn, x, WHOLE)
            receipt = exchange_rows.receipts(turn, x, WHOLE)[0][1]
            octets = opened(origin, turn, x, "transfer", WHOLE).decode()
        assert row is not None
        answer = receive(destination, Item(row.seal, octets, receipt), "KZ")
        told = json.loads(_payload(answer["receipt"]))["events"][0]
        return told["code"], (told.get("reasons") or [""])[0]

    def sealed(self, x: str) -> Header:
        with self.offices["KZ"].store.read() as turn:
            row = exchange_rows.exchange(turn, x, WHOLE)
        assert row is not None
        return read_header(row.header)

    def header(self, x: str) -> dict[str, Any]:
        return dict(self.sealed(x).members)

    def transfer(self, x: str) -> dict[str, Any]:
        office = self.offices["KZ"]
        with office.store.read() as turn:
            found: dict[str, Any] = json.loads(opened(office, turn, x, "transfer", WHOLE))
        return found

    def entries(self, x: str) -> list[dict[str, Any]]:
        found = [json.loads(octets) for _, octets in entries(self.made.settings["KZ"])]
        return [one for one in found if one.get("x") == x]


def _payload(token: str) -> bytes:
    part = token.split(".")[1]
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


@pytest.fixture
def corridor(tmp_path: Path, databases: Callable[[], str]) -> Iterator[Corridor]:
    with ground(tmp_path, databases=databases) as made:
        profile = load_profile(made.folder / "profiles/kz.labour-ministry.toml")
        found = Corridor(made, {}, profile, now() + timedelta(seconds=1))
        for state in ("KZ", "UZ"):
            office = open_gateway(load_config(made.settings[state])).office
            found.offices[state] = replace(office, clock=lambda: found.at)
        yield found


def code(answer: dict[str, Any]) -> str:
    return str(answer["refused"][0]["code"])


def test_header_and_entry_name_the_exact_bytes(corridor: Corridor) -> None:
    x = corridor.send()["exchangeId"]
    expected = named(text(), 1)
    entry = next(one for one in corridor.entries(x) if one["t"] == "A.1")
    assert (corridor.header(x)["agreement"], entry["agr"]) == (expected, expected)


def test_an_amendment_and_a_revocation_act_from_their_own_instant(corridor: Corridor) -> None:
    before = corridor.send()["exchangeId"]
    assert corridor.arrive(before)[0] == "B.1"
    amended = text(2, {"withheld": ["/pay"]})
    corridor.both({V2: amended})
    between = corridor.send()["exchangeId"]
    assert corridor.arrive(between)[0] == "B.1"
    corridor.at += timedelta(minutes=1)
    ids = {f"agreement:KZ-UZ/v{n}": corridor.at for n in (1, 2)}
    corridor.relist({"UZ": {}}, ids)
    after = corridor.send()
    assert [corridor.header(x)["agreement"]["version"] for x in (before, between)] == [1, 2]
    assert corridor.header(between)["agreement"] == named(amended, 2)
    assert code(after) == "agreement.not-in-force"
    assert "agr" not in corridor.entries(after["submission"])[0]


def test_what_is_withheld_stays_and_is_listed_by_path(corridor: Corridor) -> None:
    corridor.both({V2: text(2, {"withheld": ["/pay", "/person/document/issued"]})})
    x = corridor.send()["exchangeId"]
    record = corridor.transfer(x)["record"]
    assert corridor.header(x)["withheld"] == ["/pay", "/person/document/issued"]
    assert "pay" not in record
    assert [one for one in record["person"]["document"] if "issued" in one] == []


def test_no_warning_travels_about_what_is_withheld(corridor: Corridor) -> None:
    plain = corridor.transfer(corridor.send()["exchangeId"])
    paths = [one["path"] for one in plain.get("warnings", [])]
    corridor.both({V2: text(2, {"withheld": ["/person/identifier"]})})
    kept = corridor.transfer(corridor.send()["exchangeId"])
    found = [one["path"] for one in kept.get("warnings", [])]
    assert found == [one for one in paths if not one.startswith("/person/identifier")]


def test_what_is_masked_travels_masked_with_a_warning(corridor: Corridor) -> None:
    corridor.both({V2: text(2, {"masked": {NUMBER: {"rule": "keep-last", "keep": 4}}})})
    x = corridor.send()["exchangeId"]
    sent = corridor.transfer(x)
    numbers = [one["number"] for one in sent["record"]["person"]["document"]]
    assert all(one.startswith("XXX") and len(one.lstrip("X")) <= 4 for one in numbers)
    assert {"code": "MEMBER-MASKED", "path": NUMBER} in sent["warnings"]
    assert "withheld" not in corridor.header(x)
    assert corridor.arrive(x) == ("B.1", "")


@pytest.mark.parametrize(
    ("members", "place"),
    [
        ({"withheld": ["/pay"]}, "/pay"),
        ({"masked": {NUMBER: {"rule": "replace", "text": "X"}}}, NUMBER),
        ({"allowed": ["/person", "/employer", "/from"]}, "/state"),
    ],
    ids=["withheld", "masked", "not allowed"],
)
def test_the_destination_refuses_what_should_not_have_come(
    corridor: Corridor, members: dict[str, Any], place: str
) -> None:
    whole = corridor.transfer(corridor.send()["exchangeId"])["record"]
    kept = {
        name: one for name, one in whole.items() if name in ("person", "employer", "from", "state")
    }
    record = kept if "allowed" in members else whole
    header = corridor.sealed(corridor.send()["exchangeId"])
    strict = text(1, members)
    corridor.both({V1: strict})
    told = {**header.members, "agreement": named(strict, 1)}
    with pytest.raises(Refusal) as refused:
        admit(corridor.offices["UZ"], header._replace(members=told), record, at=corridor.at)
    assert (refused.value.code, refused.value.place) == ("agreement.member", place)


@pytest.mark.parametrize(
    "change", [{"retentionDays": 3650}, {"legalBasis": ["ANOTHER"]}], ids=["retention", "basis"]
)
def test_the_destination_refuses_a_header_that_gives_more(
    corridor: Corridor, change: dict[str, Any]
) -> None:
    x = corridor.send()["exchangeId"]
    header, record = corridor.sealed(x), corridor.transfer(x)["record"]
    changed = header._replace(members={**header.members, **change})
    with pytest.raises(Refusal, match=r"agreement\.header"):
        admit(corridor.offices["UZ"], changed, record, at=corridor.at)


def test_an_agreement_revoked_on_the_way_is_refused_on_arrival(corridor: Corridor) -> None:
    x = corridor.send()["exchangeId"]
    corridor.at += timedelta(seconds=1)
    corridor.relist({"UZ": {}}, {"agreement:KZ-UZ/v1": corridor.at})
    assert corridor.arrive(x) == ("B.2", "agreement.not-in-force")


def test_a_revocation_for_later_leaves_the_message_on_its_way_alone(corridor: Corridor) -> None:
    x = corridor.send()["exchangeId"]
    corridor.relist({"UZ": {}}, {"agreement:KZ-UZ/v1": corridor.at + timedelta(milliseconds=1)})
    assert corridor.arrive(x)[0] == "B.1"


@pytest.mark.parametrize(
    "other",
    [text(1, retentionDays=1), text() + b" ", None],
    ids=["another text", "one blank more", "nothing"],
)
def test_one_state_alone_puts_no_text_in_force(corridor: Corridor, other: bytes | None) -> None:
    corridor.relist({"UZ": {V1: other}})
    refused = corridor.send()
    assert code(refused) == "agreement.not-in-force"
    assert "same bytes" in refused["refused"][0]["detail"]
    assert [one["rc"] for one in corridor.entries(refused["submission"])] == [
        "agreement.not-in-force"
    ]


def test_a_newer_text_of_one_state_leaves_the_older_one_in_force(corridor: Corridor) -> None:
    corridor.relist({"KZ": {V2: text(2)}})
    assert corridor.header(corridor.send()["exchangeId"])["agreement"]["version"] == 1


def test_a_test_agreement_is_not_for_real_records(corridor: Corridor) -> None:
    found = json.loads(text())
    corridor.both({V1: canonical_json({**found, "test": True})})
    assert code(corridor.send()) == "agreement.not-in-force"


@pytest.mark.parametrize(
    ("grant", "expected"),
    [
        ({"directions": ["UZ>KZ"]}, "agreement.direction"),
        ({"sensitivityCap": 1}, "agreement.sensitivity"),
        ({"versions": [2]}, "agreement.version"),
        ({"consentRequired": True}, "consent.missing"),
        ({"authorities": ["kz.pension-fund"]}, "agreement.submitter"),
        ({"purposes": {"statistics": ["KZ-UZ-2019-04-15"]}}, "agreement.purpose"),
        ({"quotas": [{"window": "day", "limit": 0}]}, "agreement.quota"),
        ({"unknown": 1}, "agreement.malformed"),
    ],
)
def test_a_refusal_names_the_agreement_that_refused(
    corridor: Corridor, grant: dict[str, Any], expected: str
) -> None:
    strict = text(1, **grant)
    corridor.both({V1: strict})
    refused = corridor.send()
    (entry,) = corridor.entries(refused["submission"])
    assert (code(refused), entry["rc"], entry["agr"]) == (expected, expected, named(strict, 1))


def test_the_last_record_of_a_quota_passes_and_the_next_window_begins_anew(
    corridor: Corridor,
) -> None:
    corridor.both({V1: text(1, quotas=[{"window": "hour", "limit": 2}])})
    sent = [corridor.send()["exchangeId"] for _ in range(2)]
    assert code(corridor.send()) == "agreement.quota"
    assert [corridor.arrive(x)[0] for x in sent] == ["B.1", "B.1"]
    corridor.at = corridor.at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    assert corridor.send()["exchangeId"]


def test_the_records_of_one_submission_share_a_quota(corridor: Corridor) -> None:
    corridor.both({V1: text(1, quotas=[{"window": "day", "limit": 2}])})
    file = SCHEMAS / f"records/{TYPE}/1/examples/registered-in-kazakhstan.json"
    triple = (TYPE, json.loads(file.read_text("utf-8"))["record"], "KZ")
    rows = write([triple] * 3, "default.employment-contract", load_countries(SAMPLES)).data
    answers = corridor.answer(rows)["records"]
    assert ["exchangeId" in one for one in answers] == [True, True, False]
    assert code(answers[2]) == "agreement.quota"


def test_the_room_is_counted_again_in_the_writer_s_turn(corridor: Corridor) -> None:
    header = corridor.sealed(corridor.send()["exchangeId"])
    way = Journey("origin", "KZ>UZ", "UZ", TYPE, header.sender, corridor.at)
    with corridor.offices["KZ"].store.write() as turn:
        require_room(turn, [Quota("day", 2)], way)
        require_room(turn, [Quota("day", 1, each="authority")], replace(way, sender="kz.other"))
        with pytest.raises(QuotaTakenError):
            require_room(turn, [Quota("day", 1)], way)


def test_a_notice_that_is_agreed_is_due_in_the_header(corridor: Corridor) -> None:
    corridor.both({V1: text(1, noticeDays=10)})
    due = corridor.header(corridor.send()["exchangeId"])["noticeDue"]
    assert due.startswith((corridor.at + timedelta(days=10)).date().isoformat())
