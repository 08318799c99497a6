"""The door of a port: takes a request whole, within its time, before a thread works on it.

granian's WSGI has no limit to the time a body takes, and each body that does not come holds a
thread (40 half-sent bodies stopped the API and its shutdown; the server's authors leave it to a
proxy). So the door speaks granian's asynchronous interface (RSGI): fields are judged as they came,
doubled ones included, bodies are awaited without a thread, and only a whole request goes to the
WSGI application, in one of a few threads (docs/adr/0011).
"""

import asyncio
import io
import signal
import sys
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Protocol

from gateway.exchange.answer import PROBLEM, refused
from gateway.exchange.guard import (
    JUDGED,
    Application,
    Sizes,
    require_fields,
    require_length,
    require_target,
    require_whole,
)
from gateway.model.refusal import Refusal
from gateway.web.hold import HOLD, Hold

THREADS = 4
# A body has this long, and longer by what a slow line of 32 KiB/s needs.
BODY_SECONDS = 15
SLOWEST_BYTES = 32 * 1024
# What all bodies that are still coming may hold together.
LARGEST_WAITING = 256 * 1024 * 1024
# Held requests look again this often; so many of them ask the store at most 128 times a second.
LOOK_SECONDS = 0.5
SHARED_SECONDS = LOOK_SECONDS / 2
MOST_HELD = 64
Fields = list[tuple[str, str]]
Answered = tuple[int, Fields, bytes]


class Headers(Protocol):
    """The header fields of a request, every line of them."""

    def items(self) -> Iterable[tuple[str, str]]:
        """Give name and value of each line."""


class Scope(Protocol):
    """What granian tells of a request (RSGI 1.6); authority: of an absolute-form target."""

    method: str
    path: str
    query_string: str
    http_version: str
    authority: str | None
    scheme: str
    server: str
    client: str
    headers: Headers


class Wire(Protocol):
    """The connection of one request: its body in pieces, and the way back."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        """Give the body piece by piece."""

    def response_bytes(self, status: int, headers: Fields, body: bytes) -> None:
        """Answer."""


@dataclass(slots=True)
class Door:
    """One port: the application behind it and the largest bodies.

    waiting: bytes still coming; held: requests whose answer waits for something to come; marks: by
    room, when its mark was asked for and what comes of it; stopping: set when the process is to
    end.
    """

    application: Application
    sizes: Sizes
    body_seconds: float = BODY_SECONDS
    threads: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(THREADS, thread_name_prefix="request")
    )
    waiting: int = 0
    held: int = 0
    marks: dict[str, tuple[float, asyncio.Future[int]]] = field(default_factory=dict)
    stopping: asyncio.Event = field(default_factory=asyncio.Event)

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Have the process's stop end what is held; the server itself stops as it would.

        asyncio learns of a signal by a file descriptor, whatever handler stands in Python: the
        server's own handler on the loop runs too.
        """
        signal.signal(signal.SIGTERM, lambda *_: loop.call_soon_threadsafe(self.stopping.set))

    async def __rsgi__(self, scope: Scope, wire: Wire) -> None:
        """Take one request and answer it."""
        try:
            fields = [(name.lower(), value) for name, value in scope.headers.items()]
            _require_form(scope)
            require_target(scope.path, scope.query_string)
            require_fields(fields)
            length = require_length(fields, scope.method, scope.path, self.sizes)
            body = await self._body(wire, length)
        except Refusal as refusal:
            answer = refused(refusal)
            # What still comes of this request must not be read as the next one.
            headers = [("content-type", PROBLEM), ("connection", "close")]
            if answer.after:
                headers.append(("retry-after", str(answer.after)))
            wire.response_bytes(answer.status, headers, answer.body)
            return
        environ = {**_environ(scope, fields, body), JUDGED: self.sizes}
        loop = asyncio.get_running_loop()
        answered = await loop.run_in_executor(self.threads, _call, self.application, environ)
        hold = environ.get(HOLD)
        if hold is not None and self.held < MOST_HELD:
            answered = await self._held(hold, answered)
        wire.response_bytes(*answered)

    async def _held(self, hold: Hold, empty: Answered) -> Answered:
        loop = asyncio.get_running_loop()
        until = loop.time() + hold.seconds
        status, headers, body = empty
        self.held += 1
        seen: int | None = None
        try:
            while (left := until - loop.time()) > 0 and not self.stopping.is_set():
                with suppress(TimeoutError):
                    await asyncio.wait_for(self.stopping.wait(), min(LOOK_SECONDS, left))
                if hold.mark is not None:
                    newest = await self._newest(hold.room, hold.mark)
                    if newest == seen:
                        continue
                    seen = newest
                found = await loop.run_in_executor(self.threads, hold.again)
                if found is not None:
                    headers = [one for one in headers if one[0] != "content-length"]
                    return status, headers, found.body
        finally:
            self.held -= 1
        return status, headers, body

    async def _newest(self, room: str, mark: Callable[[], int]) -> int:
        """Ask for the mark of a room, or share what was asked for a moment ago."""
        loop = asyncio.get_running_loop()
        known = self.marks.get(room)
        if known is None or loop.time() - known[0] > SHARED_SECONDS:
            known = loop.time(), loop.run_in_executor(self.threads, mark)
            self.marks[room] = known
        # One that goes away takes nothing from those that share it.
        return await asyncio.shield(known[1])

    async def _body(self, wire: Wire, length: int) -> bytes:
        if not length:
            return b""
        if self.waiting + length > LARGEST_WAITING:
            raise Refusal(
                "request.busy", step="submit", rule="too many bodies are on their way; try again"
            )
        self.waiting += length
        try:
            async with asyncio.timeout(self.body_seconds + length / SLOWEST_BYTES):
                body = await _collected(wire, length)
        except TimeoutError:
            raise Refusal(
                "request.slow",
                step="submit",
                rule=f"a body arrives within {self.body_seconds:.0f} s and at 32 KiB/s",
                place="body",
            ) from None
        finally:
            self.waiting -= length
        require_whole(body, length)
        return body


