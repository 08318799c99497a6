"""A process between two gateways that loses, doubles and reorders records, over real TLS.

It listens with the TLS key of the gateway it hides, and asks on with the keys of the one that asks,
so that all it does to a record reaches the partner in signed requests, as a network between two
honest gateways would have it after their repeats.

Run: python -m tests.support.fault_proxy PORT ASKING.toml HIDDEN.toml REPORT.json
"""

import argparse
import base64
import json
import os
import random
import ssl
import threading
from collections import Counter
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import requests

from gateway.config.config import Config, load_config
from gateway.delivery.link import Link, UnreachableError, peer_link
from gateway.proof.canonical import canonical_json
from gateway.proof.key_folder import KeyFolder
from gateway.proof.trust_folder import load_trust
from gateway.wiring import now, partner_roots

JSON = "application/json"
BATCHES = ("/peer/v1/messages", "/peer/v1/receipts")
LOST, DOUBLED, REORDERED = 0.2, 0.3, 0.3
# Of whole answers to a batch.
ANSWERS_LOST = 0.05
Items = list[dict[str, Any]]


@dataclass
class Faults:
    """What becomes of each item: drawn once, when it first comes; counts tell what was done."""

    link: Link
    report: Path
    chance: random.Random
    counts: Counter[str] = field(default_factory=Counter)
    seen: set[str] = field(default_factory=set)
    late: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def pass_on(self, path: str, items: Items) -> Items | None:
        """Give what the asking side is to see as the answer, None for none at all."""
        with self.lock:
            going, doubled, forgotten = self._drawn(path, items)
            earlier, self.late = self.late[: len(self.late) // 2], self.late[len(self.late) // 2 :]
        self.chance.shuffle(going)
        answers = self._post(path, going)
        self._post(path, doubled)
        for way in BATCHES:
            self._post(way, [item for one, item in earlier if one == way])
        self.report.write_text(json.dumps(self.counts), "utf-8")
        if self.chance.random() < ANSWERS_LOST:
            self.counts["answers lost"] += 1
            return None
        return [one for one in answers if one.get("x") not in forgotten]

    def _drawn(self, path: str, items: Items) -> tuple[Items, Items, set[str]]:
        going, doubled, forgotten = [], [], set[str]()
        for item in items:
            name = _name(item)
            if name in self.seen:
                going.append(item)
                continue
            self.seen.add(name)
            self.counts["items"] += 1
            if self.chance.random() < DOUBLED:
                self.counts["doubled"] += 1
                doubled.append(item)
            if self.chance.random() < LOST:
                self.counts["lost"] += 1
                # On the way there, or on the way back.
                if self.chance.random() < 0.5:
                    continue
                forgotten.add(_x(item))
                going.append(item)
            elif self.chance.random() < REORDERED / (1 - LOST):
                self.counts["reordered"] += 1
                self.late.append((path, item))
            else:
                going.append(item)
        return going, doubled, forgotten

    def _post(self, path: str, items: Items) -> Items:
        if not items:
            return []
        reply = self.link.post(path, canonical_json({"items": items}), JSON)
        found: Items = json.loads(reply.body)["items"] if reply.status == 200 else []
        return found


def _x(item: dict[str, Any]) -> str:
    if "seal" not in item:
        return str(item["x"])
    text = item["seal"].split(".")[1]
    return str(json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))["exchangeId"])


def _name(item: dict[str, Any]) -> str:
    return f"{_x(item)} {len(item.get('receipts', ()))}"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    faults: Faults
    session: requests.Session
    base: str

    def do_GET(self) -> None:
        self._forward(None)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        if self.path not in BATCHES:
            self._forward(body)
            return
        try:
            answers = self.faults.pass_on(self.path, json.loads(body)["items"])
        except UnreachableError:
            answers = None
        if answers is None:
            self.close_connection = True
            return
        self._answer(200, JSON, canonical_json({"items": answers}))

    def _forward(self, body: bytes | None) -> None:
        # As it came, Host included: the signature is over it.
        headers = dict(self.headers.items())
        found = self.session.request(
            self.command, self.base + self.path, data=body, headers=headers, timeout=30
        )
        self._answer(found.status_code, found.headers.get("content-type", ""), found.content)

    def _answer(self, status: int, media_type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("content-type", media_type)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        return


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a caller that went away is what this program is for."""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    for name in ("asking", "hidden", "report"):
        parser.add_argument(name, type=Path)
    told = parser.parse_args()
    asking, hidden = load_config(told.asking), load_config(told.hidden)
    base = f"https://{hidden.peer}"
    link = peer_link(base, KeyFolder(asking.keys), _roots(asking), now, os.urandom)
    Handler.base, Handler.session = base, requests.Session()
    Handler.session.verify, Handler.session.trust_env = str(_roots(asking)), False
    Handler.session.cert = link.client(now())
    Handler.faults = Faults(link, told.report, random.Random())  # noqa: S311 no secret
    server = Server(("127.0.0.1", told.port), Handler)
    server.socket = _context(hidden).wrap_socket(server.socket, server_side=True)
    server.serve_forever()


def _context(config: Config) -> ssl.SSLContext:
    own, _ = KeyFolder(config.keys).certified_generation("tls", now())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own.chain_file, own.private_file)
    context.load_verify_locations(_roots(config))
    context.verify_mode = ssl.CERT_REQUIRED
    return context


def _roots(config: Config) -> Path:
    return partner_roots(config, load_trust(config.trust))


if __name__ == "__main__":
    main()
