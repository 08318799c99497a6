"""Check one exported exchange: container, seal, forms, receipts, logs, witnesses, agreement.

evidence-log 6.1 to 6.3. Each numbered step takes what the one before has proved; a step that
cannot run because an earlier one failed makes no claim of its own.
"""

import base64
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from cryptography import x509

from gateway.model.instants import read_instant
from gateway.model.refusal import Refusal
from gateway.proof import bundle, container
from gateway.proof.canonical import read_canonical
from gateway.proof.claims import Claim, failed, passed
from gateway.proof.commitment import open_commitment
from gateway.proof.evidence_ladder import SealedHeader, check_ladder
from gateway.proof.evidence_tokens import check_tokens
from gateway.proof.forms import FormMapping, require_canonical_xml
from gateway.proof.header import read_header
from gateway.proof.in_force import agreement_in_force
from gateway.proof.issuer_evidence import Used, check_evidence
from gateway.proof.json_signature import HEADER, peek_thumbprint, verify_jws
from gateway.proof.named_directories import directory_of_header
from gateway.proof.strict_json import parse
from gateway.proof.trust import Directory
from gateway.proof.trust_folder import Trust
from gateway.proof.xml_signature import verify_files


@dataclass(slots=True)
class Examination:
    """The claims so far, the files they cover and the keys they rest on; local to one check."""

    files: Mapping[str, bytes]
    claims: list[Claim] = field(default_factory=list)
    covered: set[str] = field(default_factory=set)
    used: list[Used] = field(default_factory=list)

    def file(self, name: str) -> bytes:
        """Give a file and count it as covered. Refuses `file.missing`."""
        self.covered.add(name)
        if name not in self.files:
            raise Refusal(
                "file.missing", step="verify", rule="the bundle must hold this file", place=name
            )
        return self.files[name]


def check_bundle(data: bytes, trust: Trust, mapping: FormMapping) -> tuple[list[Claim], str]:
    """Give all claims and the exchange id (empty when the seal does not hold).

    Refuses `container.*` only: input that cannot be read at all (exit 3).
    """
    work = Examination(container.read_container(data))
    _container(work, trust)
    sealed = _seal(work, trust)
    if sealed is not None:
        _forms(work, sealed, mapping)
        _agreement(work, sealed, trust)
        receipts = check_ladder(
            work.files, sealed, trust, work.claims, work.covered, used=work.used
        )
        work.claims += check_tokens(work.files, sealed, trust, receipts, work.covered)
        work.claims += check_evidence(work.files, work.used, work.covered)
    _everything_covered(work)
    return work.claims, sealed.header.exchange_id if sealed is not None else ""


def _container(work: Examination, trust: Trust) -> None:
    # 1. The exporter's signature covers every file; it says who exported, nothing more.
    signed = {name: data for name, data in work.files.items() if name != container.SIGNATURES}
    work.covered |= {container.SIGNATURES, container.MANIFEST, bundle.README, bundle.INDEX}
    try:
        _exported(container.signature_of(work.files), signed, trust)
        work.claims.append(passed("container", "every file is as the exporter signed it"))
    except Refusal as refusal:
        work.claims.append(failed("container", refusal, container.SIGNATURES))


def _exported(signature: bytes, signed: Mapping[str, bytes], trust: Trust) -> None:
    # Most exporters still hold the key they exported with; one that rotated it is found further
    # back in its directory.
    try:
        verify_files(signature, signed, _evidence_keys(trust.directories.values()))
    except Refusal as refusal:
        if refusal.code != "signature.key-unknown":
            raise
        every = (one for state in trust.directories for one in trust.every(state))
        verify_files(signature, signed, _evidence_keys(every))


def _evidence_keys(directories: Iterable[Directory]) -> dict[str, x509.Certificate]:
    return {
        name: key.certificate
        for one in directories
        for name, key in one.keys.items()
        if key.role == "evidence"
    }


