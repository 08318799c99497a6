"""Put one gateway together from its settings: the only place where parts meet clock and chance."""

import os
import signal
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from gateway.catalogue.catalogue import load_catalogue
from gateway.config.config import Config
from gateway.delivery.link import Link, peer_link
from gateway.exchange.office import Office, Reach
from gateway.proof.key_folder import KeyFolder
from gateway.proof.keys import NoteKey
from gateway.proof.trust_folder import load_trust
from gateway.store.connection import open_store
from gateway.store.day_keys import open_day_keys
from gateway.translation.countries import load_countries

ROOT = Path(__file__).resolve().parents[1]
OWN_ROLES = ("seal", "evidence", "peer", "tls")


@dataclass(frozen=True, slots=True)
class Gateway:
    """One gateway: its office, its settings, its witness key, and the partners' roots."""

    office: Office
    config: Config
    witness: NoteKey
    roots: Path

    def link_to(self, state: str) -> Link:
        """Open a link to a partner's gateway."""
        office = self.office
        base = self.config.partners[state]
        return peer_link(base, office.keys, self.roots, office.clock, office.entropy)


def now() -> datetime:
    """Read the system's clock."""
    return datetime.now(UTC)


def open_gateway(config: Config) -> Gateway:
    """Open stores, keys and trust. KeyFileError, StoreError or Refusal when one is not sound."""
    keys = config.keys
    folder = KeyFolder(keys)
    config.day_keys.parent.mkdir(parents=True, exist_ok=True)
    office = Office(
        state=config.state,
        name=config.name,
        store=open_store(config.database),
        day_keys=open_day_keys(config.day_keys, keys / "master.key", os.urandom),
        trust=load_trust(config.trust),
        catalogue=load_catalogue(ROOT / "schemas"),
        countries=load_countries(ROOT / "adapters"),
        keys=folder,
        clock=now,
        entropy=os.urandom,
        reach=_reach(config.kill_at),
    )
    _require_keys(office, config)
    return Gateway(office, config, folder.witness(config.name), partner_roots(config))


def partner_roots(config: Config) -> Path:
    """Write the roots of all states into one file, as TLS libraries want them; gives the file."""
    data = b"".join(one.read_bytes() for one in sorted((config.trust / "roots").glob("*.pem")))
    file = config.data / "partner-roots.pem"
    config.data.mkdir(parents=True, exist_ok=True)
    temporary = file.with_name(f"{file.name}.{os.getpid()}")
    temporary.write_bytes(data)
    temporary.replace(file)
    return file


def _require_keys(office: Office, config: Config) -> None:
    at = office.clock()
    for role in OWN_ROLES:
        office.keys.certified(role, at)
    for origin in (office.home, *(office.log(state) for state in config.partners)):
        office.keys.log_keys(origin, at)


def _reach(kill_at: str) -> Reach:
    if not kill_at:
        return lambda _name: None
    return lambda name: os.kill(os.getpid(), signal.SIGKILL) if name == kill_at else None
