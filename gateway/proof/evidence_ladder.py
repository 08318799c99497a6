"""Check the receipts of a bundle and their places in both states' logs (evidence-log 3, 6.3)."""

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain

from cryptography import x509

from gateway.model.instants import read_instant
from gateway.model.refusal import Refusal
from gateway.proof.bundle import LoggedEntry
from gateway.proof.claims import Claim, failed, passed
from gateway.proof.entry import read_entry
from gateway.proof.header import Header
from gateway.proof.issuer_evidence import Used
from gateway.proof.json_signature import RECEIPT, peek_thumbprint, verify_jws
from gateway.proof.ladder_order import check_order
from gateway.proof.merkle import leaf_hash, verify_inclusion
from gateway.proof.named_directories import (
    directory_of_entry,
    directory_of_header,
    log_keys_of,
)
from gateway.proof.note import Checkpoint, Cosignature, Note, cosignatures, open_checkpoint
from gateway.proof.policy import is_foreign
from gateway.proof.receipt import Receipt, ReceiptEvent, read_receipt
from gateway.proof.tlog_proof import read_proof
from gateway.proof.trust import Directory, ListedLog
from gateway.proof.trust_folder import Trust
from gateway.proof.window import Window

# Who issues each event (evidence-log 3.1): the origin's or the destination's gateway.
_ORIGIN = frozenset({"A.1", "A.2", "B.3", "X.9"})


@dataclass(frozen=True, slots=True)
class SealedHeader:
    """A header whose seal was verified."""

    header: Header

    @property
    def digest(self) -> str:
        """Give `hdr` as the formats write it."""
        return self.header.hdr


def check_ladder(
    files: Mapping[str, bytes],
    sealed: SealedHeader,
    trust: Trust,
    claims: list[Claim],
    covered: set[str],
    *,
    used: list[Used],
) -> list[Receipt]:
    """Append a claim for each receipt, each logged event and the order of all events.

    used: the keys that signed are appended. Gives the receipts that hold.
    """
    receipts: list[Receipt] = []
    events: list[ReceiptEvent] = []
    for name in sorted(one for one in files if one.startswith("receipts/")):
        covered.add(name)
        try:
            receipt = _receipt(files[name], files, sealed, trust, used)
        except Refusal as refusal:
            claims.append(failed("receipt", refusal, name))
            continue
        receipts.append(receipt)
        issuer = str(receipt.members["issuer"])
        claims.append(passed("receipt", f"signed by {issuer} for this header", name))
        for event in receipt.events:
            events.append(event)
            claims.extend(_logged(files, event, sealed, trust, covered))
    claims.append(check_order(events, sealed.header))
    return receipts


def _receipt(
    data: bytes, files: Mapping[str, bytes], sealed: SealedHeader, trust: Trust, used: list[Used]
) -> Receipt:
    try:
        token = data.decode("ascii")
    except UnicodeDecodeError:
        raise _wrong("a receipt is a compact token", "receipt") from None
    name = peek_thumbprint(token)
    certificate = _listed(name, sealed, trust)
    receipt = read_receipt(verify_jws(token, {name: certificate}, typ=RECEIPT))
    header = sealed.header
    for event in receipt.events:
        state = _issuing(event, sealed)
        holder = directory_of_event(files, event, sealed, trust)
        if name not in holder.keys or receipt.members["issuer"] != holder.gateway["name"]:
            raise Refusal(
                "signature.key-role",
                step="verify",
                rule=f"the event {event.code} is for the gateway of {state} to sign",
                place=event.code,
            )
        at = read_instant(event.at)
        used.append(Used(holder.key(name, role="evidence", at=at), holder, at))
    if (receipt.members.get("x"), receipt.members.get("hdr")) != (
        header.exchange_id,
        sealed.digest,
    ):
        raise _wrong("a receipt is for this exchange and this very header", "hdr")
    return receipt


def _listed(name: str, sealed: SealedHeader, trust: Trust) -> x509.Certificate:
    # Whose it is and whether it counted then is judged below, by the directory of each event.
    states = sealed.header.direction.corridor.split("-")
    newest = (trust.directory(state) for state in states)
    for one in chain(newest, *(trust.every(state) for state in states)):
        if name in one.keys:
            return one.keys[name].certificate
    raise Refusal(
        "signature.key-unknown",
        step="verify",
        rule="a receipt is signed by a key that a trusted directory lists",
    )


def _issuing(event: ReceiptEvent, sealed: SealedHeader) -> str:
    direction = sealed.header.direction
    return direction.origin if event.code in _ORIGIN else direction.destination


