"""Take an authority's signed status list, and find in it what is said of a document on a day.

A list is one compact JWS (typ `lmx-status-list`) by a submitter key of the authority over canonical
JSON `{asOf, authority, entries: [{number, verdict, state?, from?, to?}], recordType, until}`. Each
list adds to those before it; numbers are kept as HMACs only, the list itself encrypted.
"""

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Any

from gateway.exchange.accept import HOME_DAYS
from gateway.exchange.authenticate import Caller
from gateway.exchange.office import Office, digest
from gateway.exchange.seal import NUMBERS_DAY
from gateway.model.ids import exchange_id
from gateway.model.instants import read_instant
from gateway.model.questions import ANSWER, Question
from gateway.model.refusal import Refusal
from gateway.model.rights import record_types
from gateway.proof.canonical import canonical_json, read_canonical
from gateway.proof.json_signature import STATUS_LIST, verify_jws
from gateway.store import exchange_rows
from gateway.store.sealed import Binding, seal_bytes
from gateway.store.status_rows import (
    StatusListRow,
    StatusRow,
    newest_list,
    put_status_list,
    status,
)

_MEMBERS = {"asOf", "authority", "entries", "recordType", "until"}
_ENTRY = {"number", "verdict", "state", "from", "to"}


def publish_list(office: Office, caller: Caller, token: str) -> dict[str, Any]:
    """Store a list. Refuses `status-list.wrong`, `submitter.right`, `signature.*`."""
    directory, at = office.trust.directory(office.state), office.clock()
    verified = verify_jws(token, directory.listed, typ=STATUS_LIST)
    signer = directory.key(verified.thumbprint, role="submitter", at=at)
    told = _read(read_canonical(verified.payload))
    own = directory.submitters[signer.name]["authority"]
    if not own == caller.authority == told["authority"]:
        raise _wrong("a list is signed by a key of the authority that it is of", "authority")
    mine = record_types(caller.listed())
    record_type = told["recordType"]
    if record_type not in office.catalogue.types or (mine is not None and record_type not in mine):
        raise Refusal(
            "submitter.right",
            step="validate",
            rule="member/submitters.json must list a right of yours for this record type",
            place="recordType",
        )
    if read_instant(told["until"]) <= at:
        raise _wrong("a list must end later than now", "until")
    return _store(office, signer.name, told, token, at)


def _store(
    office: Office, signer: str, told: dict[str, Any], token: str, at: datetime
) -> dict[str, Any]:
    name, entries = exchange_id(at, office.entropy), told["entries"]
    authority, record_type = told["authority"], told["recordType"]
    for one in entries:
        question = Question(record_type, one.get("number", ""), told["asOf"])
        office.catalogue.check_json(ANSWER, _answer(question, told["asOf"], one))
    octets = token.encode("ascii")
    row = StatusListRow(
        name, authority, record_type, signer, digest(octets), told["asOf"], told["until"]
    )
    rows = [_row(office, row, one) for one in entries]
    home = Binding("home", (at + timedelta(days=HOME_DAYS)).date(), "", name)
    sealed = seal_bytes(octets, home, office.day_keys)
    with office.store.write(f"statuses {authority}") as turn:
        exchange_rows.put_sealed(turn, "statuses", home, sealed)
        put_status_list(turn, row, rows)
    return {"list": name, "entries": len(rows), "until": told["until"]}


def listed_answer(
    office: Office, authority: str, question: Question
) -> tuple[dict[str, Any], StatusListRow]:
    """Give what the authority's list says, as a `StatusAnswer`, and the list that says it.

    Refuses `query.not-offered` without a list for the type, `query.no-answer` when it has ended.
    """
    with office.store.read() as turn:
        newest = newest_list(turn, authority, question.record_type)
        found = status(turn, _hmac(office, authority, question.record_type, question.number))
    if newest is None:
        raise Refusal(
            "query.not-offered",
            step="policy",
            rule="the authority must publish a status list for this type, or name an endpoint",
            place="recordType",
        )
    row, told_by = found if found is not None else (None, newest)
    if read_instant(told_by.until) <= office.clock():
        raise Refusal(
            "query.no-answer",
            step="policy",
            rule="the authority's status list must be renewed; it has ended",
        )
    if row is None:
        return _answer(question, told_by.as_of, {"verdict": "unknown"}), told_by
    told = {"verdict": row.verdict, "state": row.state, "from": row.valid_from, "to": row.valid_to}
    in_days = (not row.valid_from or row.valid_from <= question.on) and (
        not row.valid_to or question.on <= row.valid_to
    )
    if told["verdict"] == "valid" and not in_days:
        told["verdict"] = "invalid"
    return _answer(question, told_by.as_of, told), told_by


def _answer(question: Question, as_of: str, told: dict[str, Any]) -> dict[str, Any]:
    more = {name: told[name] for name in ("state", "from", "to") if told.get(name)}
    asked = {"recordType": question.record_type, "number": question.number, "on": question.on}
    return {**asked, "verdict": told.get("verdict", ""), **more, "asOf": as_of}


def _row(office: Office, row: StatusListRow, one: dict[str, Any]) -> StatusRow:
    key = _hmac(office, row.authority, row.record_type, one["number"])
    days = (one.get("from", ""), one.get("to", ""))
    return StatusRow(key, row.id, one["verdict"], one.get("state", ""), *days)


def _hmac(office: Office, authority: str, record_type: str, number: str) -> bytes:
    key = office.day_keys.key("home", NUMBERS_DAY)
    return hmac.new(key, canonical_json([record_type, authority, number]), hashlib.sha256).digest()


def _read(found: Any) -> dict[str, Any]:
    if not isinstance(found, dict) or found.keys() != _MEMBERS:
        raise _wrong("a list has exactly asOf, authority, entries, recordType and until", "list")
    texts = (found["asOf"], found["authority"], found["recordType"], found["until"])
    entries = found["entries"]
    if not isinstance(entries, list) or not all(isinstance(one, str) for one in texts):
        raise _wrong("each member of a list is of its kind", "list")
    for number, one in enumerate(entries):
        if not isinstance(one, dict) or not one.keys() <= _ENTRY:
            raise _wrong("an entry has number, verdict, state, from and to", f"/entries/{number}")
    try:
        read_instant(found["until"])
    except ValueError:
        raise _wrong("until is an instant with three fraction digits and a Z", "until") from None
    return found


def _wrong(rule: str, place: str) -> Refusal:
    return Refusal("status-list.wrong", step="validate", rule=rule, place=place)
