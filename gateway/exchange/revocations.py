"""Evidence that certificates in use are not revoked, fetched from where each names its CA's list.

A list is stored once a certificate and window and named by its digest, so that years later it can
be shown what the issuer said at the time. Whether a key counts is the directory's to say; a list
that says otherwise is told to the operator.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from gateway.model.instants import write_instant
from gateway.model.refusal import Refusal
from gateway.proof.revocation import check_list, issuer_of, list_addresses
from gateway.proof.trust import Directory, ListedKey
from gateway.proof.window import Window
from gateway.store.connection import Store
from gateway.store.revocation_rows import put_evidence

# Gives the octets behind an address, or the reason in words why none came.
Fetch = Callable[[str], bytes | str]


@dataclass(frozen=True, slots=True)
class Gathered:
    """One certificate: whose, and the digest and end of its evidence, or why there is none.

    code: the refusal of evidence that says the opposite, or cannot say; empty when it is good, and
    when there was none to ask for.
    """

    state: str
    role: str
    name: str
    thumbprint: str
    sha256: str = ""
    ends: str = ""
    code: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class _Round:
    """One look at all lists; answers: what came from each address that was asked."""

    store: Store
    fetch: Fetch
    at: datetime
    answers: dict[str, bytes | str] = field(default_factory=dict)

    def asked(self, url: str) -> bytes | str:
        """Give what stands at an address, asked once."""
        if url not in self.answers:
            self.answers[url] = self.fetch(url)
        return self.answers[url]

    def evidence(self, one: Gathered, directory: Directory, key: ListedKey) -> Gathered:
        """Find, verify and store the evidence of one certificate."""
        issuer, why = issuer_of(key.certificate, (*key.chain[1:], *directory.roots)), ""
        for url in list_addresses(key.certificate):
            answer = self.asked(url)
            if isinstance(answer, str) or issuer is None:
                why = answer if isinstance(answer, str) else "its issuer is not listed"
                continue
            try:
                proved = check_list(answer, key.certificate, issuer, at=self.at)
            except Refusal as refusal:
                return replace(one, code=refusal.code, why=refusal.rule)
            with self.store.write() as turn:
                put_evidence(turn, one.thumbprint, proved, answer)
            return replace(one, sha256=proved.sha256, ends=write_instant(proved.ends))
        if why:
            return replace(one, code="revocation.unusable", why=why)
        return replace(one, why="the certificate names no list")


def gather(
    store: Store, directories: Mapping[str, Directory], fetch: Fetch, *, at: datetime
) -> list[Gathered]:
    """Ask the lists of all certificates that count at `at`, each address once, and store them."""
    asking, found = _Round(store, fetch, at), []
    for state, directory in sorted(directories.items()):
        for thumbprint, key in directory.keys.items():
            counts = Window(key.begins, key.ends).holds_at(at)
            if counts and not directory.revoked_by(thumbprint, at):
                one = Gathered(state, key.role, key.name, thumbprint)
                found.append(asking.evidence(one, directory, key))
    return found
