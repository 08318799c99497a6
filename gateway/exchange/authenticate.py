"""Who asks: the signature, the key's role, the time window, and the nonce, in that order."""

from dataclasses import dataclass

from gateway.exchange.office import Office
from gateway.model.refusal import Refusal
from gateway.proof.http_signature import (
    PEER_TAG,
    SUBMITTER_TAG,
    WINDOW_SECONDS,
    Request,
    VerifiedRequest,
    read_signature,
    verify_request,
)
from gateway.store.submission_rows import spend_nonce


@dataclass(frozen=True, slots=True)
class Caller:
    """An authenticated caller.

    name: the submitter (`kz.labour-ministry/system`) or partner gateway; authority: whose it is,
    empty for a gateway; state: alpha-2.
    """

    name: str
    authority: str
    state: str
    request: VerifiedRequest


def authenticate_submitter(office: Office, request: Request) -> Caller:
    """Give the submitter of our own state that signed. Refuses `signature.*`, `nonce.replayed`."""
    claimed = read_signature(request, tag=SUBMITTER_TAG)
    at = office.clock()
    directory = office.trust.directory(office.state)
    listed = directory.key(claimed.keyid, role="submitter", at=at)
    verified = verify_request(request, claimed, listed.certificate, at=at)
    _spend(office, request, verified)
    authority = str(directory.submitters[listed.name]["authority"])
    return Caller(listed.name, authority, office.state, verified)


def authenticate_peer(office: Office, request: Request) -> Caller:
    """Give the partner gateway that signed. Refuses `signature.*`, `nonce.replayed`."""
    claimed = read_signature(request, tag=PEER_TAG)
    at = office.clock()
    for state, directory in office.trust.directories.items():
        if state != office.state and claimed.keyid in directory.keys:
            listed = directory.key(claimed.keyid, role="peer", at=at)
            verified = verify_request(request, claimed, listed.certificate, at=at)
            _spend(office, request, verified)
            return Caller(str(directory.gateway["name"]), "", state, verified)
    raise Refusal(
        "signature.key-unknown",
        step="authenticate",
        rule="the key must be one that a partner's directory lists",
        place="keyid",
    )


def _spend(office: Office, request: Request, verified: VerifiedRequest) -> None:
    if request.body is None:
        return
    # A commit of its own: a request that fails later must not be played again either.
    oldest = int(office.clock().timestamp()) - 2 * WINDOW_SECONDS
    with office.store.write() as turn:
        fresh = spend_nonce(turn, verified.keyid, verified.nonce, verified.created, oldest)
    if not fresh:
        raise Refusal(
            "nonce.replayed",
            step="authenticate",
            rule="each request needs a new nonce; sign it again to send it again",
            place="nonce",
        )
