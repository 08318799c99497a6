"""What the issuers of a bundle's certificates said of them: lists and responses that it carries.

Whether a key counts is its directory's to say (`Directory.key`); this is the second voice. It is
judged for each time at which the key signed: by evidence that held then, or was given later while
the certificate still ran. None at all is no fault: the claim then says `not-checked`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509

from gateway.model.refusal import Refusal
from gateway.proof.bundle import RESPONSE, REVOCATION, evidence_name
from gateway.proof.claims import Claim, failed, not_checked, passed
from gateway.proof.responder import response_says
from gateway.proof.revocation import Said, issuer_of, list_says, unusable
from gateway.proof.trust import Directory, ListedKey

_CLAIM = "revocation"


@dataclass(frozen=True, slots=True)
class Used:
    """A key that signed something of the bundle at `at`, as the directory of that time lists it."""

    listed: ListedKey
    directory: Directory
    at: datetime


@dataclass(frozen=True, slots=True)
class _Evidence:
    name: str
    octets: bytes

    def says(self, leaf: x509.Certificate, issuer: x509.Certificate) -> Said:
        """Verify it for one certificate. Refuses `revocation.unusable`."""
        if self.name != evidence_name(self.octets, self.name.rpartition(".")[2]):
            raise unusable("the file is named by its own digest")
        reader = response_says if self.name.endswith(f".{RESPONSE}") else list_says
        return reader(self.octets, leaf, issuer)


def check_evidence(
    files: Mapping[str, bytes], used: Sequence[Used], covered: set[str]
) -> Iterator[Claim]:
    """Give a claim for each certificate with evidence, one for all without, one for bad files."""
    carried = [_Evidence(one, files[one]) for one in sorted(files) if one.startswith(REVOCATION)]
    silent: list[str] = []
    spoke: set[str] = set()
    wrong: dict[str, Refusal] = {}
    for times in _by_certificate(used):
        found: dict[str, Said] = {}
        for evidence in carried:
            try:
                found[evidence.name] = _said(evidence, times[0])
            except Refusal as refusal:
                wrong[evidence.name] = refusal
        spoke |= found.keys()
        if found:
            yield _judged(times, found)
        else:
            silent.append(times[0].listed.name)
    covered |= spoke | wrong.keys()
    yield from (failed(_CLAIM, wrong[name], name) for name in sorted(wrong.keys() - spoke))
    if silent:
        names = ", ".join(sorted(set(silent)))
        yield not_checked(_CLAIM, f"the bundle carries nothing that the issuer says of {names}")


def _by_certificate(used: Sequence[Used]) -> Iterator[list[Used]]:
    found: dict[x509.Certificate, list[Used]] = {}
    for one in used:
        found.setdefault(one.listed.certificate, []).append(one)
    yield from found.values()


def _said(evidence: _Evidence, used: Used) -> Said:
    leaf = used.listed.certificate
    issuer = issuer_of(leaf, used.directory.above(used.listed))
    if issuer is None:
        raise unusable("the issuer of the certificate is listed with it")
    return evidence.says(leaf, issuer)


def _judged(times: Sequence[Used], found: Mapping[str, Said]) -> Claim:
    listed = times[0].listed
    files = tuple(sorted(found))
    proved = None
    for at in sorted({one.at for one in times}):
        proved, refused = None, unusable("the evidence is of the time of the signature")
        for said in found.values():
            try:
                proved = said.proves_as_of(listed.certificate, at=at)
            except Refusal as refusal:
                refused = refusal
                if refusal.code == "certificate.revoked":
                    # One that knows of a revocation knows more than one that does not.
                    return failed(_CLAIM, refusal, *files)
        if proved is None:
            return failed(_CLAIM, refused, *files)
    kinds = " and ".join(sorted({one.kind for one in found.values()}))
    why = f"its issuer had not revoked {listed.name} by then ({kinds})"
    return passed(_CLAIM, why, *files)
