"""Requests that two readers could read differently, over raw sockets, on the server we start.

security.md 3.3. Each is refused or the connection closed; none is answered as if it were good.
"""

import re
import select
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from gateway.config.config import LARGEST_BODY
from tests.support.gateways import Ground, ground

PATIENCE = 5.0
GET = b"GET /healthz HTTP/1.1\r\n"
POST = b"POST /v1/submissions HTTP/1.1\r\n"
HOST = b"Host: 127.0.0.1\r\n"
END = b"Connection: close\r\n\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"
AMBIGUOUS = {
    "length and chunked": POST + HOST + b"Content-Length: 4\r\n" + CHUNKED + b"\r\n0\r\n\r\n",
    "length and chunked on a read": GET + HOST + b"Content-Length: 4\r\n" + CHUNKED + b"\r\n0\r\n",
    "chunked": POST + HOST + CHUNKED + b"\r\n4\r\nabcd\r\n0\r\n\r\n",
    "chunked behind a tab": GET + HOST + b"Transfer-Encoding:\tchunked\r\n\r\n0\r\n\r\n",
    "chunked and identity": GET + HOST + CHUNKED + b"Transfer-Encoding: identity\r\n\r\n0\r\n\r\n",
    "identity": GET + HOST + b"Transfer-Encoding: identity\r\n" + END,
    "xchunked": GET + HOST + b"Transfer-Encoding: xchunked\r\n" + END,
    "chunk size 0x1": POST + HOST + CHUNKED + b"\r\n0x1\r\na\r\n0\r\n\r\n",
    "a trailer": POST + HOST + CHUNKED + b"Trailer: Host\r\n\r\n0\r\nHost: x\r\n\r\n",
    "two lengths": GET + HOST + b"Content-Length: 0\r\nContent-Length: 1\r\n\r\na",
    "a list of lengths": GET + HOST + b"Content-Length: 0, 0\r\n" + END,
    "length with a plus": GET + HOST + b"Content-Length: +0\r\n" + END,
    "length below zero": GET + HOST + b"Content-Length: -1\r\n" + END,
    "length in hexadecimal": GET + HOST + b"Content-Length: 0x0\r\n" + END,
    "space before a colon": GET + HOST + b"Content-Length : 0\r\n" + END,
    "two hosts": GET + HOST + b"Host: other.example\r\n" + END,
    "the same host twice": GET + HOST + HOST + END,
    "no host": GET + END,
    "an empty host": GET + b"Host:\r\n" + END,
    "a host with a path": GET + b"Host: a b/c@d\r\n" + END,
    "a host with a user": GET + b"Host: u@127.0.0.1\r\n" + END,
    "two signatures": GET + HOST + b"Signature: a\r\nSignature: b\r\n" + END,
    "two signature inputs": GET + HOST + b"Signature-Input: a\r\nsignature-input: b\r\n" + END,
    "two digests": GET + HOST + b"Content-Digest: a\r\nContent-Digest: b\r\n" + END,
    "two idempotency keys": GET + HOST + b"Idempotency-Key: a\r\nIdempotency-Key: b\r\n" + END,
    "a folded field": GET + HOST + b"X-A: 1\r\n 2\r\n" + END,
    "a carriage return alone": GET + HOST + b"X-A: 1\rX-B: 2\r\n" + END,
    "a space before the first field": GET + b" " + HOST + END,
    "a field without a colon": GET + HOST + b"X-A\r\n" + END,
    "a field without a name": GET + HOST + b": x\r\n" + END,
    "a name with an underscore": GET + HOST + b"Content_Length: 5\r\n" + END,
    "a name outside ASCII": GET + HOST + "Ё: a\r\n".encode() + END,
    "NUL in a field": GET + HOST + b"X-A: a\0b\r\n" + END,
    "NUL in the target": b"GET /healthz\0 HTTP/1.1\r\n" + HOST + END,
    "NUL written in the target": b"GET /healthz%00 HTTP/1.1\r\n" + HOST + END,
    "a space in the target": b"GET /healthz x HTTP/1.1\r\n" + HOST + END,
    "an absolute target": b"GET http://other.example/healthz HTTP/1.1\r\n" + HOST + END,
    "an absolute target of our own": b"GET http://127.0.0.1/healthz HTTP/1.1\r\n" + HOST + END,
    "an authority as target": b"CONNECT 127.0.0.1:1 HTTP/1.1\r\n" + HOST + END,
    "a star as target": b"OPTIONS * HTTP/1.1\r\n" + HOST + END,
    "dots": b"GET /v1/../healthz HTTP/1.1\r\n" + HOST + END,
    "dots written": b"GET /v1/%2e%2e/healthz HTTP/1.1\r\n" + HOST + END,
    "two strokes": b"GET //healthz HTTP/1.1\r\n" + HOST + END,
    "a semicolon": b"GET /healthz;a HTTP/1.1\r\n" + HOST + END,
    "HTTP/1.0": b"GET /healthz HTTP/1.0\r\n" + HOST + END,
    "HTTP/0.9": b"GET /healthz\r\n\r\n",
    "HTTP/1.2": b"GET /healthz HTTP/1.2\r\n" + HOST + END,
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "an upgrade": GET + HOST + b"Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
    "a method in small letters": b"get /healthz HTTP/1.1\r\n" + HOST + END,
    "a method with a sign": b"G@T /healthz HTTP/1.1\r\n" + HOST + END,
    "a read with a body": GET + HOST + b"Content-Length: 4\r\n\r\nabcd",
    "a coded body": POST + HOST + b"Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd",
    "an expectation": POST + HOST + b"Expect: 100-continue\r\nContent-Length: 4\r\n\r\n",
    "a long field": GET + HOST + b"X-A: " + b"a" * 17_000 + b"\r\n" + END,
    "a longer field": GET + HOST + b"X-A: " + b"a" * 600_000 + b"\r\n" + END,
    "many fields": GET + HOST + b"".join(b"X-%d: 1\r\n" % one for one in range(99)) + END,
    "more fields": GET + HOST + b"".join(b"X-%d: 1\r\n" % one for one in range(999)) + END,
    "a long path": b"GET /" + b"a" * 2000 + b" HTTP/1.1\r\n" + HOST + END,
    "a long query": b"GET /healthz?" + b"a" * 5000 + b" HTTP/1.1\r\n" + HOST + END,
}


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with ground(tmp_path_factory.mktemp("raw")) as made:
        made.start("KZ", "--only", "api")
        yield port_of(made)


