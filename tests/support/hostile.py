"""A partner's gateway that answers as a test says, on its real port and with its real keys."""

import base64
import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, Response, request

from gateway.exchange.record import (
    Event,
    exchange_members,
    log_events,
    receipt_members,
    signed_receipt,
)
from gateway.proof.header import Header, header_bytes, read_header
from gateway.proof.json_signature import HEADER, sign_jws
from tests.support.two_offices import CONTRACT, Side

Items = list[dict[str, Any]]
# Gives what the partner answers to a request: path, and items when the body lists some.
Says = Callable[[str, Items], Response | None]


def contract(number: int) -> bytes:
    """A contract that is a record of its own."""
    return CONTRACT.replace(b"26-0008812345", f"26-{number:010}".encode())


def answered(found: Items) -> Response:
    return Response(json.dumps({"items": found}), content_type="application/json")


def payload(token: str) -> bytes:
    text = token.split(".")[1]
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def header_of(item: dict[str, Any]) -> Header:
    return read_header(payload(item["seal"]))


def accepts(side: Side, header: Header) -> str:
    """An acceptance by this side for a header, whatever it is, signed as every receipt."""
    return _signed(side, header, ("B.1", "D.1"))


def sealed(side: Side, header: Header, **other: Any) -> dict[str, str]:
    """A message item with other members, sealed by its origin with an A.1; its transfer is none."""
    changed = read_header(header_bytes({**header.members, **other}))
    office = side.office
    at = office.clock()
    seal = sign_jws(changed.octets, office.keys.certified("seal", at), typ=HEADER, at=at)
    return {"seal": seal, "transfer": "{}", "receipt": _signed(side, changed, ("A.1",))}


def _signed(side: Side, header: Header, codes: tuple[str, ...]) -> str:
    office = side.office
    events = [Event(code, office.home, exchange_members(header)) for code in codes]
    with office.store.write() as turn:
        logged = log_events(turn, office, events)
    return signed_receipt(office, header.exchange_id, logged, receipt_members(header))


@dataclass
class Hostile:
    """The items that came, request by request."""

    came: list[Items] = field(default_factory=list)

    @property
    def sizes(self) -> list[int]:
        return [len(one) for one in self.came]


def honestly(_path: str, _items: Items) -> Response | None:
    return None


@contextmanager
def in_place_of(side: Side, says: Says = honestly) -> Iterator[Hostile]:
    """Answer on the peer port of a side in its place; what `says` leaves is answered honestly."""
    hostile, honest = Hostile(), side.peer.application
    application = Flask("hostile")

    @application.route("/<path:path>", methods=["GET", "POST"])
    def answer(path: str) -> Response:
        body = request.get_data()
        items = json.loads(body)["items"] if body.startswith(b'{"items"') else []
        if items:
            hostile.came.append(items)
        return says(f"/{path}", items) or _honest(honest, body)

    side.peer.answer_by(application)
    try:
        yield hostile
    finally:
        side.peer.answer_by(honest)


def _honest(honest: Flask, body: bytes) -> Response:
    told: list[tuple[str, list[tuple[str, str]]]] = []

    def start(status: str, headers: list[tuple[str, str]], *_: Any) -> Callable[..., None]:
        told.append((status, headers))
        return lambda _octets: None

    found = b"".join(honest.wsgi_app({**request.environ, "wsgi.input": io.BytesIO(body)}, start))
    status, headers = told[-1]
    return Response(found, status=status, headers=headers)
