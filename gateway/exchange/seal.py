"""Seal one record: header, commitments, the JWS, and for `forms: xml` the signed message."""

import base64
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from gateway.exchange.attachments import Attached
from gateway.exchange.office import Office
from gateway.exchange.policy import Permission
from gateway.model.ids import exchange_id, random_id
from gateway.model.instants import write_instant
from gateway.model.member_rules import masked, without
from gateway.model.party import read_direction
from gateway.model.questions import asked_type
from gateway.model.quotas import Quota
from gateway.model.refusal import Warned
from gateway.proof.canonical import canonical_json
from gateway.proof.commitment import SALT_SIZE, commit
from gateway.proof.forms import message_xml, record_json, record_xml
from gateway.proof.header import Header, write_header
from gateway.proof.json_signature import HEADER, sign_jws
from gateway.proof.transfer import transfer_bytes
from gateway.proof.xml_signature import sign_document
from gateway.store.sealed import Binding, SealedBytes, seal_parts
from gateway.store.submission_rows import KnownRecord, known_records
from gateway.translation.reading import Result

# The key of record numbers has no day of its own: a number must be found again for years.
NUMBERS_DAY = date(9999, 12, 31)
_END = b"</Message>"


@dataclass(frozen=True, slots=True)
class Draft:
    """A permitted record on its way out.

    before: what its submission has sealed so far, by record number, though not yet committed;
    more: header members that are this message's own, in place of the usual.
    """

    result: Result
    permission: Permission
    direction: str
    sender: str
    recipient: str
    submitter: str
    purpose: str
    native: bytes
    before: Mapping[bytes, KnownRecord | None]
    more: Mapping[str, Any] = field(default_factory=dict)
    attached: Sequence[Attached] = ()


@dataclass(frozen=True, slots=True)
class SealedExchange:
    """A sealed record, ready for its commit: all octets, and the number it is found by.

    asked: the record type a question or answer is about, empty for a record.
    """

    header: Header
    seal: str
    binding: Binding
    transfer: SealedBytes
    local: SealedBytes
    number: tuple[bytes, KnownRecord] | None
    rows: tuple[int, ...]
    quotas: Sequence[Quota]
    asked: str = ""
    attached: Sequence[Attached] = ()


def seal(office: Office, draft: Draft, *, at: datetime) -> SealedExchange:
    """Seal a draft. Refuses `record.*` when what the agreement leaves is no record."""
    allowed = draft.permission.allowed
    record, warnings = _as_agreed(draft)
    if allowed.withheld or allowed.masked:
        office.catalogue.check(draft.result.record_type, record)
    hmac_key, known = _known(office, draft)
    salts = {one: office.entropy(SALT_SIZE) for one in ("json", "xml", "source")}
    mapping, record_type = office.catalogue.mapping, draft.result.record_type
    commitments = {
        "json": commit("json", salts["json"], record_json(record)),
        "xml": commit("xml", salts["xml"], record_xml(mapping, record_type, record)),
        "source": commit("source", salts["source"], draft.native),
    }
    attachments = [one.told for one in draft.attached]
    if attachments:
        salts["att"] = office.entropy(SALT_SIZE)
        commitments["att"] = commit("att", salts["att"], canonical_json(attachments))
    members = _header(office, draft, commitments, known, at)
    header = write_header(members)
    signatures = _signatures(office, draft, header, record, at)
    travelling = {name: _b64(one) for name, one in salts.items() if name != "source"}
    transfer = transfer_bytes(
        record,
        draft.result.source.members(),
        travelling,
        warnings=warnings,
        signatures=signatures,
        attachments=attachments,
    )
    local = canonical_json(
        {
            "residue": [list(one) for one in draft.result.residue_values.items()],
            "rows": list(draft.result.rows),
            "salts": {"source": _b64(salts["source"])},
        }
    )
    erase_by = (at + timedelta(days=allowed.retention_days)).date()
    binding = Binding(header.direction.corridor, erase_by, header.hdr, header.exchange_id)
    sealed = seal_parts({"transfer": transfer, "local": local}, binding, office.day_keys)
    number = None
    if hmac_key:
        record_id, version = members["recordId"], members["recordVersion"]
        number = hmac_key, KnownRecord(record_id, version, header.exchange_id, header.hdr)
    return SealedExchange(
        header,
        sign_jws(header.octets, office.signing("seal", at), typ=HEADER, at=at),
        binding,
        sealed["transfer"],
        sealed["local"],
        number,
        draft.result.rows,
        draft.permission.quotas,
        asked_type(record_type, record),
        draft.attached,
    )


