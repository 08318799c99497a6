"""The transfer: what travels with the header, as the identical octets in both states (DESIGN 3)."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from gateway.model.refusal import Refusal, Warned
from gateway.proof.canonical import canonical_json, read_canonical
from gateway.proof.commitment import open_commitment
from gateway.proof.forms import FormMapping, record_json, record_xml
from gateway.proof.header import Header

_MEMBERS = {"record", "source", "salts"}
_OPTIONAL = {"warnings", "signatures", "attachments"}
_ATTACHMENT: dict[str, type] = {"name": str, "size": int, "commitment": str, "salt": str}
MOST_ATTACHMENTS = 8
LARGEST_ATTACHMENT = 100 * 1024 * 1024


class Transfer(NamedTuple):
    """A transfer as read: the record, where it came from, doubts, and the salts by label."""

    record: Mapping[str, Any]
    source: Mapping[str, str]
    warnings: tuple[Warned, ...]
    salts: Mapping[str, str]
    signatures: tuple[str, ...]
    octets: bytes
    attachments: tuple[Mapping[str, Any], ...] = ()


class OpenedRecord(NamedTuple):
    """A record whose both forms open the header's commitments: the octets of each."""

    record_type: str
    record: Mapping[str, Any]
    json: bytes
    xml: bytes


def transfer_bytes(
    record: Mapping[str, Any],
    source: Mapping[str, str],
    salts: Mapping[str, str],
    *,
    warnings: Sequence[Warned] = (),
    signatures: Sequence[str] = (),
    attachments: Sequence[Mapping[str, Any]] = (),
) -> bytes:
    """Write the canonical octets; salts are base64 by commitment label.

    attachments: `{name, size, commitment, salt}` each.
    """
    found: dict[str, Any] = {"record": dict(record), "source": dict(source), "salts": dict(salts)}
    if warnings:
        found["warnings"] = [{"code": one.code, "path": one.path} for one in warnings]
    if signatures:
        found["signatures"] = list(signatures)
    if attachments:
        found["attachments"] = [dict(one) for one in attachments]
    return canonical_json(found)


def read_transfer(octets: bytes) -> Transfer:
    """Read canonical octets. Refuses `commitment.wrong` for another shape, and as JSON."""
    found = read_canonical(octets)
    if not isinstance(found, dict) or not found.keys() >= _MEMBERS:
        raise _wrong("a transfer has record, source and salts")
    if found.keys() - _MEMBERS - _OPTIONAL:
        raise _wrong("a transfer has only the members of its version")
    objects = (found["record"], found["source"], found["salts"])
    warnings, signatures = found.get("warnings", []), found.get("signatures", [])
    good = all(isinstance(one, dict) for one in objects)
    good = good and isinstance(warnings, list) and isinstance(signatures, list)
    good = good and all(isinstance(one, dict) and set(one) == {"code", "path"} for one in warnings)
    if not good or not all(isinstance(one, str) for one in signatures):
        raise _wrong("each member of a transfer is of its kind")
    return Transfer(
        found["record"],
        found["source"],
        tuple(Warned(one["code"], one["path"]) for one in warnings),
        found["salts"],
        tuple(signatures),
        octets,
        _attachments(found.get("attachments", [])),
    )


def open_record(header: Header, transfer: Transfer, mapping: FormMapping) -> OpenedRecord:
    """Give both forms of the record once each opens its commitment in the header.

    Refuses `commitment.wrong`, and as `record_xml`.
    """
    octets = {
        "json": record_json(transfer.record),
        "xml": record_xml(mapping, header.record_type, transfer.record),
    }
    for label, form in octets.items():
        commitment, salt = header.commitments.get(label), transfer.salts.get(label)
        if commitment is None or salt is None:
            raise _wrong(f"the header commits to the {label} form, and the transfer holds its salt")
        open_commitment(commitment, label, salt, form)
    _require_attachments(header, transfer)
    return OpenedRecord(header.record_type, transfer.record, octets["json"], octets["xml"])


def _attachments(found: Any) -> tuple[Mapping[str, Any], ...]:
    if not isinstance(found, list) or len(found) > MOST_ATTACHMENTS:
        raise _wrong("attachments are a list")
    for one in found:
        good = isinstance(one, dict) and one.keys() == _ATTACHMENT.keys()
        if not good or not all(type(one[name]) is kind for name, kind in _ATTACHMENT.items()):
            raise _wrong("an attachment has exactly name, size, commitment and salt")
        if not 0 < one["size"] <= LARGEST_ATTACHMENT:
            raise _wrong(f"an attachment has 1 to {LARGEST_ATTACHMENT} bytes")
    return tuple(found)


def _require_attachments(header: Header, transfer: Transfer) -> None:
    commitment, salt = header.commitments.get("att"), transfer.salts.get("att")
    if not transfer.attachments and commitment is None:
        return
    if commitment is None or salt is None:
        raise _wrong("the header commits to the list of attachments, the transfer holds its salt")
    told = [dict(one) for one in transfer.attachments]
    open_commitment(commitment, "att", salt, canonical_json(told))


def _wrong(rule: str) -> Refusal:
    return Refusal("commitment.wrong", step="verify", rule=rule, place="transfer")
