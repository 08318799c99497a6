"""One seal proves both forms; any change of record, salt or label is refused."""

import base64
from typing import Any

import pytest
from lxml import etree

from gateway.model.refusal import Refusal
from gateway.proof.commitment import commit
from gateway.proof.forms import message_xml, read_record_xml, record_json, record_xml
from gateway.proof.header import Header, header_bytes, read_header
from gateway.proof.json_signature import HEADER, sign_jws, verify_jws
from gateway.proof.strict_xml import exclusive_c14n, parse_signed
from gateway.proof.transfer import Transfer, open_record, read_transfer, transfer_bytes
from gateway.proof.xml_signature import sign_document, verify_document
from tests.support.pki import AT, key
from tests.support.schemas import SCHEMAS, catalogue

MAPPING = catalogue().mapping
RECORD: dict[str, Any] = {
    "kind": "departure",
    "date": {"value": "2026-05-30", "precision": "day"},
    "person": {"name": [{"form": "native", "full": "Асанбек уулу Темирлан"}]},
    "fromCountry": "KGZ",
    "toCountry": "KAZ",
    "purpose": {"code": "work"},
    "state": "announced",
}
SALTS = {"json": bytes([1]) * 32, "xml": bytes([2]) * 32}
TEXT_SALTS = {label: base64.b64encode(salt).decode() for label, salt in SALTS.items()}
DIGEST = "A" * 43 + "="
SOURCE = {"layout": "kg.departures", "adapterVersion": "1"}
MEMBERS: dict[str, Any] = {
    "version": 1,
    "exchangeId": "01970000-0000-7000-8000-000000000001",
    "corridor": "KG-KZ",
    "direction": "KG>KZ",
    "action": "create",
    "recordType": "MovementEvent",
    "schemaVersion": 1,
    "recordId": "5a0c6e0e-8a0e-4a57-9b8a-000000000001",
    "recordVersion": 1,
    "from": "kg.migration-centre",
    "to": "kz.labour-ministry",
    "submitter": "kg.migration-centre/departures",
    "agreement": {"id": "KG-KZ", "version": 1, "sha256": DIGEST},
    "purpose": "departure-notice",
    "legalBasis": ["EAEU-2014:97"],
    "sensitivity": 2,
    "retentionDays": 30,
    "expires": {"relay": "2026-12-01T06:00:00.000Z", "handover": "2026-12-24T06:00:00.000Z"},
    "createdAt": "2026-11-24T06:00:00.000Z",
    "source": SOURCE,
    "commitments": {
        "json": commit("json", SALTS["json"], record_json(RECORD)),
        "xml": commit("xml", SALTS["xml"], record_xml(MAPPING, "MovementEvent", RECORD)),
    },
    "directory": [{"state": "KG", "snapshotVersion": 1, "sha256": DIGEST}],
    "test": False,
}


def sealed() -> tuple[Header, Transfer]:
    token = sign_jws(header_bytes(MEMBERS), key("KG", "seal"), typ=HEADER, at=AT)
    seal = key("KG", "seal")
    verified = verify_jws(token, {seal.thumbprint: seal.certificate}, typ=HEADER)
    transfer = read_transfer(transfer_bytes(RECORD, SOURCE, TEXT_SALTS))
    return read_header(verified.payload), transfer


def test_the_sealed_record_opens_in_both_forms() -> None:
    opened = open_record(*sealed(), MAPPING)
    assert (opened.json, opened.xml) == (
        record_json(RECORD),
        record_xml(MAPPING, "MovementEvent", RECORD),
    )


def test_the_signed_message_is_the_header_and_the_record_that_were_sealed() -> None:
    octets = message_xml(MAPPING, MEMBERS, "MovementEvent", RECORD)
    seal = key("KG", "seal")
    proved = verify_document(
        sign_document(octets, seal, at=AT), {seal.thumbprint: seal.certificate}
    )
    root = parse_signed(proved.octets)
    mapped = read_record_xml(MAPPING, exclusive_c14n(root[0]))
    assert mapped == ("Header", MEMBERS)
    assert exclusive_c14n(root[1]) == record_xml(MAPPING, "MovementEvent", RECORD)


def test_the_header_meets_its_xsd() -> None:
    schema = etree.XMLSchema(etree.parse(SCHEMAS / "envelope" / "1" / "header.xsd"))
    assert schema.validate(etree.XML(record_xml(MAPPING, "Header", MEMBERS))), schema.error_log


def test_another_value_is_refused() -> None:
    header, transfer = sealed()
    with pytest.raises(Refusal, match=r"commitment\.wrong at json"):
        open_record(header, transfer._replace(record={**RECORD, "toCountry": "RUS"}), MAPPING)


def test_swapped_salts_are_refused() -> None:
    header, transfer = sealed()
    swapped = {"json": TEXT_SALTS["xml"], "xml": TEXT_SALTS["json"]}
    with pytest.raises(Refusal, match=r"commitment\.wrong"):
        open_record(header, transfer._replace(salts=swapped), MAPPING)


@pytest.mark.parametrize("label", ["json", "xml"])
def test_a_missing_salt_is_refused(label: str) -> None:
    header, transfer = sealed()
    kept = {name: salt for name, salt in TEXT_SALTS.items() if name != label}
    with pytest.raises(Refusal, match=r"commitment\.wrong"):
        open_record(header, transfer._replace(salts=kept), MAPPING)


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"corridor": "KZ-KG"},
        {"direction": "KZ>KG"},
        {"from": "uz.migration-agency"},
        {"action": "delete"},
        {"sensitivity": 4},
        {"createdAt": "2026-11-24T06:00:00Z"},
        {"legalBasis": []},
        {"test": 0},
        {"agreement": {"id": "KG-KZ"}},
        {"seq": 1},
    ],
    ids=str,
)
def test_a_header_of_another_shape_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(Refusal, match=r"header\.malformed"):
        header_bytes({**MEMBERS, **change})


@pytest.mark.parametrize("name", sorted(MEMBERS))
def test_a_header_without_a_mandatory_member_is_refused(name: str) -> None:
    with pytest.raises(Refusal, match=r"header\.malformed"):
        header_bytes({one: value for one, value in MEMBERS.items() if one != name})
