"""What the receiving authority signed itself: its confirmation (E.1) or decision (C.3, C.4).

DESIGN section 6: the token is kept for ever and stands in the bundle; the receipt and the entry of
the event carry its SHA-256.
"""

import base64
import hashlib
from typing import Any

from gateway.model.instants import read_instant
from gateway.model.refusal import Refusal
from gateway.proof.canonical import read_canonical
from gateway.proof.header import Header
from gateway.proof.json_signature import DECISION, HANDOVER, peek_thumbprint, verify_jws
from gateway.proof.receipt import Receipt
from gateway.proof.trust import Directory

_TYPES = {"C.3": DECISION, "C.4": DECISION, "E.1": HANDOVER}
_DECISIONS = {"C.3": "accept", "C.4": "reject"}


def told_by_authority(receipt: Receipt) -> list[str]:
    """Give the codes of a receipt's events that rest on a token of the authority.

    A confirmation is of the file that was handed out, whose commitment the receipt then tells; the
    E.1 of a question is for its answer and has none.
    """
    given = "out" in receipt.members.get("c", {}) and "re" in receipt.members
    return [one.code for one in receipt.events if given and one.code in _TYPES]


def check_authority_token(
    token: str, code: str, receipt: Receipt, header: Header, directory: Directory
) -> str:
    """Give the name of the submitter that signed for the receiving authority.

    directory: of the destination, as of the event. Refuses `handover.confirmation`, `seal.*`,
    `signature.*`.
    """
    if code not in told_by_authority(receipt):
        raise _wrong(
            "a token of the authority belongs to an event of a receipt in the bundle", code
        )
    if _digest(token.encode("ascii")) != receipt.members["re"]:
        raise _wrong("the receipt names the digest of the token", code)
    name = peek_thumbprint(token)
    at = next(one.at for one in receipt.events if one.code == code)
    listed = directory.key(name, role="submitter", at=read_instant(at))
    verified = verify_jws(token, {name: listed.certificate}, typ=_TYPES[code])
    if directory.submitters[listed.name]["authority"] != header.recipient:
        raise _wrong("the token is signed for the authority that the header names", code)
    _require_listed(read_canonical(verified.payload), code, receipt, header)
    return listed.name


def _require_listed(payload: Any, code: str, receipt: Receipt, header: Header) -> None:
    wanted = {
        "exchangeId": header.exchange_id,
        "hdr": _digest(header.octets),
        "out": receipt.members["c"]["out"],
    }
    if code in _DECISIONS:
        wanted["decision"] = _DECISIONS[code]
    items = payload if isinstance(payload, list) else []
    if not any(isinstance(one, dict) and wanted.items() <= one.items() for one in items):
        raise _wrong("the token lists this exchange, header and file", code)


def _digest(octets: bytes) -> str:
    return base64.b64encode(hashlib.sha256(octets).digest()).decode("ascii")


def _wrong(rule: str, place: str) -> Refusal:
    return Refusal("handover.confirmation", step="verify", rule=rule, place=place)
