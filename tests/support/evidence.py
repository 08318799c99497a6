"""One exchange KZ>UZ with all its evidence, made by the real code, ready to be tampered with."""

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding

from gateway.model.instants import write_instant
from gateway.proof import merkle, note
from gateway.proof.bundle import BundleParts, LoggedEntry, bundle_files
from gateway.proof.canonical import canonical_json
from gateway.proof.commitment import commit
from gateway.proof.container import write_container
from gateway.proof.entry import entry_bytes
from gateway.proof.forms import record_json, record_xml
from gateway.proof.header import header_bytes
from gateway.proof.json_signature import HEADER, RECEIPT, sign_jws
from gateway.proof.keys import CertifiedKey, NoteKey
from gateway.proof.policy import write_policy
from gateway.proof.receipt import ReceiptEvent, receipt_payload
from gateway.proof.trust_folder import Trust, load_trust
from tests.support.pki import AT, authority, key
from tests.support.schemas import SCHEMAS, catalogue
from tests.support.tuf_states import StateRepository

X = "01970000-0000-7000-8000-00000000aaaa"
CORRIDOR = "KZ-UZ"
SNAPSHOT = "metadata/1.snapshot.json"
NOW = write_instant(AT)
NAMES = {"KZ": "gw.kz.example", "UZ": "gw.uz.example"}
LOGS = {"KZ": "gw.kz.example/log/kz-uz", "UZ": "gw.uz.example/log/uz-kz"}
AGREEMENT = canonical_json(
    {
        "corridor": CORRIDOR,
        "version": 1,
        "validFrom": "2026-01-01T00:00:00.000Z",
        "validTo": "2028-01-01T00:00:00.000Z",
        "recordTypes": ["EmploymentContract"],
    }
)
RECORD = json.loads(
    (SCHEMAS / "records/EmploymentContract/1/examples/registered-in-kazakhstan.json").read_text(
        "utf-8"
    )
)["record"]
SALTS = {"json": bytes([1]) * 32, "xml": bytes([2]) * 32}


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def note_key(state: str, number: int, name: str, kind: int) -> NoteKey:
    seed = hashlib.sha256(f"{state}{number}".encode()).digest()
    return NoteKey(Ed25519PrivateKey.from_private_bytes(seed), name, kind)


def log_key(state: str) -> NoteKey:
    return note_key(state, 1, LOGS[state], note.LOG_KEY)


def witness_key(state: str) -> NoteKey:
    return note_key(state, 2, f"{NAMES[state]}/witness", note.COSIGNER_KEY)


@cache
def directory_files(state: str) -> Mapping[str, bytes]:
    def listed(role: str) -> dict[str, Any]:
        made = key(state, role)
        chain = [b64(one.public_bytes(Encoding.DER)) for one in made.chain]
        return {"role": role, "name": f"{NAMES[state]}/{role}", "chain": chain}

    gateway = {
        "name": NAMES[state],
        "keys": [listed(role) for role in ("seal", "evidence", "peer", "tls")],
        "logs": [log_key(state).vkey.text()],
        "witness": witness_key(state).vkey.text(),
    }
    return {
        "authority/roots.pem": b"".join(
            one.public_bytes(Encoding.PEM) for one in authority(state).root.chain
        ),
        "member/gateway.json": canonical_json(gateway),
        "member/authorities.json": canonical_json({}),
        "member/submitters.json": canonical_json({}),
        f"agreements/{CORRIDOR}/v1.json": AGREEMENT,
    }


@cache
def repository(state: str) -> StateRepository:
    """Give the state's repository with its first publication; do not change it."""
    return StateRepository(directory_files(state), AT)


def write_trust(folder: Path, repositories: Mapping[str, StateRepository] | None = None) -> Path:
    found = repositories or {state: repository(state) for state in NAMES}
    (folder / "roots").mkdir(parents=True, exist_ok=True)
    for state, one in found.items():
        (folder / "roots" / f"{state.lower()}.root.json").write_bytes(one.pinned)
        one.write(folder / "directory" / state.lower())
    policy = write_policy([witness_key(state).vkey for state in NAMES])
    (folder / "policy.txt").write_text(policy, "utf-8")
    return folder


def named_directories() -> list[dict[str, Any]]:
    """Give both directories as a header names them."""
    return [
        {
            "state": state,
            "snapshotVersion": 1,
            "sha256": b64(hashlib.sha256(repository(state).published[SNAPSHOT]).digest()),
        }
        for state in NAMES
    ]


def trust_in(folder: Path) -> Trust:
    return load_trust(write_trust(folder))


