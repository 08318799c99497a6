"""What each step of a record's way costs: both gateways in this process, called without sockets.

Processor time of one thread counts, so that other load on the machine hardly matters. Every batch
is preceded by a fixed loop, and costs are given in microseconds a record and in units of the loop.
`python -m tests.bench.steps [records] [batches] [profile STEP]`; `profile` prints where one step
spends its time.
"""

import cProfile
import hashlib
import json
import os
import pstats
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from certs.demonstration import demonstration_agreements, demonstration_states
from certs.states import write_states
from gateway.client import client
from gateway.client.profile import load_profile
from gateway.config.config import load_config
from gateway.delivery.link import Reply, peer_link, submitter_link
from gateway.exchange.deliver import deliver
from gateway.proof.http_signature import Request, sign_request
from gateway.web.door import _call
from gateway.web.peers import peer_application
from gateway.web.submitters import submitter_application
from gateway.wiring import Gateway, now, open_gateway
from tests.bench.load import Numbers

TO = {"to": "kz.labour-ministry", "purpose": "contract-registration"}


@dataclass
class Spent:
    """Processor time by step; what a step asks of another side is counted there only."""

    seconds: dict[str, float] = field(default_factory=dict)
    walls: dict[str, float] = field(default_factory=dict)
    inner: list[float] = field(default_factory=lambda: [0.0])
    profiled: str = ""
    profile: cProfile.Profile = field(default_factory=cProfile.Profile)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Count a block."""
        self.inner.append(0.0)
        chosen = name == self.profiled
        begun, wall = time.thread_time(), time.perf_counter()
        if chosen:
            self.profile.enable()
        try:
            yield
        finally:
            if chosen:
                self.profile.disable()
            whole = time.thread_time() - begun
            own = whole - self.inner.pop()
            self.inner[-1] += whole
            self.seconds[name] = self.seconds.get(name, 0.0) + own
            self.walls[name] = self.walls.get(name, 0.0) + time.perf_counter() - wall


class _Direct:
    """A link whose other side is an application in this process."""

    def __init__(self, link: Any, application: Any, spent: Spent, side: str) -> None:
        self.link, self.application, self.spent, self.side = link, application, spent, side
        self.base = link.base

    def get(self, target: str, accept: str = "*/*") -> Reply:
        return self._call("GET", target, None, {"accept": accept})

    def post(
        self, target: str, body: bytes, media_type: str, idempotency: str | None = None
    ) -> Reply:
        key = idempotency or os.urandom(16).hex()
        return self._call(
            "POST", target, body, {"content-type": media_type, "idempotency-key": key}
        )

    def _call(self, method: str, target: str, body: bytes | None, headers: dict[str, str]) -> Reply:
        path, _, query = target.partition("?")
        host = urlsplit(self.base).netloc
        request = Request(method, host, path, query, headers, body)
        at = now()
        nonce = os.urandom(16).hex()
        added = sign_request(
            request, self.link.key(at), created=int(at.timestamp()), nonce=nonce, tag=self.link.tag
        )
        with self.spent.step(f"{self.side} {method} {path}"):
            environ = _environ(request, {**headers, **added, "host": host})
            status, fields, octets = _call(self.application, environ)
        return Reply(status, dict(fields).get("content-type", ""), octets)


def _environ(request: Request, headers: dict[str, str]) -> dict[str, Any]:
    from io import BytesIO

    body = request.body or b""
    host, _, port = request.authority.rpartition(":")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": request.path,
        "QUERY_STRING": request.query,
        "SERVER_PROTOCOL": "HTTP/1.1",
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in headers.items():
        key = name.upper().replace("-", "_")
        environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value
    return environ


def reference() -> float:
    """Give the processor time of a fixed loop, in seconds: hashing, dicts, JSON."""
    octets, begun = b"x" * 4096, time.thread_time()
    for number in range(4000):
        hashlib.sha256(octets).digest()
        json.dumps({"a": number, "b": str(number), "c": [number] * 4})
    return time.thread_time() - begun


def run(records: int, batches: int, profiled: str = "") -> Spent:
    """Take batches of so many records the whole way; gives what each step spent."""
    spent = Spent()
    with tempfile.TemporaryDirectory(prefix="lmx-steps-") as folder:
        once, size, _ = opened(Path(folder), states(Path(folder)), spent, records)
        for _ in range(2):
            once()
        spent.seconds.clear()
        spent.walls.clear()
        spent.profiled = profiled
        loops, costs = [], []
        before = size()
        for _ in range(batches):
            loop = reference()
            spent.seconds, total = {}, spent.seconds
            once()
            loops.append(loop)
            costs.append(dict(spent.seconds))
            for name, one in total.items():
                spent.seconds[name] = spent.seconds.get(name, 0.0) + one
        grown = {name: (one - before[name]) / records / batches for name, one in size().items()}
        _tell(records, loops, costs, grown)
    return spent


def states(folder: Path) -> dict[str, Path]:
    """Write four states; gives the settings of their gateways."""
    return write_states(
        folder,
        demonstration_states(20000),
        demonstration_agreements(),
        at=now(),
        entropy=os.urandom,
    )


def opened(
    folder: Path, settings: dict[str, Path], spent: Spent, records: int, used: int = 0
) -> tuple[Callable[[], None], Callable[[], dict[str, int]], dict[str, Gateway]]:
    """Open both gateways; gives what takes one batch the whole way, their sizes, and them.

    used: how many contract numbers were used in these stores before.
    """
    sides: dict[str, Gateway] = {}
    for state in ("TJ", "KZ"):
        sides[state] = open_gateway(load_config(settings[state]))
    peers = {one: peer_application(found.office) for one, found in sides.items()}
    apis = {
        one: submitter_application(found.office, lambda _: None)  # type: ignore[arg-type, return-value]
        for one, found in sides.items()
    }
    offices = {one: found.office for one, found in sides.items()}

    def peer(own: str, other: str) -> Any:
        office = offices[own]
        link = peer_link(f"http://{other}:1", office.keys, Path(), office.clock, os.urandom)
        return _Direct(link, peers[other], spent, other)

    to_kz, to_tj = peer("TJ", "KZ"), peer("KZ", "TJ")
    profiles = {
        one: load_profile(folder / f"profiles/{name}.toml")
        for one, name in (("TJ", "tj.migration-service"), ("KZ", "kz.labour-ministry"))
    }
    ministries = {
        one: _Direct(submitter_link(found.url, found.key, now, os.urandom), apis[one], spent, one)
        for one, found in profiles.items()
    }
    numbers = Numbers(used)

    def once() -> None:
        file = numbers.file(records)
        answer = client.submit(ministries["TJ"], file, **TO)  # type: ignore[arg-type]
        assert len(answer["records"]) == records
        sent = 0
        while sent < records:
            with spent.step("TJ deliver messages"):
                sent += sum(one.answered for one in deliver(offices["TJ"], to_kz, "KZ"))
        taken = client.take(ministries["KZ"], limit=200)  # type: ignore[arg-type]
        assert len(taken) == records, len(taken)
        client.confirm(ministries["KZ"], profiles["KZ"].key, taken, at=now())  # type: ignore[arg-type]
        sent = 0
        while sent < records:
            with spent.step("KZ deliver receipts"):
                sent += sum(one.answered for one in deliver(offices["KZ"], to_tj, "TJ"))

    def size() -> dict[str, int]:
        # The log file holds pages twice; what is used in the end counts.
        found = {}
        for one, side in sides.items():
            with side.office.store.read() as turn:
                pages, free, size = (
                    turn.core.exec_driver_sql(f"PRAGMA {name}").scalar_one()
                    for name in ("page_count", "freelist_count", "page_size")
                )
                found[one] = (pages - free) * size
        return found

    return once, size, sides


def _tell(
    records: int, loops: list[float], costs: list[dict[str, float]], grown: dict[str, float]
) -> None:
    loop = statistics.median(loops)
    whole = 0.0
    for name in sorted({name for one in costs for name in one}):
        found = [one.get(name, 0.0) for one in costs]
        each = statistics.median(found) / records * 1e6
        ratio = statistics.median(a / b for a, b in zip(found, loops, strict=True)) / records * 1e3
        whole += each
        print(f"{name:32} {each:9.0f} us a record {ratio:8.2f} milliloops")
    total = [sum(one.values()) / loop for one, loop in zip(costs, loops, strict=True)]
    print(
        f"{'both gateways':32} {whole:9.0f} us a record "
        f"{statistics.median(total) / records * 1e3:8.2f} milliloops "
        f"({min(total) / records * 1e3:.2f} to {max(total) / records * 1e3:.2f}); "
        f"loop {loop * 1e6:.0f} us; bytes a record { ({k: round(v) for k, v in grown.items()}) }"
    )


def main() -> None:
    """Run and print."""
    words = sys.argv[1:]
    step = ""
    if "profile" in words:
        at = words.index("profile")
        step = " ".join(words[at + 1 :])
        words = words[:at]
    records, batches = (
        (int(one) for one in [*words, "50", "6"][:2]) if len(words) != 1 else (int(words[0]), 6)
    )
    spent = run(records, batches, step)
    if step:
        found = pstats.Stats(spent.profile)
        found.sort_stats("cumulative").print_stats(60)
        found.sort_stats("tottime").print_stats(35)


if __name__ == "__main__":
    main()
