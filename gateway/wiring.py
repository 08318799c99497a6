"""Put one gateway together from its settings: the only place where parts meet clock and chance."""

import functools
import os
import signal
import threading
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from gateway.catalogue.catalogue import Catalogue, load_catalogue
from gateway.config.config import Config
from gateway.delivery.bell import NAME, Bell
from gateway.delivery.link import Link, Route, peer_link
from gateway.delivery.push import Pusher
from gateway.directory.live import Known, LiveTrust
from gateway.exchange.limits import PARTNER, Limits, Rate
from gateway.exchange.office import Office, Reach
from gateway.exchange.parked import ParkedLink
from gateway.proof.certificate import pem
from gateway.proof.key_folder import KeyFolder
from gateway.proof.trust_folder import Trust
from gateway.store.connection import load_driver, open_store
from gateway.store.day_keys import open_day_keys
from gateway.translation.countries import Countries, load_countries

PARTNER_ROOTS = "partner-roots.pem"
ROOT = Path(__file__).resolve().parents[1]
OWN_ROLES = ("seal", "evidence", "peer", "tls")


@dataclass(frozen=True, slots=True)
class Standard:
    """What is the same for every gateway: the record types and the layouts of all countries."""

    catalogue: Catalogue
    countries: Countries


@dataclass(frozen=True, slots=True)
class Gateway:
    """One gateway: its office and its partners."""

    office: Office
    config: Config
    live: LiveTrust
    known: Known
    links: dict[tuple[str, str], Link]

    def now(self) -> "Gateway":
        """Give the gateway with the trust as it stands now; itself while nothing changed."""
        known = self.live.now()
        if known is self.known:
            return self
        partner_roots(self.config, known.trust)
        office = replace(self.office, trust=known.trust, failing=known.failing)
        # Links are opened anew: their sessions have read the partners' roots.
        return replace(self, office=office, known=known, links={})

    @property
    def partners(self) -> list[str]:
        """Give the states whose gateway's address is known, by settings or by its directory.

        Without those that fetch from us, and those that have left: nobody answers there, and what
        still waits for them ends with its deadline.
        """
        gone = {self.config.state, *self.config.pulled_by, *self.known.left}
        others = self.office.trust.directories.keys() - gone
        return [one for one in sorted(others) if self._endpoint(one)]

    @property
    def pulled_by(self) -> list[str]:
        """Give the partners that fetch what waits for them, once their directory is here."""
        return [one for one in self.config.pulled_by if one in self.office.trust.directories]

    @property
    def roots(self) -> Path:
        """Give the file of all states' roots, for TLS."""
        return self.config.data / PARTNER_ROOTS

    def route(self, state: str) -> Route:
        """Give how a partner is reached that may fetch from us."""
        if state in self.config.pulled_by:
            return ParkedLink(self.office, state, time.sleep)
        return self.link_to(state)

    def link_to(self, state: str) -> Link:
        """Open a link to a partner's gateway."""
        office = self.office
        base = self._endpoint(state)
        if (state, base) not in self.links:
            link = peer_link(base, office.keys, self.roots, office.clock, office.entropy)
            self.links[state, base] = link
        return self.links[state, base]

    def _endpoint(self, state: str) -> str:
        found = self.config.partners.get(state)
        if found is None:
            directory = self.office.trust.directories.get(state)
            endpoints = {} if directory is None else directory.gateway.get("endpoints", {})
            found = str(endpoints.get("peer", ""))
        return found


class Newest:
    """Gives the gateway as it stands now; each process that works for long holds one."""

    def __init__(self, gateway: Gateway) -> None:
        """Begin with an opened gateway."""
        self._gateway = gateway
        self._lock = threading.Lock()

    def gateway(self) -> Gateway:
        """Give the gateway with the newest trust: the same object while nothing changed."""
        with self._lock:
            self._gateway = self._gateway.now()
            return self._gateway

    def office(self) -> Office:
        """Give the office with the newest trust."""
        return self.gateway().office


def now() -> datetime:
    """Read the system's clock."""
    return datetime.now(UTC)


@functools.cache
def standard() -> Standard:
    """Compile the record types and load all layouts, once; what is forked off later shares them."""
    return Standard(load_catalogue(ROOT / "schemas"), load_countries(ROOT / "adapters"))


def load_shared(config: Config) -> None:
    """Have what every process of a gateway needs before they are forked; opens nothing."""
    standard()
    load_driver(config.database)


def open_gateway(config: Config) -> Gateway:
    """Open stores, keys and trust. KeyFileError, StoreError or Refusal when one is not sound."""
    keys = config.keys
    folder = KeyFolder(keys)
    config.data.mkdir(parents=True, exist_ok=True)
    if isinstance(config.day_keys, Path):
        config.day_keys.parent.mkdir(exist_ok=True)
    live = LiveTrust(config.trust)
    known = live.now()
    office = Office(
        state=config.state,
        name=config.name,
        store=open_store(config.database),
        day_keys=open_day_keys(config.day_keys, keys / "master.key", os.urandom, now),
        trust=known.trust,
        failing=known.failing,
        catalogue=standard().catalogue,
        countries=standard().countries,
        keys=folder,
        clock=now,
        entropy=os.urandom,
        reach=_reach(config.kill_at),
        limits=_limits(config),
        pusher=Pusher(now, config.webhooks.allow, config.webhooks.roots),
        ring=Bell(config.data / NAME).ring,
    )
    _require_keys(office, config)
    partner_roots(config, known.trust)
    return Gateway(office, config, live, known, {})


def partner_roots(config: Config, trust: Trust) -> Path:
    """Write the roots of all states into one file, as TLS libraries want them; gives the file."""
    data = b"".join(pem(trust.directories[one].roots) for one in sorted(trust.directories))
    file = config.data / PARTNER_ROOTS
    config.data.mkdir(parents=True, exist_ok=True)
    if file.exists() and file.read_bytes() == data:
        return file
    temporary = file.with_name(f"{file.name}.{os.getpid()}")
    temporary.write_bytes(data)
    temporary.replace(file)
    return file


def _require_keys(office: Office, config: Config) -> None:
    at = office.clock()
    for role in OWN_ROLES:
        office.keys.certified(role, at)
    office.keys.witness_keys(config.name, at)
    for origin in (office.home, *(office.log(state) for state in config.partners)):
        office.keys.log_keys(origin, at)


def _limits(config: Config) -> Limits:
    told = {name: Rate(*rate) for name, rate in config.rates.items()}
    every, partner = told.pop(""), told.pop("partners", PARTNER)
    limits = Limits(config.data / "limits", every, told, partner)
    limits.lay_out()
    return limits


def _reach(kill_at: str) -> Reach:
    if not kill_at:
        return lambda _name: None
    return lambda name: os.kill(os.getpid(), signal.SIGKILL) if name == kill_at else None