def port_of(made: Ground) -> int:
    profile, _ = made.ready("kz.labour-ministry")
    return int(profile.url.rpartition(":")[2])


def answers(port: int, octets: bytes, *, half: bool = False) -> list[bytes]:
    """Give the status of each answer; half: nothing more will be sent."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as line:
        found = b""
        try:
            line.sendall(octets)
            if half:
                line.shutdown(socket.SHUT_WR)
            while part := line.recv(65536):
                found += part
        except (TimeoutError, ConnectionError):
            pass
    return re.findall(rb"HTTP/1\.[01] ([0-9]{3}) ", found)


def test_a_plain_request_is_answered(port: int) -> None:
    assert answers(port, GET + HOST + END) == [b"200"]


@pytest.mark.parametrize("name", AMBIGUOUS)
def test_an_ambiguous_request_is_refused_or_closed(port: int, name: str) -> None:
    found = answers(port, AMBIGUOUS[name])
    assert all(one.startswith(b"4") for one in found), found
    assert len(found) <= 1


def test_what_follows_a_refused_request_is_not_read_as_the_next(port: int) -> None:
    smuggled = (
        POST + HOST + b"Content-Length: 4\r\n" + CHUNKED + b"\r\n0\r\n\r\n" + GET + HOST + END
    )
    assert answers(port, smuggled) == [b"400"]


def test_a_body_cut_short_is_refused(port: int) -> None:
    assert answers(port, POST + HOST + b"Content-Length: 10\r\n\r\nabc", half=True) in (
        [b"400"],
        [],
    )


def test_pipelined_requests_are_answered_in_their_order(port: int) -> None:
    first = POST + HOST + b"Content-Length: 4\r\n\r\nabcd"
    assert answers(port, first + GET + HOST + END) == [b"401", b"200"]


@pytest.mark.parametrize(
    "octets",
    [
        b"GET /healthz HTTP/1.1\nHost: a\nConnection: close\n\n",
        GET + HOST + b"Content-Length: 0\r\nContent-Length: 0\r\n" + END,
    ],
    ids=["line feeds alone", "the same length twice"],
)
def test_what_the_server_reads_in_one_way_only_is_not_seen_by_us(port: int, octets: bytes) -> None:
    # RFC 9112 section 2.2 and RFC 9110 section 8.6 let a recipient take these; granian does, and
    # hands on what it would have handed on without them. Docs: reference/http-signatures.md.
    assert answers(port, octets) == [b"200"]


def test_half_sent_bodies_hold_up_nobody(port: int) -> None:
    half = POST + HOST + b"Content-Length: 100\r\n\r\nabc"
    with ExitStack() as lines:
        for _ in range(40):
            line = lines.enter_context(socket.create_connection(("127.0.0.1", port)))
            line.sendall(half)
        begun = time.monotonic()
        assert answers(port, GET + HOST + END) == [b"200"]
        assert time.monotonic() - begun < PATIENCE


def test_a_port_that_holds_too_much_says_when_to_try_again(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    whole = POST + HOST + b"Content-Length: %d\r\n\r\n" % LARGEST_BODY
    head = b""
    with ground(tmp_path_factory.mktemp("busy")) as made, ExitStack() as lines:
        made.start("KZ", "--only", "api")
        port = port_of(made)
        # Each process holds its own share, so more lines than one of them takes.
        for _ in range(64):
            line = lines.enter_context(socket.create_connection(("127.0.0.1", port), PATIENCE))
            line.sendall(whole + b"abc")
            if head := until_busy(line):
                break
        assert re.search(rb"(?im)^retry-after: [1-9][0-9]*\r?$", head), head


def until_busy(line: socket.socket) -> bytes:
    """Give the head of a 503, nothing while the body is waited for."""
    if not select.select([line], [], [], 0.2)[0]:
        return b""
    head = line.recv(65536).partition(b"\r\n\r\n")[0]
    assert head.startswith(b"HTTP/1.1 503 "), head
    return head


def test_half_sent_bodies_do_not_keep_a_gateway_from_ending(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with ground(tmp_path_factory.mktemp("ending")) as made, ExitStack() as lines:
        made.start("KZ", "--only", "api")
        for _ in range(8):
            line = lines.enter_context(socket.create_connection(("127.0.0.1", port_of(made))))
            line.sendall(POST + HOST + b"Content-Length: 100\r\n\r\nabc")
        made.stop()
        assert made.running == {}
