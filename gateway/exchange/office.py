"""What every step of one gateway may use: its store, its keys, whom it trusts, time and chance."""

import base64
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gateway.catalogue.catalogue import Catalogue
from gateway.exchange.limits import Limits
from gateway.model.effects import Clock, Entropy
from gateway.model.party import home_log, partner_log
from gateway.proof.keys import CertifiedKey
from gateway.proof.trust import Directory
from gateway.proof.trust_folder import Trust
from gateway.store.connection import Store
from gateway.store.day_keys import DayKeys
from gateway.translation.countries import Countries

# Called with the name of a failpoint (security.md section 6) when the step has got that far.
Reach = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Office:
    """One gateway at work; everything in it is read-only but the two stores."""

    state: str
    name: str
    store: Store
    day_keys: DayKeys
    trust: Trust
    catalogue: Catalogue
    countries: Countries
    seal_key: CertifiedKey
    evidence_key: CertifiedKey
    clock: Clock
    entropy: Entropy
    reach: Reach
    limits: Limits

    def log(self, partner: str) -> str:
        """Give the origin of our log for a corridor."""
        return partner_log(self.name, self.state, partner)

    @property
    def home(self) -> str:
        """Give the origin of our home log."""
        return home_log(self.name)

    def directories(self, partner: str) -> Sequence[Directory]:
        """Give both directories of a corridor. Refuses `trust.missing`."""
        return self.trust.directory(self.state), self.trust.directory(partner)


def digest(octets: bytes) -> str:
    """Give SHA-256 as the formats write it: base64, 44 characters."""
    return base64.b64encode(hashlib.sha256(octets).digest()).decode("ascii")
