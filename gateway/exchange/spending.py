"""The nonce of a request is stored with the first that the request stores (docs/adr/0015).

No effect of a request is durable without its nonce, and no answer leaves before its nonce is.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace

from gateway.exchange.office import Office
from gateway.model.refusal import Refusal
from gateway.proof.http_signature import VerifiedRequest
from gateway.store.connection import Store, Turn
from gateway.store.scope import WHOLE, Scope
from gateway.store.submission_rows import spend_nonce

# The nonce of a larger body is stored before: beside its work the commit costs nothing, and a
# request that is played again meanwhile must not have the work done again.
WITH_ITS_WORK = 64 * 1024


@dataclass(slots=True)
class SpendingStore:
    """The store as one request has it: each of its turns has its nonce beside it, or before it.

    spent: the nonce is durable. One at a time: a request works in one thread.
    """

    store: Store
    request: VerifiedRequest
    spent: bool = False

    @property
    def packs(self) -> bool:
        """Tell whether rows are packed."""
        return self.store.packs

    def read(self, scope: Scope = WHOLE) -> AbstractContextManager[Turn]:
        """Give a connection that sees one consistent state."""
        return self.store.read(scope)

    @contextmanager
    def write(self, *names: str, lasting: bool = True) -> Iterator[Turn]:
        """Give a writer's turn. Refuses `nonce.replayed` when another request has spent it."""
        with self.store.write(*names, lasting=lasting or not self.spent) as turn:
            if not self.spent:
                spend_once(turn, self.request)
            yield turn
        self.spent = True

    def spend(self) -> None:
        """Store the nonce unless it is; refuses `nonce.replayed`."""
        if not self.spent:
            with self.write():
                pass

    def close(self) -> None:
        """Close the connections that are not in use."""
        self.store.close()

    def require_room(self) -> None:
        """Refuse `storage.full`."""
        self.store.require_room()


@contextmanager
def spending(office: Office, request: VerifiedRequest, size: int) -> Iterator[Office]:
    """Give the office for one request of so many bytes: what it stores has the nonce beside it.

    Refuses `nonce.replayed`, at the end too, in place of whatever came of the request.
    """
    store = SpendingStore(office.store, request)
    if size > WITH_ITS_WORK:
        store.spend()
    try:
        yield replace(office, store=store, keys=office.keys.for_one_work())
    finally:
        # Refused, or failed: it must not be played again either.
        store.spend()


def spend_once(turn: Turn, request: VerifiedRequest) -> None:
    """Store a nonce. Refuses `nonce.replayed`."""
    if not spend_nonce(turn, request.keyid, request.nonce, request.created):
        raise Refusal(
            "nonce.replayed",
            step="authenticate",
            rule="each request needs a new nonce; sign it again to send it again",
            place="nonce",
        )
