"""Who asks: the signature, the key's role, the time window, and the nonce, in that order."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from gateway.exchange.listed import listed_submitter
from gateway.exchange.office import Office
from gateway.exchange.spending import spend_once, spending
from gateway.model.refusal import Refusal
from gateway.model.rights import Submitter, record_types
from gateway.proof.http_mistakes import other_keys
from gateway.proof.http_signature import (
    PEER_TAG,
    SUBMITTER_TAG,
    WINDOW_SECONDS,
    Request,
    VerifiedRequest,
    read_signature,
    verify_request,
)
from gateway.store.scope import Own
from gateway.store.submission_rows import forget_nonces


@dataclass(frozen=True, slots=True)
class Caller:
    """An authenticated caller.

    name: the submitter (`kz.labour-ministry/system`) or partner gateway; authority: whose it is,
    empty for a gateway; state: alpha-2; submitter: what the directory lists, None for a gateway.
    """

    name: str
    authority: str
    state: str
    request: VerifiedRequest
    submitter: Submitter | None = None

    def listed(self) -> Submitter:
        """Give what the directory lists of a submitter. LookupError for a gateway."""
        if self.submitter is None:
            raise LookupError(self.name)
        return self.submitter

    def scope(self) -> Own:
        """Give whose rows it may read. LookupError for a gateway."""
        return Own(self.authority, record_types(self.listed()))


def authenticate_submitter(office: Office, request: Request) -> Caller:
    """Give the submitter of our own state that signed. Refuses `signature.*`, `nonce.replayed`."""
    caller = _submitter(office, request)
    _spend(office, request, caller)
    return caller


def authenticate_peer(office: Office, request: Request) -> Caller:
    """Give the partner gateway that signed. Refuses `signature.*`, `nonce.replayed`."""
    caller = _peer(office, request)
    _spend(office, request, caller)
    return caller


@contextmanager
def serving_submitter(office: Office, request: Request) -> Iterator[tuple[Office, Caller]]:
    """Give the office for this one request and the submitter of our own state that signed it.

    The nonce is stored with what the request stores; refuses as `authenticate_submitter`.
    """
    caller = _submitter(office, request)
    with spending(office, caller.request, len(request.body or b"")) as own:
        yield own, caller


@contextmanager
def serving_peer(office: Office, request: Request) -> Iterator[tuple[Office, Caller]]:
    """Give the office for this one request and the partner gateway that signed it.

    The nonce is stored with what the request stores; refuses as `authenticate_peer`.
    """
    caller = _peer(office, request)
    with spending(office, caller.request, len(request.body or b"")) as own:
        yield own, caller


def forget_spent(office: Office) -> None:
    """Forget the nonces of requests that are too old to be taken, whoever sends them again."""
    oldest = int(office.clock().timestamp()) - 2 * WINDOW_SECONDS
    with office.store.write(lasting=False) as turn:
        forget_nonces(turn, oldest)


def _submitter(office: Office, request: Request) -> Caller:
    claimed = read_signature(request, tag=SUBMITTER_TAG)
    at = office.clock()
    directory = office.trust.directory(office.state)
    known = listed_submitter(directory, claimed.keyid, at)
    others = partial(other_keys, directory, known.key)
    verified = verify_request(request, claimed, known.key.certificate, at=at, others=others)
    submitter = known.submitter
    # Before anything is stored, so that a flood costs no commits.
    office.limits.take(submitter.name, len(request.body or b""), at)
    return Caller(submitter.name, submitter.authority, office.state, verified, submitter)


def _peer(office: Office, request: Request) -> Caller:
    claimed = read_signature(request, tag=PEER_TAG)
    at = office.clock()
    for state, directory in office.trust.directories.items():
        if state != office.state and claimed.keyid in directory.keys:
            listed = directory.key(claimed.keyid, role="peer", at=at)
            others = partial(other_keys, directory, listed)
            verified = verify_request(request, claimed, listed.certificate, at=at, others=others)
            name = str(directory.gateway["name"])
            # Before anything is stored, so that a flood costs no commits.
            office.limits.take_partner(name, len(request.body or b""), at)
            return Caller(name, "", state, verified)
    raise Refusal(
        "signature.key-unknown",
        step="authenticate",
        rule="the key must be one that a partner's directory lists",
        place="keyid",
    )


def _spend(office: Office, request: Request, caller: Caller) -> None:
    if request.body is None:
        return
    # A commit of its own: a request that fails later must not be played again either.
    with office.store.write() as turn:
        spend_once(turn, caller.request)
