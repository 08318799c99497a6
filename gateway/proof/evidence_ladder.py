"""Check the receipts of a bundle and their places in both states' logs (evidence-log 3, 6.3)."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from gateway.model.instants import read_instant
from gateway.model.refusal import Refusal
from gateway.proof.bundle import LoggedEntry
from gateway.proof.claims import Claim, failed, passed
from gateway.proof.entry import read_entry
from gateway.proof.header import Header
from gateway.proof.json_signature import RECEIPT, peek_thumbprint, verify_jws
from gateway.proof.merkle import leaf_hash, verify_inclusion
from gateway.proof.note import cosignatures, open_checkpoint, read_note, verified_by
from gateway.proof.receipt import Receipt, ReceiptEvent, read_receipt
from gateway.proof.tlog_proof import read_proof
from gateway.proof.trust import Directory
from gateway.proof.trust_folder import Trust
from gateway.proof.window import Window

# Who issues each event (evidence-log 3.1): the origin's or the destination's gateway.
_ORIGIN = frozenset({"A.1", "A.2", "B.3"})
_NEXT: dict[str, frozenset[str]] = {
    "": frozenset({"A.1"}),
    "A.1": frozenset({"B.1", "B.2", "B.3"}),
    "B.1": frozenset({"D.1"}),
    "D.1": frozenset({"E.1", "E.2"}),
}
_TERMINAL = frozenset({"B.2", "B.3", "E.1", "E.2"})


@dataclass(frozen=True, slots=True)
class SealedHeader:
    """A header whose seal was verified."""

    header: Header

    @property
    def digest(self) -> str:
        """Give `hdr` as the formats write it."""
        return base64.b64encode(self.header.sha256).decode("ascii")


def check_ladder(
    files: Mapping[str, bytes],
    sealed: SealedHeader,
    trust: Trust,
    claims: list[Claim],
    covered: set[str],
) -> None:
    """Append a claim for each receipt, each logged event and the order of all events."""
    events: list[ReceiptEvent] = []
    for name in sorted(one for one in files if one.startswith("receipts/")):
        covered.add(name)
        try:
            receipt = _receipt(files[name], sealed, trust)
        except Refusal as refusal:
            claims.append(failed("receipt", refusal, name))
            continue
        issuer = str(receipt.members["issuer"])
        claims.append(passed("receipt", f"signed by {issuer} for this header", name))
        for event in receipt.events:
            events.append(event)
            claims.extend(_logged(files, event, sealed, trust, covered))
    claims.append(_order(events))


def _receipt(data: bytes, sealed: SealedHeader, trust: Trust) -> Receipt:
    try:
        token = data.decode("ascii")
    except UnicodeDecodeError:
        raise _wrong("a receipt is a compact token", "receipt") from None
    name = peek_thumbprint(token)
    holder = next((one for one in trust.directories.values() if name in one.keys), None)
    if holder is None:
        raise Refusal(
            "signature.key-unknown",
            step="verify",
            rule="a receipt is signed by a key that a trusted directory lists",
        )
    certificate = holder.keys[name].certificate
    receipt = read_receipt(verify_jws(token, {name: certificate}, typ=RECEIPT))
    header = sealed.header
    for event in receipt.events:
        state = header.direction.origin if event.code in _ORIGIN else header.direction.destination
        holder.key(name, role="evidence", at=read_instant(event.at))
        if holder.state != state or receipt.members["issuer"] != holder.gateway["name"]:
            raise Refusal(
                "signature.key-role",
                step="verify",
                rule=f"the event {event.code} is for the gateway of {state} to sign",
                place=event.code,
            )
    if (receipt.members.get("x"), receipt.members.get("hdr")) != (
        header.exchange_id,
        sealed.digest,
    ):
        raise _wrong("a receipt is for this exchange and this very header", "hdr")
    return receipt


def _logged(
    files: Mapping[str, bytes],
    event: ReceiptEvent,
    sealed: SealedHeader,
    trust: Trust,
    covered: set[str],
) -> list[Claim]:
    direction = sealed.header.direction
    state = direction.origin if event.code in _ORIGIN else direction.destination
    names = LoggedEntry(state, event.index, b"", (), b"").names
    covered.update(names)
    try:
        if any(name not in files for name in names):
            raise Refusal(
                "file.missing", step="verify", rule="entry and proof belong in the bundle"
            )
        entry_bytes, proof_bytes = (files[name] for name in names)
        directory = trust.directory(state)
        _entry(entry_bytes, event, sealed)
        note = _included(entry_bytes, proof_bytes, event, directory)
        claims = [passed("inclusion", f"{event.code} stands in the log {event.log}", *names)]
    except Refusal as refusal:
        return [failed("inclusion", refusal, *names)]
    claims.append(_witnessed(note, event, directory, trust, names[1]))
    return claims


def _entry(data: bytes, event: ReceiptEvent, sealed: SealedHeader) -> None:
    if base64.b64encode(leaf_hash(data)).decode("ascii") != event.leaf:
        raise _wrong("the entry must have the leaf hash that the receipt promised", "leaf")
    entry = read_entry(data)
    own = (entry.log, entry.index, entry.code, entry.evidence_id, entry.at)
    told = (event.log, event.index, event.code, event.evidence_id, event.at)
    if own != told:
        raise _wrong("the entry must say what the receipt says of it", "entry")
    header = sealed.header
    members = entry.members
    same = members.get("hdr") == sealed.digest and members.get("x") == header.exchange_id
    committed = members.get("c", {})
    shared = {label: one for label, one in header.commitments.items() if label in committed}
    if not same or any(committed[label] != one for label, one in shared.items()):
        raise _wrong("the entry must be of this exchange, header and commitments", "entry")
    if event.code == "A.1" and members.get("agr") != header.members["agreement"]:
        raise Refusal(
            "agreement.not-in-force",
            step="verify",
            rule="the entry must name the agreement that the header names",
            place="agr",
        )


def _included(data: bytes, proof: bytes, event: ReceiptEvent, directory: Directory) -> bytes:
    found = read_proof(proof)
    keys = [one for one in directory.log_keys() if one.name == event.log]
    if not keys:
        raise Refusal("log.origin-unknown", step="verify", rule="the directory lists the log's key")
    checkpoint, note = open_checkpoint(found.note, *keys)
    if found.index != event.index:
        raise Refusal(
            "log.proof-wrong", step="verify", rule="the proof is for the entry's own index"
        )
    verify_inclusion(leaf_hash(data), found.index, checkpoint.size, found.hashes, checkpoint.root)
    return note.data()


def _witnessed(
    note: bytes, event: ReceiptEvent, directory: Directory, trust: Trust, name: str
) -> Claim:
    try:
        read = read_note(note)
        signed = [
            Window(one.begins, one.ends)
            for one in directory.logs
            if one.vkey.name == event.log and verified_by(read, one.vkey)
        ]
        # A key counts by its window at the time that the witness saw its checkpoint.
        found = [
            one
            for one in cosignatures(read, trust.policy.witnesses)
            if any(window.holds_at(datetime.fromtimestamp(one.time, UTC)) for window in signed)
        ]
        if not trust.policy.met_by((one.key for one in found), own=directory.witness_key()):
            raise Refusal(
                "witness.missing",
                step="verify",
                rule="a witness of another state must have cosigned the checkpoint",
                place=event.log,
            )
    except Refusal as refusal:
        return failed("witness", refusal, name)
    names = ", ".join(sorted({one.key.name for one in found}))
    return passed("witness", f"the checkpoint was cosigned by {names}", name)


def _order(events: list[ReceiptEvent]) -> Claim:
    last, ends = "", False
    for event in events:
        if ends or event.code not in _NEXT.get(last, frozenset()):
            return failed(
                "ladder",
                _ladder("ladder.order", "each event follows the one before it", event.code),
            )
        last, ends = event.code, event.code in _TERMINAL
    codes = " ".join(one.code for one in events)
    if not ends:
        return failed("ladder", _ladder("ladder.open", "the ladder must reach its end", last))
    return passed("ladder", f"the events are {codes}")


def _ladder(code: str, rule: str, place: str) -> Refusal:
    return Refusal(code, step="verify", rule=rule, place=place)


def _wrong(rule: str, place: str) -> Refusal:
    return Refusal("receipt.wrong", step="verify", rule=rule, place=place)