def _seal(work: Examination, trust: Trust) -> SealedHeader | None:
    # 2. The origin gateway sealed exactly these header octets.
    try:
        octets, token = work.file(bundle.HEADER), work.file(bundle.SEAL).decode("ascii")
        claimed = read_header(octets)
        directory = directory_of_header(trust, claimed, claimed.direction.origin)
        at = read_instant(claimed.members["createdAt"])
        listed = directory.key(peek_thumbprint(token), role="seal", at=at)
        certificates = {peek_thumbprint(token): listed.certificate}
        verified = verify_jws(token, certificates, typ=HEADER)
        if verified.payload != octets:
            raise Refusal(
                "seal.wrong", step="verify", rule="header.json holds the octets that were sealed"
            )
    except (Refusal, UnicodeDecodeError) as error:
        refusal = error if isinstance(error, Refusal) else _no_text()
        work.claims.append(failed("seal", refusal, bundle.HEADER, bundle.SEAL))
        return None
    work.used.append(Used(listed, directory, at))
    work.claims.append(passed("seal", f"sealed by {listed.name}", bundle.HEADER, bundle.SEAL))
    return SealedHeader(claimed)


def _forms(work: Examination, sealed: SealedHeader, mapping: FormMapping) -> None:
    # 3. Both forms open their commitments and hold one and the same record.
    names = (bundle.RECORD_JSON, bundle.RECORD_XML, bundle.OPENING)
    try:
        json_form, xml_form, opening = (work.file(name) for name in names)
        salts = _salts(opening)
        for label, octets in (("json", json_form), ("xml", xml_form)):
            commitment = sealed.header.commitments.get(label, "")
            open_commitment(commitment, label, salts.get(label, ""), octets)
        record = read_canonical(json_form)
        found = require_canonical_xml(mapping, xml_form)
        if found != (sealed.header.record_type, record):
            raise Refusal("commitment.wrong", step="verify", rule="both forms hold the same record")
    except Refusal as refusal:
        work.claims.append(failed("record", refusal, *names))
        return
    work.claims.append(passed("record", "both forms are the record that was sealed", *names))


def _agreement(work: Examination, sealed: SealedHeader, trust: Trust) -> None:
    # 4. The agreement the header names was in force in both states, byte for byte.
    named = sealed.header.members["agreement"]
    try:
        text = work.file(bundle.AGREEMENT)
        digest = base64.b64encode(hashlib.sha256(text).digest()).decode("ascii")
        if digest != named["sha256"]:
            raise Refusal(
                "agreement.not-in-force",
                step="verify",
                rule="the agreement text must have the digest in the sealed header",
                place=bundle.AGREEMENT,
            )
        direction = sealed.header.direction
        pair = [
            directory_of_header(trust, sealed.header, one) for one in direction.corridor.split("-")
        ]
        at = read_instant(sealed.header.members["createdAt"])
        held = agreement_in_force(pair, direction.corridor, named["version"], at=at)
        if held.sha256 != digest:
            raise Refusal(
                "agreement.not-in-force",
                step="verify",
                rule="both directories must list the agreement that the header names",
                place=bundle.AGREEMENT,
            )
    except Refusal as refusal:
        work.claims.append(failed("agreement", refusal, bundle.AGREEMENT))
        return
    why = f"agreement {held.corridor} version {held.version} was in force in both states"
    work.claims.append(passed("agreement", why, bundle.AGREEMENT))


def _everything_covered(work: Examination) -> None:
    for name in sorted(work.files.keys() - work.covered):
        refusal = Refusal(
            "file.unverified", step="verify", rule="no check covers this file", place=name
        )
        work.claims.append(failed("files", refusal, name))


def _salts(opening: bytes) -> dict[str, str]:
    found = parse(opening)
    if not isinstance(found, dict):
        return {}
    return {
        str(label): str(one["salt"])
        for label, one in found.items()
        if isinstance(one, dict) and "salt" in one
    }


def _no_text() -> Refusal:
    return Refusal("seal.malformed", step="verify", rule="a token is ASCII text", place=bundle.SEAL)