@dataclass
class Exchange:
    """The values of one exchange; change one before `files` and all else is made around it."""

    record: dict[str, Any] = field(default_factory=lambda: dict(RECORD))
    header_change: dict[str, Any] = field(default_factory=dict)
    seal_key: CertifiedKey = field(default_factory=lambda: key("KZ", "seal"))
    receipt_keys: dict[str, CertifiedKey] = field(
        default_factory=lambda: {one: key(one, "evidence") for one in NAMES}
    )
    receipt_change: dict[str, Any] = field(default_factory=dict)
    leaf_change: Callable[[str, str], str] = lambda _code, leaf: leaf
    entry_change: Callable[[str, bytes], bytes] = lambda _code, entry: entry
    logs: dict[str, NoteKey] = field(default_factory=lambda: {one: log_key(one) for one in NAMES})
    witnesses: dict[str, list[NoteKey]] = field(
        default_factory=lambda: {"KZ": [witness_key("UZ")], "UZ": [witness_key("KZ")]}
    )
    ladder: tuple[str, ...] = ("A.1", "B.1", "D.1", "E.1")

    def header(self) -> bytes:
        mapping = catalogue().mapping
        members: dict[str, Any] = {
            "version": 1,
            "exchangeId": X,
            "corridor": CORRIDOR,
            "direction": "KZ>UZ",
            "action": "create",
            "recordType": "EmploymentContract",
            "schemaVersion": 1,
            "recordId": "5a0c6e0e-8a0e-4a57-9b8a-000000000001",
            "recordVersion": 1,
            "from": "kz.labour-ministry",
            "to": "uz.migration-agency",
            "submitter": "kz.labour-ministry/esutd",
            "agreement": self.agreement(),
            "purpose": "contract-registration",
            "legalBasis": ["KZ-UZ-2019:7"],
            "sensitivity": 2,
            "retentionDays": 30,
            "expires": {
                "relay": "2026-12-01T06:00:00.000Z",
                "handover": "2026-12-24T06:00:00.000Z",
            },
            "createdAt": NOW,
            "source": {"layout": "kz.labour-contract", "adapterVersion": "1"},
            "commitments": {
                "json": commit("json", SALTS["json"], record_json(RECORD)),
                "xml": commit(
                    "xml", SALTS["xml"], record_xml(mapping, "EmploymentContract", RECORD)
                ),
            },
            "directory": named_directories(),
            "test": False,
        }
        return header_bytes({**members, **self.header_change})

    def agreement(self) -> dict[str, Any]:
        return {"id": CORRIDOR, "version": 1, "sha256": b64(hashlib.sha256(AGREEMENT).digest())}

    def parts(self) -> BundleParts:
        header = self.header()
        digest = b64(hashlib.sha256(header).digest())
        entries, events = self.logged(header, digest)
        receipts = [("A.1", self.receipt("KZ", digest, events[:1]))]
        if len(events) > 1:
            receipts.append(("B.1", self.receipt("UZ", digest, events[1:3])))
        receipts += [(one.code, self.receipt("UZ", digest, [one])) for one in events[3:]]
        mapping = catalogue().mapping
        return BundleParts(
            X,
            header,
            sign_jws(header, self.seal_key, typ=HEADER, at=AT),
            AGREEMENT,
            record_json(self.record),
            record_xml(mapping, "EmploymentContract", self.record),
            {label: b64(salt) for label, salt in SALTS.items()},
            receipts,
            entries,
        )

    def logged(self, header: bytes, digest: str) -> tuple[list[LoggedEntry], list[ReceiptEvent]]:
        texts: dict[str, list[bytes]] = {one: [f"filler {one}".encode()] for one in NAMES}
        events: list[ReceiptEvent] = []
        for number, code in enumerate(self.ladder):
            state = "KZ" if code == "A.1" else "UZ"
            index, eid = len(texts[state]), f"00000000-0000-4000-8000-00000000000{number}"
            members: dict[str, Any] = {"x": X, "dir": "KZ>UZ", "hdr": digest}
            members["c"] = json.loads(header)["commitments"]
            members["dirv"] = {
                one["state"]: [one["snapshotVersion"], one["sha256"]]
                for one in json.loads(header)["directory"]
            }
            if code == "A.1":
                members |= {"seq": 1, "agr": json.loads(header)["agreement"]}
            octets = self.entry_change(
                code,
                entry_bytes(
                    log=LOGS[state],
                    index=index,
                    code=code,
                    evidence_id=eid,
                    at=NOW,
                    members=members,
                ),
            )
            texts[state].append(octets)
            leaf = self.leaf_change(code, b64(merkle.leaf_hash(octets)))
            events.append(ReceiptEvent(code, eid, NOW, LOGS[state], index, leaf))
        made = []
        for event in events:
            state = "KZ" if event.code == "A.1" else "UZ"
            made.append(self.proved(state, event.leaf_index, texts[state]))
        return made, events

    def proved(self, state: str, index: int, texts: list[bytes]) -> LoggedEntry:
        leaves = [merkle.leaf_hash(one) for one in texts]
        hashes = merkle.make_inclusion(
            index, len(leaves), lambda start, end: merkle.root_of(leaves[start:end])
        )
        checkpoint = note.Checkpoint(LOGS[state], len(leaves), merkle.root_of(leaves))
        signed = note.sign_checkpoint(checkpoint, self.logs[state])
        time = int(AT.timestamp()) + 60
        lines = [note.cosign(signed.text, one, time=time) for one in self.witnesses[state]]
        data = note.with_signatures(signed, lines).data()
        return LoggedEntry(state, index, texts[index], hashes, data)

    def receipt(self, state: str, digest: str, events: list[ReceiptEvent]) -> str:
        members: dict[str, Any] = {"issuer": NAMES[state], "x": X, "dir": "KZ>UZ", "hdr": digest}
        payload = receipt_payload({**members, **self.receipt_change}, events)
        return sign_jws(payload, self.receipt_keys[state], typ=RECEIPT, at=AT)

    def files(self) -> dict[str, bytes]:
        return bundle_files(self.parts())


def packed(files: Mapping[str, bytes]) -> bytes:
    return write_container(files, key("UZ", "evidence"), at=AT)


def exchange(**change: Any) -> Exchange:
    return replace(Exchange(), **change)