def _as_agreed(draft: Draft) -> tuple[dict[str, Any], list[Warned]]:
    allowed, found = draft.permission.allowed, draft.result.warnings
    masks = allowed.masks()
    record = masked(without(draft.result.record or {}, allowed.withheld), masks)
    # A doubt about a member that stays here would tell what it holds.
    kept_back = tuple(allowed.withheld)
    warnings = [one for one in found if not _lies_in(one.path, kept_back)]
    return record, warnings + [Warned("MEMBER-MASKED", path) for path in masks]


def _lies_in(pointer: str, paths: tuple[str, ...]) -> bool:
    if not paths:
        return False
    # `/fee/0/payer`: a pointer numbers the entries of a list, a member path does not.
    names = [one for one in pointer.split("/") if not one.isdecimal()]
    path = "/".join(names)
    return any(path == one or path.startswith(f"{one}/") for one in paths)


def known_numbers(
    office: Office, results: Sequence[Result], direction: str, sender: str
) -> dict[bytes, KnownRecord | None]:
    """Give what was last sent under the number of each result that has one, in few statements."""
    found = [_number(office, one, direction, sender) for one in results if one.identity is not None]
    with office.store.read() as turn:
        known = known_records(turn, found)
    return {one: known.get(one) for one in found}


def _known(office: Office, draft: Draft) -> tuple[bytes, KnownRecord | None]:
    if draft.result.identity is None:
        return b"", None
    found = _number(office, draft.result, draft.direction, draft.sender)
    if found in draft.before:
        return found, draft.before[found]
    with office.store.read() as turn:
        return found, known_records(turn, [found]).get(found)


def _number(office: Office, result: Result, direction: str, sender: str) -> bytes:
    key = office.day_keys.key(read_direction(direction).corridor, NUMBERS_DAY)
    text = canonical_json([result.record_type, sender, result.identity])
    return hmac.digest(key, text, "sha256")


def _header(
    office: Office,
    draft: Draft,
    commitments: dict[str, str],
    known: KnownRecord | None,
    at: datetime,
) -> dict[str, Any]:
    direction = read_direction(draft.direction)
    allowed, agreement = draft.permission.allowed, draft.permission.agreement
    action = draft.result.action or ("update" if known else "create")
    members: dict[str, Any] = {
        "version": 1,
        "exchangeId": exchange_id(at, office.entropy),
        "corridor": direction.corridor,
        "direction": str(direction),
        "action": action,
        "recordType": draft.result.record_type,
        "schemaVersion": 1,
        "recordId": known.record_id if known else random_id(office.entropy),
        "recordVersion": known.version + 1 if known else 1,
        "from": draft.sender,
        "to": draft.recipient,
        "submitter": draft.submitter,
        "agreement": agreement.named(),
        "purpose": draft.purpose,
        "legalBasis": list(allowed.legal_basis),
        "sensitivity": draft.permission.sensitivity,
        "retentionDays": allowed.retention_days,
        "expires": {
            "relay": write_instant(allowed.relay),
            "handover": write_instant(allowed.handover),
        },
        "createdAt": write_instant(at),
        "source": {
            "layout": draft.result.source.layout,
            "adapterVersion": draft.result.source.adapter_version,
        },
        "commitments": commitments,
        "directory": [
            {"state": one.state, "snapshotVersion": one.version, "sha256": one.sha256}
            for one in office.directories(read_direction(draft.direction).destination)
        ],
        "test": False,
    }
    if known:
        members["previous"] = {"exchangeId": known.x, "headerSha256": known.hdr}
    if draft.result.consent_ref:
        members["consentRef"] = draft.result.consent_ref
    if allowed.notice is not None:
        members["noticeDue"] = write_instant(allowed.notice)
    if allowed.withheld:
        members["withheld"] = list(allowed.withheld)
    return {**members, **draft.more}


def _signatures(
    office: Office, draft: Draft, header: Header, record: dict[str, Any], at: datetime
) -> list[str]:
    told = office.trust.directory(read_direction(draft.direction).destination).authorities[
        draft.recipient
    ]
    if told.get("forms") != "xml":
        return []
    message = message_xml(office.catalogue.mapping, header.members, header.record_type, record)
    signed = sign_document(message, office.signing("seal", at), at=at)
    # Only the signature travels: the message is derived from header and record again.
    return [signed[len(message) - len(_END) : -len(_END)].decode("utf-8")]


def signed_message(office: Office, header: Header, record: Any, signature: str) -> bytes:
    """Give the whole signed `<Message>` again from what travelled."""
    message = message_xml(office.catalogue.mapping, header.members, header.record_type, record)
    return message[: -len(_END)] + signature.encode("utf-8") + _END


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
