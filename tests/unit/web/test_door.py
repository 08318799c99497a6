"""What the door holds ends with its time, with what it waits for, or with the process."""

import asyncio
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from gateway.exchange.answer import Answer
from gateway.exchange.guard import Sizes
from gateway.web.door import Door, Fields
from gateway.web.hold import HOLD, Hold

FOR_EVER = 10**6
PATIENCE_SECONDS = 60


@dataclass
class Headers:
    def items(self) -> list[tuple[str, str]]:
        return [("host", "a.example")]


@dataclass
class Scope:
    method: str = "GET"
    path: str = "/v1/inbox"
    query_string: str = ""
    http_version: str = "1.1"
    authority: str | None = None
    scheme: str = "http"
    server: str = "127.0.0.1:1"
    client: str = "127.0.0.1:2"
    headers: Headers = field(default_factory=Headers)


@dataclass
class Wire:
    answers: list[tuple[int, bytes]] = field(default_factory=list)

    def response_bytes(self, status: int, headers: Fields, body: bytes) -> None:
        self.answers.append((status, body))


def _holding(look: Callable[[], Answer | None], mark: Callable[[], int] | None) -> Any:
    def application(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        environ[HOLD] = Hold(FOR_EVER, look, "inbox", mark)
        start("200 OK", [("content-length", "5")])
        return [b"empty"]

    return application


def _answers(
    look: Callable[[], Answer | None],
    once_held: Callable[[], None],
    mark: Callable[[], int] | None = None,
) -> Any:
    """Ask, do something once the answer is held, and give what was answered."""

    async def ask() -> list[tuple[int, bytes]]:
        door, wire = Door(_holding(look, mark), Sizes({}, 0)), Wire()
        door.__rsgi_init__(asyncio.get_running_loop())
        asked = asyncio.ensure_future(door.__rsgi__(Scope(), wire))  # type: ignore[arg-type]
        while not door.held:
            await asyncio.sleep(0)
        once_held()
        await asyncio.wait_for(asked, PATIENCE_SECONDS)
        return wire.answers

    before = signal.getsignal(signal.SIGTERM)
    try:
        return asyncio.run(ask())
    finally:
        signal.signal(signal.SIGTERM, before)


def test_a_held_answer_is_given_when_the_process_is_to_end() -> None:
    found = _answers(lambda: None, lambda: signal.raise_signal(signal.SIGTERM))
    assert found == [(200, b"empty")]


def test_a_held_answer_is_given_when_something_has_come() -> None:
    come: list[Answer] = []
    found = _answers(
        lambda: come[0] if come else None,
        lambda: come.append(Answer(200, "application/json", b"come")),
    )
    assert found == [(200, b"come")]


def test_a_held_answer_looks_for_itself_only_when_something_came_for_anybody() -> None:
    looks, marks = [0], [0]

    def look() -> Answer | None:
        looks[0] += 1
        return Answer(200, "application/json", b"come") if looks[0] == 2 else None

    def mark() -> int:
        marks[0] += 1
        # Nothing comes for the first four times.
        return 0 if marks[0] < 5 else 1

    assert _answers(look, lambda: None, mark) == [(200, b"come")]
    assert (looks, marks) == ([2], [5])


@dataclass
class Coming(Wire):
    """Brings pieces of a body; nothing tells that it has ended."""

    pieces: list[bytes] = field(default_factory=list)

    def __aiter__(self) -> "Coming":
        return self

    async def __anext__(self) -> bytes:
        if not self.pieces:
            await asyncio.Event().wait()
        return self.pieces.pop(0)


def _taken(*pieces: bytes) -> list[tuple[int, bytes]]:
    def application(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        start("200 OK", [])
        return [environ["wsgi.input"].read()]

    async def ask() -> list[tuple[int, bytes]]:
        door, wire = Door(application, Sizes({"/v1/inbox": 5}, 0)), Coming(pieces=list(pieces))
        scope = Scope(method="POST", headers=Sized())
        await asyncio.wait_for(door.__rsgi__(scope, wire), PATIENCE_SECONDS)  # type: ignore[arg-type]
        return wire.answers

    return asyncio.run(ask())


@dataclass
class Sized(Headers):
    def items(self) -> list[tuple[str, str]]:
        return [*super().items(), ("content-length", "5")]


def test_a_body_is_whole_once_it_is_as_long_as_it_said() -> None:
    assert _taken(b"ab", b"cde") == [(200, b"abcde")]


def test_a_body_is_no_longer_than_it_said() -> None:
    ((status, _),) = _taken(b"ab", b"cdef")
    assert status == 400
