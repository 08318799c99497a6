"""The one form an authority gets, made once after B.1 and never again (DESIGN section 6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gateway.exchange.office import Office
from gateway.exchange.seal import signed_message
from gateway.exchange.translate import COMMON_VERSION
from gateway.exchange.verify import verify_signed_message
from gateway.model.questions import FORMS
from gateway.model.refusal import Refusal, Warned
from gateway.proof.forms import record_json, record_xml
from gateway.proof.header import Header
from gateway.proof.transfer import Transfer
from gateway.translation.reading import Stamp
from gateway.translation.write import write

COMMON_JSON = "common-json"
COMMON_XML = "common-xml"
JSON_TYPE = "application/lmx+json"
XML_TYPE = "application/lmx+xml"


@dataclass(frozen=True, slots=True)
class Frozen:
    """The file for the authority: octets, layout with version, media type, and its warnings."""

    data: bytes
    layout: str
    adapter_version: str
    media_type: str
    extension: str
    warnings: tuple[Warned, ...]
    residue: tuple[str, ...]


def freeze(office: Office, header: Header, transfer: Transfer) -> Frozen:
    """Make the file as the authority's directory entry says for the type.

    Refuses `authority.unknown`, and as `verify_signed_message` for a signed message that is not.
    """
    authorities = office.trust.directory(office.state).authorities
    entry = authorities.get(header.recipient)
    if entry is None:
        raise Refusal(
            "authority.unknown",
            step="receipt",
            rule="the recipient must be an authority of this state's directory",
            place="to",
        )
    if header.record_type in FORMS:
        return _question(header, transfer)
    if entry.get("forms") == "xml":
        return _message(office, header, transfer)
    layout = entry["layouts"].get(header.record_type)
    record = dict(transfer.record)
    if layout is None:
        # An authority that shows no layout of its own gets the default table of its country.
        layout = office.countries.default(office.state, header.record_type)
    if layout is None:
        return _common(office, header, record)
    stamp = Stamp(header.exchange_id, str(header.members["createdAt"]))
    triple = (header.record_type, record, header.direction.origin)
    try:
        made = write([triple], layout, office.countries, stamp=stamp)
    except Refusal as refusal:
        if refusal.code != "layout.cannot-carry":
            raise
        return _common(office, header, record)
    return Frozen(
        made.data,
        made.layout,
        made.adapter_version,
        made.media_type,
        made.extension,
        made.warnings,
        made.residue,
    )


def _question(header: Header, transfer: Transfer) -> Frozen:
    # No ministry has a layout of its own for these: a question and its answer are ours.
    data = record_json({"recordType": header.record_type, "record": dict(transfer.record)})
    return Frozen(data, COMMON_JSON, COMMON_VERSION, JSON_TYPE, "json", (), ())


def _message(office: Office, header: Header, transfer: Transfer) -> Frozen:
    if not transfer.signatures:
        raise Refusal(
            "signature.missing",
            step="verify",
            rule="the recipient takes signed XML, so the transfer must carry its signature",
            place="signatures",
        )
    data = signed_message(office, header, transfer.record, transfer.signatures[0])
    verify_signed_message(office, header, data)
    return Frozen(data, COMMON_XML, COMMON_VERSION, XML_TYPE, "xml", (), ())


def _common(office: Office, header: Header, record: Mapping[str, Any]) -> Frozen:
    data = record_xml(office.catalogue.mapping, header.record_type, record)
    told = (Warned("LAYOUT-CANNOT-CARRY", ""),)
    return Frozen(data, COMMON_XML, COMMON_VERSION, XML_TYPE, "xml", told, ())