def directory_of_event(
    files: Mapping[str, bytes], event: ReceiptEvent, sealed: SealedHeader, trust: Trust
) -> Directory:
    """Give the issuing state's directory as the event's entry names it, else as the header does."""
    state = _issuing(event, sealed)
    data = files.get(LoggedEntry(state, event.leaf_index, b"", (), b"").names[0])
    try:
        entry = None if data is None else read_entry(data)
    except Refusal:
        entry = None
    if entry is None:
        return directory_of_header(trust, sealed.header, state)
    return directory_of_entry(trust, entry, sealed.header, state)


def _logged(
    files: Mapping[str, bytes],
    event: ReceiptEvent,
    sealed: SealedHeader,
    trust: Trust,
    covered: set[str],
) -> list[Claim]:
    state = _issuing(event, sealed)
    names = LoggedEntry(state, event.leaf_index, b"", (), b"").names
    covered.update(names)
    try:
        if any(name not in files for name in names):
            raise Refusal(
                "file.missing", step="verify", rule="entry and proof belong in the bundle"
            )
        entry_bytes, proof_bytes = (files[name] for name in names)
        directory = directory_of_event(files, event, sealed, trust)
        _entry(entry_bytes, event, sealed)
        note, key = _included(entry_bytes, proof_bytes, event, log_keys_of(trust, state, event.log))
        claims = [passed("inclusion", f"{event.code} stands in the log {event.log}", *names)]
    except Refusal as refusal:
        return [failed("inclusion", refusal, *names)]
    claims.append(_witnessed(note, key, directory, trust, names[1]))
    return claims


def _entry(data: bytes, event: ReceiptEvent, sealed: SealedHeader) -> None:
    if base64.b64encode(leaf_hash(data)).decode("ascii") != event.leaf:
        raise _wrong("the entry must have the leaf hash that the receipt promised", "leaf")
    entry = read_entry(data)
    own = (entry.log, entry.index, entry.code, entry.evidence_id, entry.at)
    told = (event.log, event.leaf_index, event.code, event.evidence_id, event.at)
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


def _included(
    data: bytes, proof: bytes, event: ReceiptEvent, keys: Iterator[ListedLog]
) -> tuple[Note, ListedLog]:
    found = read_proof(proof)
    checkpoint, note, key = _opened(found.note, keys)
    if found.index != event.leaf_index:
        raise Refusal(
            "log.proof-wrong", step="verify", rule="the proof is for the entry's own index"
        )
    verify_inclusion(leaf_hash(data), found.index, checkpoint.size, found.hashes, checkpoint.root)
    return note, key


def _opened(data: bytes, keys: Iterator[ListedLog]) -> tuple[Checkpoint, Note, ListedLog]:
    refused = Refusal("log.origin-unknown", step="verify", rule="the directory lists the log's key")
    for key in keys:
        try:
            return *open_checkpoint(data, key.vkey), key
        except Refusal as refusal:
            if refusal.code != "signature.key-unknown":
                raise
            refused = refusal
    raise refused


def _witnessed(note: Note, log: ListedLog, directory: Directory, trust: Trust, name: str) -> Claim:
    # An older key of its own stays listed after a rotation, and is foreign no more than the newest.
    listed = (*directory.witnesses, *trust.directory(directory.state).witnesses)
    own = [one.vkey for one in listed]
    try:
        # A log key counts by its window at the time that the witness saw its checkpoint.
        window = Window(log.begins, log.ends)
        found = [
            one
            for one in cosignatures(note, trust.policy.witnesses)
            if window.holds_at(datetime.fromtimestamp(one.time, UTC)) and _in_time(one, trust)
        ]
        if not trust.policy.met_by((one.key for one in found), own=own):
            raise Refusal(
                "witness.missing",
                step="verify",
                rule="a witness of another state must have cosigned the checkpoint",
                place=log.vkey.name,
            )
        # A foreign witness saw the checkpoint by then; a log key revoked earlier proves nothing.
        seen = min(one.time for one in found if is_foreign(one.key, own))
        directory.require_not_revoked(log.vkey.text(), datetime.fromtimestamp(seen, UTC))
    except Refusal as refusal:
        return failed("witness", refusal, name)
    names = ", ".join(sorted({one.key.name for one in found}))
    return passed("witness", f"the checkpoint was cosigned by {names}", name)


def _in_time(one: Cosignature, trust: Trust) -> bool:
    """Tell whether the witness's own directory lets the key count at the time it tells itself.

    A key that no directory lists counts because the auditor's policy names it.
    """
    at = datetime.fromtimestamp(one.time, UTC)
    lists = [
        directory
        for directory in trust.directories.values()
        if any(listed.vkey == one.key for listed in directory.witnesses)
    ]
    return all(one.key in directory.witness_keys_at(at) for directory in lists)


def _wrong(rule: str, place: str) -> Refusal:
    return Refusal("receipt.wrong", step="verify", rule=rule, place=place)
