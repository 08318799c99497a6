"""Verify what a partner sent: seal, header, deadlines, transfer, commitments, A.1 (DESIGN 6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gateway.exchange.office import Office
from gateway.model.instants import read_instant
from gateway.model.refusal import Refusal
from gateway.proof.header import Header, read_header
from gateway.proof.json_signature import HEADER, RECEIPT, verify_jws
from gateway.proof.receipt import Receipt, read_receipt
from gateway.proof.transfer import Transfer, open_record, read_transfer
from gateway.proof.trust import Directory
from gateway.proof.xml_signature import verify_document


@dataclass(frozen=True, slots=True)
class Item:
    """One message of a batch as the wire gave it: three texts, nothing verified."""

    seal: str
    transfer: str
    receipt: str


def read_item(found: Mapping[str, Any]) -> Item:
    """Read one item of a batch; what is no text is an empty one, which nothing verifies."""
    texts = [found.get(name) for name in ("seal", "transfer", "receipt")]
    seal, transfer, receipt = (one if isinstance(one, str) else "" for one in texts)
    return Item(seal, transfer, receipt)


@dataclass(frozen=True, slots=True)
class SealedMessage:
    """A message whose seal and A.1 receipt verify: it is the partner's and for this gateway."""

    header: Header
    seal: str
    receipt: Receipt
    receipt_token: str


def verify_seal(office: Office, item: Item, state: str) -> SealedMessage:
    """Verify seal, parties and A.1 receipt of a message from a partner state.

    Refuses `seal.*`, `signature.*`, `header.*`, `to.not-here`, `receipt.wrong`: nothing that the
    partner signed, so there is nothing to give evidence of.
    """
    directory = office.trust.directory(state)
    token = item.seal
    verified = verify_jws(token, directory.listed, typ=HEADER)
    header = read_header(verified.payload)
    directory.key(verified.thumbprint, role="seal", at=read_instant(header.members["createdAt"]))
    if (header.direction.origin, header.direction.destination) != (state, office.state):
        raise Refusal(
            "to.not-here",
            step="verify",
            rule="a gateway sends its own state's messages to this state",
            place="direction",
        )
    if header.members["test"]:
        # B.2 would stand among real ones: test records have a log of their own (DESIGN section 5).
        raise Refusal(
            "agreement.not-in-force",
            step="verify",
            rule="no gateway takes test records yet",
            place="test",
        )
    receipt = verify_receipt(office, item.receipt, directory)
    require_receipt_for(receipt, header)
    if [one.code for one in receipt.events] != ["A.1"]:
        raise _wrong("a message carries its A.1 receipt", "events")
    return SealedMessage(header, token, receipt, item.receipt)


def open_message(office: Office, message: SealedMessage, octets: bytes) -> Transfer:
    """Open the transfer of a sealed message. Refuses `header.expired`, `commitment.wrong`, …"""
    header = message.header
    # Nobody waits for records of the past: they have no deadline.
    waits = not header.members.get("historical")
    if waits and office.clock() > read_instant(header.members["expires"]["relay"]):
        raise Refusal(
            "header.expired",
            step="verify",
            rule="the message must arrive before its relay deadline",
            place="expires",
        )
    transfer = read_transfer(octets)
    opened = open_record(header, transfer, office.catalogue.mapping)
    office.catalogue.check_forms(opened.record_type, dict(opened.record), opened.xml)
    return transfer


def verify_signed_message(office: Office, header: Header, octets: bytes) -> bytes:
    """Verify the XAdES message with the origin's seal keys; gives it without its signature."""
    directory = office.trust.directory(header.direction.origin)
    at = read_instant(header.members["createdAt"])
    return verify_document(octets, directory.certificates("seal", at)).octets


def verify_receipt(office: Office, token: str, directory: Directory) -> Receipt:
    """Verify a receipt with the evidence keys of a directory. Refuses `receipt.*`, `signature.*`"""
    verified = verify_jws(token, directory.listed, typ=RECEIPT)
    receipt = read_receipt(verified)
    for at in {event.at for event in receipt.events}:
        directory.key(verified.thumbprint, role="evidence", at=read_instant(at))
    if receipt.members["issuer"] != directory.gateway["name"]:
        raise _wrong("a receipt is issued by the gateway whose key signed it", "issuer")
    return receipt


def require_receipt_for(receipt: Receipt, header: Header) -> None:
    """Refuse `receipt.wrong` unless the receipt is for this header, and its issuer's to give."""
    told: dict[str, Any] = dict(receipt.members)
    if (told.get("x"), told.get("hdr")) != (header.exchange_id, header.hdr):
        raise _wrong("a receipt must be for this exchange and this very header", "hdr")
    committed = told.get("c", {})
    if any(committed.get(label) != one for label, one in header.commitments.items()):
        raise _wrong("a receipt must tell the commitments of the header", "c")


def _wrong(rule: str, place: str) -> Refusal:
    return Refusal("receipt.wrong", step="verify", rule=rule, place=place)
