"""Put one gateway together from its settings: the only place where parts meet clock and chance."""

import os
import signal
import threading
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from gateway.catalogue.catalogue import load_catalogue
from gateway.config.config import Config
from gateway.delivery.link import Link, Tls, peer_link
from gateway.directory.live import Known, LiveTrust
from gateway.exchange.office import Office, Reach
from gateway.proof import note
from gateway.proof.certificate import pem
from gateway.proof.keys import KeyFileError, NoteKey, load_certified_key, load_note_key
from gateway.proof.trust_folder import Trust
from gateway.store.connection import open_store
from gateway.store.day_keys import open_day_keys
from gateway.translation.countries import load_countries

PARTNER_ROOTS = "partner-roots.pem"
ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Gateway:
    """One gateway: its office, the keys only its worker and peer port use, and its partners."""

    office: Office
    config: Config
    witness: NoteKey
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
        """Give the states whose gateway's address is known, by settings or by its directory."""
        own = self.config.state
        directories = self.office.trust.directories
        return [one for one in sorted(directories) if one != own and self._endpoint(one)]

    @property
    def roots(self) -> Path:
        """Give the file of all states' roots, for TLS."""
        return self.config.data / PARTNER_ROOTS

    def link_to(self, state: str) -> Link:
        """Open a link to a partner's gateway."""
        office, keys = self.office, self.config.keys
        base = self._endpoint(state)
        if (state, base) not in self.links:
            key = load_certified_key(keys / "peer.key", keys / "peer.pem")
            tls = Tls(keys / "tls.pem", keys / "tls.key", self.config.data / PARTNER_ROOTS)
            link = peer_link(base, key, tls, office.clock, office.entropy)
            self.links[state, base] = link
        return self.links[state, base]

    def log_key(self, partner: str) -> NoteKey:
        """Give the key of our log for a partner, or of the home log. KeyFileError if missing."""
        origin = self.office.home if partner == "home" else self.office.log(partner)
        return _log(self.config, origin)

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


def open_gateway(config: Config) -> Gateway:
    """Open stores, keys and trust. KeyFileError, StoreError or Refusal when one is not sound."""
    keys = config.keys
    config.day_keys.parent.mkdir(parents=True, exist_ok=True)
    live = LiveTrust(config.trust)
    known = live.now()
    office = Office(
        state=config.state,
        name=config.name,
        store=open_store(config.database),
        day_keys=open_day_keys(config.day_keys, keys / "master.key", os.urandom),
        trust=known.trust,
        failing=known.failing,
        catalogue=load_catalogue(ROOT / "schemas"),
        countries=load_countries(ROOT / "adapters"),
        seal_key=load_certified_key(keys / "seal.key", keys / "seal.pem"),
        evidence_key=load_certified_key(keys / "evidence.key", keys / "evidence.pem"),
        clock=now,
        entropy=os.urandom,
        reach=_reach(config.kill_at),
    )
    for origin in (office.home, *(office.log(state) for state in config.partners)):
        _log(config, origin)
    load_certified_key(keys / "peer.key", keys / "peer.pem")
    witness = load_note_key(
        keys / "witness.key", name=f"{config.name}/witness", kind=note.COSIGNER_KEY
    )
    partner_roots(config, known.trust)
    return Gateway(office, config, witness, live, known, {})


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


def _log(config: Config, origin: str) -> NoteKey:
    # gw.kz.example/log/kz-uz stands as log-uz.key, the home log as log-home.key.
    name = origin.rpartition("/")[2].removeprefix(f"{config.state.lower()}-")
    file = config.keys / f"log-{name}.key"
    if not file.exists():
        raise KeyFileError(
            f"{file} is missing: {origin} has no key. Make it with lmx keys, list its verifier key "
            "in member/gateway.json and publish the directory."
        )
    return load_note_key(file, name=origin, kind=note.LOG_KEY)


def _reach(kill_at: str) -> Reach:
    if not kill_at:
        return lambda _name: None
    return lambda name: os.kill(os.getpid(), signal.SIGKILL) if name == kill_at else None
