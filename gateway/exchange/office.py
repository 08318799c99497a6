"""What every step of one gateway may use: its store, its keys, whom it trusts, time and chance."""

import base64
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from gateway.catalogue.catalogue import Catalogue
from gateway.delivery.push import Pusher
from gateway.directory.freshness import Standing, require_usable, standing
from gateway.exchange.limits import Limits
from gateway.model.effects import Clock, Entropy
from gateway.model.party import home_log, partner_log
from gateway.model.refusal import Refusal
from gateway.model.rights import LicenceNamed, LicenceState
from gateway.proof.key_folder import KeyFolder
from gateway.proof.keys import CertifiedKey
from gateway.proof.trust import Directory
from gateway.proof.trust_folder import Trust
from gateway.store.connection import Store
from gateway.store.day_keys import DayKeys
from gateway.translation.countries import Countries

# Called with the name of a failpoint (security.md section 6) when the step has got that far.
Reach = Callable[[str], None]

# What the store said of a licence, None for nothing, and when it was asked.
KnownLicences = dict[LicenceNamed, tuple[datetime, LicenceState | None]]


def _unheard(_partner: str) -> None:
    """Ring where no worker listens."""


@dataclass(frozen=True, slots=True)
class Office:
    """One gateway at work; everything in it is read-only but the two stores and what is kept.

    trust: fixed for one request or one round of the worker; failing: the refusal code of the last
    attempt to follow a state's directory, by state, absent when it went well; ring: called with a
    partner once something was put in the outbox for it, after its commit; licences: those read a
    moment ago.
    """

    state: str
    name: str
    store: Store
    day_keys: DayKeys
    trust: Trust
    catalogue: Catalogue
    countries: Countries
    keys: KeyFolder
    clock: Clock
    entropy: Entropy
    reach: Reach
    limits: Limits
    pusher: Pusher
    failing: Mapping[str, str] = field(default_factory=dict)
    ring: Callable[[str], None] = _unheard
    licences: KnownLicences = field(default_factory=dict)

    def for_one_work(self) -> "Office":
        """Give the same office for one request or batch: the folder of its own keys is looked at
        once in it."""
        keys = self.keys.for_one_work()
        return self if keys is self.keys else replace(self, keys=keys)

    def log(self, partner: str) -> str:
        """Give the origin of our log for a corridor."""
        return partner_log(self.name, self.state, partner)

    @property
    def home(self) -> str:
        """Give the origin of our home log."""
        return home_log(self.name)

    def signing(self, role: str, at: datetime) -> CertifiedKey:
        """Give the key that signs for a role at `at`, unless our own directory has revoked it.

        Refuses `key.none-in-use`; KeyFileError for a file that must not be used.
        """
        key = self.keys.certified(role, at)
        if self.trust.directory(self.state).revoked_by(key.thumbprint, at):
            # A partner would refuse what it signs: better to say so here than to send it.
            raise Refusal(
                "key.none-in-use",
                step="sign",
                rule="our own directory has revoked the key; lmx keys rotate --from now makes the "
                "next one, lmx directory publish announces it",
                place=role,
            )
        return key

    def standing(self, state: str) -> Standing:
        """Tell how a state's directory stands now."""
        ends = self.trust.ends(state)
        if ends is None:
            return Standing.CURRENT
        return standing(ends, self.failing.get(state, ""), self.clock())

    def require_usable(self, partner: str) -> None:
        """Refuse when nothing new may be exchanged with a partner now.

        Refuses `directory.expired`, `directory.stale` when nothing may rest on either directory,
        and `key.none-in-use` while our log of the corridor has no key to sign with.
        """
        for state in (self.state, partner):
            require_usable(state, self.standing(state))
        # What is logged without one is never proved to anybody.
        self.keys.log_keys(self.log(partner), self.clock())

    def closed(self, partner: str) -> Refusal | None:
        """Give why nothing new can be taken from a partner now, None when it can."""
        try:
            self.require_usable(partner)
            self.store.require_room()
        except Refusal as refusal:
            return refusal
        return None

    def directories(self, partner: str) -> Sequence[Directory]:
        """Give both directories of a corridor. Refuses `trust.missing`."""
        return self.trust.directory(self.state), self.trust.directory(partner)


def digest(octets: bytes) -> str:
    """Give SHA-256 as the formats write it: base64, 44 characters."""
    return base64.b64encode(hashlib.sha256(octets).digest()).decode("ascii")
