"""Two whole gateways in this process, their ports on real HTTP, and one clock that a test turns."""

import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import requests
from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from certs.demonstration import demonstration_agreements
from gateway.client import client
from gateway.client.profile import Profile, load_profile
from gateway.config.config import load_config
from gateway.delivery.link import Link, submitter_link
from gateway.delivery.push import Pusher
from gateway.exchange.export import export
from gateway.exchange.office import Office
from gateway.proof.evidence_file import check_bundle
from gateway.proof.http_signature import PEER_TAG
from gateway.store import exchange_rows
from gateway.store.scope import WHOLE
from gateway.web.peers import peer_application
from gateway.web.submitters import submitter_application
from gateway.wiring import now as real_now
from gateway.wiring import open_gateway
from gateway.worker.worker import Round, Worker
from tests.support.cluster import given_back
from tests.support.gateways import SAMPLES
from tests.support.stores import stores
from tests.support.written import four_states

CONTRACT = (SAMPLES / "kz/samples/01-esutd-contract-shep-sync.xml").read_bytes()
TO = {"to": "uz.migration-agency", "purpose": "contract-registration"}
RELAY, HANDOVER = timedelta(hours=24), timedelta(hours=48)


@dataclass
class Turned:
    """The clock of both gateways."""

    now: datetime = field(default_factory=real_now)

    def __call__(self) -> datetime:
        return self.now

    def turn(self, **by: float) -> None:
        self.now += timedelta(**by)


class _Silent(WSGIRequestHandler):
    # A connection is kept, as the real server keeps it.
    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002
        del type, message, args


@dataclass
class Port:
    """An application on a port of its own, which a test may close and open again."""

    application: Flask
    number: int
    server: BaseWSGIServer | None = None
    thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.number}"

    def open(self) -> None:
        self.server = make_server(
            "127.0.0.1", self.number, self.application, threaded=True, request_handler=_Silent
        )
        self.server.daemon_threads = True
        self.number = self.server.port
        self.thread = threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )
        self.thread.start()

    def answer_by(self, application: Flask) -> None:
        """Answer by another application from the next request on; connections stay."""
        self.application = application
        if self.server is not None:
            self.server.app = application

    def close(self) -> None:
        if self.server is not None and self.thread is not None:
            self.server.shutdown()
            # The thread closes the socket: the port is free only when it has ended.
            self.thread.join()
            self.server = None


@dataclass
class Side:
    """One state's gateway: its office, ports, worker, and a ministry's system on its API."""

    office: Office
    peer: Port
    api: Port
    profile: Profile
    ministry: Link
    links: dict[str, Link] = field(default_factory=dict)
    worker: Worker = field(init=False)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """A new worker that knows nothing but what is stored."""
        self.worker = Worker(lambda: Round(self.office, self.links))

    def link(self, base: str) -> Link:
        office = self.office
        key = partial(office.keys.certified, "peer")
        session = requests.Session()
        return Link(base, key, lambda _: None, PEER_TAG, office.clock, office.entropy, session)

    def state(self, x: str) -> str:
        with self.office.store.read() as turn:
            found = exchange_rows.exchange(turn, x, WHOLE)
        return "" if found is None else found.state

    def codes(self, x: str) -> list[str]:
        with self.office.store.read() as turn:
            return [codes for codes, _ in exchange_rows.receipts(turn, x, WHOLE)]

    def submit(self, data: bytes = CONTRACT, **parameters: str) -> str:
        told = client.submit(self.ministry, data, **{**TO, **parameters})
        return str(told["records"][0]["exchangeId"])

    def take_and_confirm(self) -> list[Any]:
        taken = client.take(self.ministry)
        if not taken:
            return []
        at = self.office.clock()
        found: list[Any] = client.confirm(self.ministry, self.profile.key, taken, at=at)["items"]
        return found

    def judged(self, x: str) -> tuple[set[str], list[str]]:
        """The codes of what the offline check finds wrong with the bundle, and all its reasons."""
        links = self.links
        data = export(self.office, x, lambda state: links[state], WHOLE)
        claims, _ = check_bundle(data, self.office.trust, self.office.catalogue.mapping)
        return {one.code for one in claims if one.code}, [one.why for one in claims]


@dataclass
class TwoOffices:
    """Kazakhstan, Uzbekistan, and the time."""

    kz: Side
    uz: Side
    clock: Turned
    folder: Path

    def neighbour(self, side: Side, name: str) -> Link:
        """Another authority's system at the gateway of a side."""
        key = load_profile(self.folder / f"profiles/{name}.toml").key
        return submitter_link(side.api.url, key, self.clock, os.urandom)

    def rounds(self, count: int = 3) -> None:
        """Both workers go round, each second a round, so that checkpoints are published too."""
        for _ in range(count):
            for side in (self.kz, self.uz):
                side.worker.round()
            self.clock.turn(seconds=1)


def _agreements() -> Mapping[str, Mapping[str, Any]]:
    return {corridor: _shorter(text) for corridor, text in demonstration_agreements().items()}


def _shorter(found: Any) -> Any:
    hours = {"relayHours": RELAY, "handoverHours": HANDOVER}
    if isinstance(found, dict):
        return {
            name: int(hours[name] / timedelta(hours=1)) if name in hours else _shorter(one)
            for name, one in found.items()
        }
    return [_shorter(one) for one in found] if isinstance(found, list) else found


@contextmanager
def two_offices(folder: Path, databases: Callable[[], str] | None = None) -> Iterator[TwoOffices]:
    section = databases or stores().section
    clock = Turned()
    with given_back(), four_states(folder, _agreements()) as settings:
        for state in ("KZ", "UZ"):
            file = settings[state]
            file.write_text(file.read_text("utf-8") + section(), "utf-8")
        kz = _side(folder, settings["KZ"], "kz.labour-ministry", clock)
        uz = _side(folder, settings["UZ"], "uz.migration-agency", clock)
        kz.links["UZ"], uz.links["KZ"] = kz.link(uz.peer.url), uz.link(kz.peer.url)
        try:
            yield TwoOffices(kz, uz, clock, folder)
        finally:
            for port in (kz.peer, kz.api, uz.peer, uz.api):
                port.close()


def _side(folder: Path, file: Path, name: str, clock: Turned) -> Side:
    config = load_config(file)
    gateway = open_gateway(config)
    pusher = Pusher(clock, (ip_network("127.0.0.0/8"),))
    office = replace(gateway.office, clock=clock, pusher=pusher)
    links: dict[str, Link] = {}
    peer = Port(peer_application(office), config.peer.port)
    api = Port(submitter_application(office, lambda state: links[state]), config.api.port)
    for port in (peer, api):
        port.open()
    profile = load_profile(folder / f"profiles/{name}.toml")
    ministry = submitter_link(api.url, profile.key, clock, os.urandom)
    return Side(office, peer, api, profile, ministry, links)
