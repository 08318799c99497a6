"""What an evidence bundle holds, and how it is written (evidence-log 6.1)."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gateway.proof.canonical import canonical_json
from gateway.proof.container import write_container
from gateway.proof.keys import CertifiedKey
from gateway.proof.tlog_proof import write_proof

INDEX = "bundle.json"
HEADER = "exchange/header.json"
SEAL = "exchange/header.jws"
AGREEMENT = "exchange/agreement.json"
RECORD_JSON = "payload/record.json"
RECORD_XML = "payload/record.xml"
OPENING = "payload/opening.json"
REVOCATION = "revocation/"
LIST, RESPONSE = "crl", "ocsp"
TOKENS = "authority/"
README = "README.txt"
_TEXT = (
    "Evidence of one exchange between two states.\n"
    "Check it with: lmx-verify THIS_FILE --trust TRUST_FOLDER\n"
    "exchange/header.jws is a compact JWS (ES256) over exchange/header.json; receipts/ holds the\n"
    "signed receipts of both states; log/ holds each log entry and its inclusion proof with a\n"
    "cosigned checkpoint (RFC 6962 hashes, c2sp.org formats). authority/ holds what the receiving\n"
    "authority signed itself; the receipt of the event carries its SHA-256. revocation/ holds\n"
    "what issuers said of certificates, lists and OCSP responses in DER, named by SHA-256.\n"
)


@dataclass(frozen=True, slots=True)
class LoggedEntry:
    """An entry with its inclusion proof: the state whose log it is, and the checkpoint note."""

    state: str
    index: int
    entry: bytes
    hashes: Sequence[bytes]
    note: bytes

    @property
    def names(self) -> tuple[str, str]:
        """Give the names of the entry and of its proof."""
        stem = f"log/{self.state.lower()}/{self.index}"
        return f"{stem}.entry", f"{stem}.tlog-proof"


@dataclass(frozen=True, slots=True)
class CarriedEvidence:
    """A list or response (`crl`, `ocsp`; DER) of a certificate's issuer, by its thumbprint."""

    thumbprint: str
    kind: str
    octets: bytes


@dataclass(frozen=True, slots=True)
class BundleParts:
    """The stored bytes of one exchange: nothing here is rebuilt but the canonical forms.

    tokens: what the receiving authority signed, (code, compact JWS).
    """

    exchange_id: str
    header: bytes
    seal: str
    agreement: bytes
    record_json: bytes
    record_xml: bytes
    salts: Mapping[str, str]
    receipts: Sequence[tuple[str, str]]
    entries: Sequence[LoggedEntry]
    tokens: Sequence[tuple[str, str]] = ()
    revocation: Sequence[CarriedEvidence] = ()


def token_file(code: str) -> str:
    """Give the name of the file that holds the authority's token for an event."""
    return f"{TOKENS}{code}.jws"


def evidence_name(octets: bytes, kind: str) -> str:
    """Give the name of a list or response: its digest, so that it stands there once."""
    return f"{REVOCATION}{hashlib.sha256(octets).hexdigest()}.{kind}"


def bundle_files(parts: BundleParts) -> dict[str, bytes]:
    """Lay out the files; receipts are (code, compact JWS) in the order of the ladder."""
    files = {
        HEADER: parts.header,
        SEAL: parts.seal.encode("ascii"),
        AGREEMENT: parts.agreement,
        RECORD_JSON: parts.record_json,
        RECORD_XML: parts.record_xml,
        OPENING: canonical_json({label: {"salt": salt} for label, salt in parts.salts.items()}),
        README: _TEXT.encode("ascii"),
        INDEX: canonical_json(_index(parts)),
    }
    for carried in parts.revocation:
        files[evidence_name(carried.octets, carried.kind)] = carried.octets
    for number, (code, token) in enumerate(parts.receipts, start=1):
        files[f"receipts/{number:02d}-{code}.jws"] = token.encode("ascii")
    for code, token in parts.tokens:
        files[token_file(code)] = token.encode("ascii")
    for one in parts.entries:
        entry, proof = one.names
        files[entry] = one.entry
        files[proof] = write_proof(one.index, one.hashes, one.note)
    return files


def _index(parts: BundleParts) -> dict[str, Any]:
    found = {"kind": "exchange", "payload": "present", "x": parts.exchange_id}
    told = {
        one.thumbprint: evidence_name(one.octets, one.kind).removeprefix(REVOCATION)
        for one in parts.revocation
    }
    return found | ({"revocation": told} if told else {})


def write_bundle(parts: BundleParts, key: CertifiedKey, *, at: datetime) -> bytes:
    """Pack and sign with the exporter's evidence key: same inputs, same files."""
    return write_container(bundle_files(parts), key, at=at)
