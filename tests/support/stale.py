"""A gateway of Kazakhstan that goes on with keys of before, and what its partner answers to it."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gateway.client import client
from gateway.config.config import Config, load_config
from gateway.delivery.link import submitter_link
from gateway.exchange.handover import opened
from gateway.proof.canonical import canonical_json
from gateway.proof.key_folder import read_windows, write_windows
from gateway.store import exchange_rows
from gateway.store.scope import WHOLE
from gateway.wiring import now, open_gateway
from tests.support.gateways import answers, until
from tests.support.rotation import ACTORS, CONTRACT, TO, Pair


def only(keys: Path, folder: Path, stem: str) -> Path:
    """Copy a folder of keys in which one role has one key alone, without a window."""
    role = stem.removesuffix("-2")
    shutil.copytree(keys, folder, ignore=shutil.ignore_patterns("directory"))
    stems = (role, f"{role}-2")
    windows = {name: one for name, one in read_windows(folder).items() if name not in stems}
    write_windows(folder, windows)
    for name in stems:
        if name != stem:
            (folder / f"{name}.key").unlink(missing_ok=True)
    return folder


def copy_of_trust(made: Pair, folder: Path) -> Path:
    """Copy what KZ's gateway trusts now, without what it keeps about asking."""
    shutil.copytree(made.config("KZ").trust, folder, ignore=shutil.ignore_patterns("follow"))
    return folder


@contextmanager
def stale(made: Pair, folder: Path, keys: Path, trust: Path | None = None) -> Iterator[Config]:
    """Run the API of a second gateway of KZ on other keys, which follows no directory.

    trust: a copy of the trust folder; the gateway's own if not given.
    """
    file, name = made.made.settings["KZ"], folder.name
    text = file.read_text("utf-8").partition("[directory]")[0]
    text = text.replace('keys = "keys"', f'keys = "{keys}"')
    text = text.replace('data = "data"', f'data = "{folder}/data"')
    if trust is not None:
        text = text.replace('trust = "trust"', f'trust = "{trust}"')
    api = made.config("KZ").api
    text = text.replace(f"port = {api.port}\n", f"port = {api.port + 5}\n")
    settings = file.with_name(f"{name}.toml")
    settings.write_text(text, "utf-8")
    made.made.settings[name] = settings
    made.made.start(name, "--only", "api")
    try:
        yield load_config(settings)
    finally:
        made.made.running[name].terminate()
        made.made.ended(name)


def answer_to(made: Pair, config: Config) -> dict[str, Any]:
    """Submit a record to a gateway, and give what its partner answers to the sealed message."""
    profile, _ = made.made.actor(ACTORS["KZ"])
    link = submitter_link(f"http://{config.api}", profile.key, now, os.urandom)
    until(lambda: answers(link), "the stale gateway")
    x = client.submit(link, CONTRACT, **TO)["records"][0]["exchangeId"]
    gateway = open_gateway(config)
    office = gateway.office
    with office.store.read() as turn:
        exchange = exchange_rows.exchange(turn, x, WHOLE)
        ((_, receipt),) = exchange_rows.receipts(turn, x, WHOLE)
        transfer = opened(office, turn, x, "transfer", WHOLE).decode("utf-8")
    assert exchange is not None
    item = {"seal": exchange.seal, "transfer": transfer, "receipt": receipt}
    body = canonical_json({"items": [item]})
    reply = gateway.link_to("UZ").post("/peer/v1/messages", body, "application/json")
    (told,) = json.loads(reply.body)["items"]
    return dict(told)
