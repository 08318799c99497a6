"""A link keeps its connection, sends what it signed, and gives up what does not answer."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import urllib3

from gateway.delivery import link
from gateway.delivery.link import Link, UnreachableError, submitter_link
from gateway.proof.http_signature import Request, read_signature, verify_request
from tests.support.pki import AT, key

ANSWER = b'{"stored":true}'


class Server(ThreadingHTTPServer):
    """Remembers which connection brought what."""

    daemon_threads = True
    answer = ANSWER
    fields: tuple[tuple[str, str], ...] = ()

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.came: list[tuple[Any, Request]] = []

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self._take(body)

    def do_GET(self) -> None:
        self._take(None)

    def _take(self, body: bytes | None) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        path, _, query = self.path.partition("?")
        asked = Request(self.command, headers["host"], path, query, headers, body)
        self.server.came.append((self.client_address, asked))
        self.send_response(503 if self.server.fields else 200)
        for name, value in (*self.server.fields, ("content-type", "application/json")):
            self.send_header(name, value)
        self.send_header("content-length", str(len(self.server.answer)))
        self.end_headers()
        self.wfile.write(self.server.answer)

    def log_message(self, *_: Any) -> None:
        return


@contextmanager
def serving() -> Iterator[Server]:
    found = Server()
    thread = threading.Thread(target=found.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield found
    finally:
        found.shutdown()
        thread.join()
        found.server_close()


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as found:
        yield found


def to(base: str) -> Link:
    return submitter_link(base, key("KZ", "peer"), lambda: AT, lambda size: b"\x07" * size)


def test_what_is_signed_is_what_comes(server: Server) -> None:
    reply = to(server.base).post("/v1/x?to=a.b&purpose=c%20d", b"a;b", "text/csv", "once")
    assert (reply.status, reply.media_type, reply.body) == (200, "application/json", ANSWER)
    ((_, came),) = server.came
    verified = verify_request(came, read_signature(came), key("KZ", "peer").certificate, at=AT)
    assert (verified.claimed.request.body, came.headers["idempotency-key"]) == (b"a;b", "once")


def test_requests_go_over_one_connection(server: Server) -> None:
    found = to(server.base)
    for _ in range(2):
        found.post("/v1/x", b"a", "text/csv")
        found.get("/v1/x")
    assert len({connection for connection, _ in server.came}) == 1


def test_a_path_of_the_base_is_sent_and_not_signed(server: Server) -> None:
    # What stands before a gateway takes it off again.
    to(f"{server.base}/lmx").get("/v1/x?a=b")
    ((_, came),) = server.came
    assert (came.path, came.query) == ("/lmx/v1/x", "a=b")
    plain = Request(came.method, came.authority, "/v1/x", came.query, came.headers, None)
    verify_request(plain, read_signature(plain), key("KZ", "peer").certificate, at=AT)


def test_an_answer_says_when_to_ask_again(server: Server) -> None:
    server.fields = (("Retry-After", "7"),)
    assert (to(server.base).get("/v1/x").status, to(server.base).get("/v1/x").after) == (503, 7)


class Noting(urllib3.HTTPConnectionPool):
    """Remembers how long each request may take."""

    told: urllib3.Timeout

    def urlopen(self, *given: Any, **named: Any) -> Any:
        self.told = named["timeout"]
        return super().urlopen(*given, **named)


def test_connecting_and_being_answered_have_a_time_each_and_no_other(server: Server) -> None:
    found, noting = to(server.base), Noting("127.0.0.1", server.server_address[1])
    found.pools[None] = noting
    found.post("/v1/x", b"a", "text/csv", timeout=(3.0, 30.0))
    told = noting.told
    assert (told.connect_timeout, told.read_timeout, told.total) == (3.0, 30.0, None)


def test_nobody_there_is_told_without_what_was_sent() -> None:
    with serving() as gone:
        base = gone.base
    with pytest.raises(UnreachableError, match=rf"^{base} does not answer \(\w+\)$") as told:
        to(base).post("/v1/x", b"Alisher", "text/csv")
    assert told.value.__suppress_context__


def test_an_answer_without_end_is_given_up_with_its_connection(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = to(server.base)
    with monkeypatch.context() as less:
        less.setattr(link, "LARGEST_ANSWER", 3)
        less.setattr(link, "PIECE", 4)
        with pytest.raises(UnreachableError, match="too long or too slow"):
            found.get("/v1/x")
    assert found.get("/v1/x").body == ANSWER
    assert len({connection for connection, _ in server.came}) == 2


def test_other_files_of_the_client_have_a_connection_of_their_own(server: Server) -> None:
    given = [None, ("chain.pem", "own.key")]
    session = to(server.base).session
    both = [
        Link(server.base, lambda _: key("KZ", "peer"), lambda _, own=one: own, "lmx",  # type: ignore[misc]
             lambda: datetime.now(UTC), lambda size: b"\x07" * size, session)
        for one in given
    ]  # fmt: skip
    for one in both:
        one.get("/v1/x")
    assert len({connection for connection, _ in server.came}) == 2