async def _collected(wire: Wire, length: int) -> bytes:
    parts, size = [], 0
    async for part in wire:
        parts.append(part)
        size += len(part)
        # Who waits for the end too is woken once more for each request.
        if size >= length:
            break
    return b"".join(parts)


def _require_form(scope: Scope) -> None:
    if not scope.method.isupper():
        raise Refusal(
            "request.malformed", step="submit", rule="a method is in capitals", place="method"
        )
    if scope.http_version != "1.1":
        raise Refusal(
            "request.malformed", step="submit", rule="this server speaks HTTP/1.1", place="version"
        )
    if scope.authority is not None:
        raise Refusal(
            "request.malformed",
            step="submit",
            rule="the target is a path; the server stands in Host (RFC 9112 section 3.2.1)",
            place="target",
        )


def _environ(scope: Scope, fields: Fields, body: bytes) -> dict[str, Any]:
    host, _, port = scope.server.rpartition(":")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path,
        "QUERY_STRING": scope.query_string,
        "SERVER_PROTOCOL": "HTTP/1.1",
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "REMOTE_ADDR": scope.client.rpartition(":")[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in fields:
        key = name.upper().replace("-", "_")
        key = key if key in ("CONTENT_LENGTH", "CONTENT_TYPE") else f"HTTP_{key}"
        environ[key] = f"{environ[key]}, {value}" if key in environ else value
    return environ


def _call(application: Application, environ: dict[str, Any]) -> Answered:
    told: list[tuple[int, Fields]] = []

    def start(status: str, headers: Sequence[tuple[str, str]], *_: Any) -> Callable[..., None]:
        told.append((int(status[:3]), [(name.lower(), value) for name, value in headers]))
        return lambda _octets: None

    found = application(environ, start)
    try:
        body = b"".join(found)
    finally:
        close = getattr(found, "close", None)
        if close is not None:
            close()
    status, headers = told[-1]
    return status, headers, b"" if environ["REQUEST_METHOD"] == "HEAD" else body
