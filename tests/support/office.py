"""One office of Uzbekistan on a real store, with a trust folder that a test may publish into."""

import os
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from certs.key_files import write_certified_key, write_private
from gateway.delivery.push import Pusher
from gateway.exchange.limits import Limits, Rate
from gateway.exchange.office import Office
from gateway.proof.key_folder import KeyFolder
from gateway.proof.trust_folder import Trust
from gateway.store.connection import open_store
from gateway.store.day_keys import open_day_keys
from gateway.translation import load_countries
from tests.support.evidence import AT, NAMES, log_key
from tests.support.pki import key
from tests.support.schemas import SCHEMAS, catalogue
from tests.support.stores import Stores, stores


def office_of(state: str, folder: Path, trust: Trust, at_stores: Stores | None = None) -> Office:
    place = (at_stores or stores()).place
    master = folder / "master.key"
    master.write_bytes(bytes(32))
    master.chmod(0o600)
    keys = folder / "keys"
    for role in ("seal", "evidence"):
        write_certified_key(keys / role, key(state, role))
    for partner in NAMES:
        write_private(keys / f"log-{partner.lower()}.key", log_key(state).private)
    return Office(
        state=state,
        name=NAMES[state],
        store=open_store(place(folder / "lmx.db")),
        day_keys=open_day_keys(place(folder / "keys.db"), master, os.urandom, lambda: AT),
        trust=trust,
        catalogue=catalogue(),
        countries=load_countries(SCHEMAS.parent / "adapters"),
        keys=KeyFolder(keys),
        clock=lambda: AT,
        entropy=os.urandom,
        reach=lambda _name: None,
        limits=Limits(folder / "limits", Rate(60, 1024)),
        pusher=Pusher(lambda: AT),
    )


def at(office: Office, instant: datetime) -> Office:
    return replace(office, clock=lambda: instant)
