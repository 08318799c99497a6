"""Put one gateway together from its settings: the only place where parts meet clock and chance."""

import os
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from gateway.catalogue.catalogue import load_catalogue
from gateway.config.config import Config
from gateway.delivery.link import Link, Tls, peer_link
from gateway.exchange.limits import Limits, Rate
from gateway.exchange.office import Office, Reach
from gateway.model.party import home_log, partner_log
from gateway.proof import note
from gateway.proof.keys import NoteKey, load_certified_key, load_note_key
from gateway.proof.trust_folder import load_trust
from gateway.store.connection import open_store
from gateway.store.day_keys import open_day_keys
from gateway.translation.countries import load_countries

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Gateway:
    """One gateway: its office, the keys only its worker and peer port use, and its partners."""

    office: Office
    config: Config
    logs: Mapping[str, NoteKey]
    witness: NoteKey
    tls: Tls

    def link_to(self, state: str) -> Link:
        """Open a link to a partner's gateway."""
        office = self.office
        base = self.config.partners[state]
        key = load_certified_key(self.config.keys / "peer.key", self.config.keys / "peer.pem")
        return peer_link(base, key, self.tls, office.clock, office.entropy)


def now() -> datetime:
    """Read the system's clock."""
    return datetime.now(UTC)


def open_gateway(config: Config) -> Gateway:
    """Open stores, keys and trust. KeyFileError, StoreError or Refusal when one is not sound."""
    keys = config.keys
    config.day_keys.parent.mkdir(parents=True, exist_ok=True)
    office = Office(
        state=config.state,
        name=config.name,
        store=open_store(config.database),
        day_keys=open_day_keys(config.day_keys, keys / "master.key", os.urandom),
        trust=load_trust(config.trust),
        catalogue=load_catalogue(ROOT / "schemas"),
        countries=load_countries(ROOT / "adapters"),
        seal_key=load_certified_key(keys / "seal.key", keys / "seal.pem"),
        evidence_key=load_certified_key(keys / "evidence.key", keys / "evidence.pem"),
        clock=now,
        entropy=os.urandom,
        reach=_reach(config.kill_at),
        limits=_limits(config),
    )
    logs = {
        state: _log(config, partner_log(config.name, config.state, state))
        for state in config.partners
    }
    logs["home"] = _log(config, home_log(config.name))
    witness = load_note_key(
        keys / "witness.key", name=f"{config.name}/witness", kind=note.COSIGNER_KEY
    )
    tls = Tls(keys / "tls.pem", keys / "tls.key", partner_roots(config))
    return Gateway(office, config, logs, witness, tls)


def partner_roots(config: Config) -> Path:
    """Write the roots of all states into one file, as TLS libraries want them; gives the file."""
    data = b"".join(one.read_bytes() for one in sorted((config.trust / "roots").glob("*.pem")))
    file = config.data / "partner-roots.pem"
    config.data.mkdir(parents=True, exist_ok=True)
    temporary = file.with_name(f"{file.name}.{os.getpid()}")
    temporary.write_bytes(data)
    temporary.replace(file)
    return file


def _log(config: Config, origin: str) -> NoteKey:
    # gw.kz.example/log/kz-uz stands as log-uz.key, the home log as log-home.key.
    name = origin.rpartition("/")[2].removeprefix(f"{config.state.lower()}-")
    return load_note_key(config.keys / f"log-{name}.key", name=origin, kind=note.LOG_KEY)


def _limits(config: Config) -> Limits:
    told = {name: Rate(*rate) for name, rate in config.rates.items()}
    return Limits(config.data / "limits", told.pop(""), told)


def _reach(kill_at: str) -> Reach:
    if not kill_at:
        return lambda _name: None
    return lambda name: os.kill(os.getpid(), signal.SIGKILL) if name == kill_at else None
