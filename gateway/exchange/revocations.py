"""Evidence that certificates in use are not revoked, from the responder or list that each names.

It is stored once a certificate and window and named by its digest, so that years later it can
be shown what the issuer said at the time. Whether a key counts is the directory's to say; evidence
that says otherwise is told to the operator.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from gateway.model.instants import write_instant
from gateway.model.refusal import Refusal
from gateway.proof.responder import question, responder_addresses, response_says
from gateway.proof.revocation import Said, issuer_of, list_addresses, list_says
from gateway.proof.trust import Directory, ListedKey
from gateway.proof.window import Window
from gateway.store.connection import Store
from gateway.store.revocation_rows import put_evidence

# Gives the octets behind an address, or the reason in words why none came.
Fetch = Callable[[str], bytes | str]
# The same of what a responder answers to a question.
Ask = Callable[[str, bytes], bytes | str]
# What came, and how it is read; that refuses as `list_says` and `response_says`.
_Answer = tuple[bytes | str, Callable[..., Said]]


@dataclass(frozen=True, slots=True)
class Gathered:
    """One certificate: whose, and the digest and end of its evidence, or why there is none.

    kind: `ocsp` or `crl`; code: the refusal of evidence that says the opposite, or cannot say;
    empty when it is good, and when there was none to ask for.
    """

    state: str
    role: str
    name: str
    thumbprint: str
    kind: str = ""
    sha256: str = ""
    ends: str = ""
    code: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class _Round:
    """One look at all; answers: what came from the address of each list that was asked."""

    store: Store
    fetch: Fetch
    ask: Ask
    at: datetime
    answers: dict[str, bytes | str] = field(default_factory=dict)

    def evidence(self, one: Gathered, directory: Directory, key: ListedKey) -> Gathered:
        """Find, verify and store the evidence of one certificate."""
        why = ""
        for answer, reads in self._answers(directory, key):
            if isinstance(answer, str):
                why = answer
                continue
            try:
                said = reads(answer)
                one = replace(one, code=_code(said, self.at))
            except Refusal as refusal:
                why = refusal.rule
                continue
            with self.store.write() as turn:
                put_evidence(turn, one.thumbprint, said, answer)
            ends = write_instant(said.ends or said.begins)
            return replace(one, kind=said.kind, sha256=said.sha256, ends=ends)
        if why:
            return replace(one, code="revocation.unusable", why=why)
        return replace(one, why="the certificate names neither a list nor a responder")

    def _answers(self, directory: Directory, key: ListedKey) -> Iterator[_Answer]:
        leaf, issuer = key.certificate, issuer_of(key.certificate, directory.above(key))
        responders, lists = list(responder_addresses(leaf)), list(list_addresses(leaf))
        if issuer is None:
            if responders or lists:
                yield "its issuer is not listed", list_says
            return
        # The responder first: what it says is younger than a list.
        for url in responders:
            reads = partial(response_says, certificate=leaf, issuer=issuer)
            yield self.ask(url, question(leaf, issuer)), reads
        for url in lists:
            if url not in self.answers:
                self.answers[url] = self.fetch(url)
            yield self.answers[url], partial(list_says, certificate=leaf, issuer=issuer)


def gather(
    store: Store, directories: Mapping[str, Directory], fetch: Fetch, ask: Ask, *, at: datetime
) -> list[Gathered]:
    """Ask for evidence of all certificates that count at `at`, each list once, and store it."""
    asking, found = _Round(store, fetch, ask, at), []
    for state, directory in sorted(directories.items()):
        for thumbprint, key in directory.keys.items():
            # An issuer may leave a certificate that has ended out of its list (RFC 5280 3.3).
            runs = at <= key.certificate.not_valid_after_utc
            counts = runs and Window(key.begins, key.ends).holds_at(at)
            if counts and not directory.revoked_by(thumbprint, at):
                one = Gathered(state, key.role, key.name, thumbprint)
                found.append(asking.evidence(one, directory, key))
    return found


def _code(said: Said, at: datetime) -> str:
    try:
        said.proves(at=at)
    except Refusal as refusal:
        if refusal.code != "certificate.revoked":
            raise
        return refusal.code
    return ""
