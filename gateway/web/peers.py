"""The peer API `/peer/v1`: what partner gateways may ask, over mutual TLS and signed."""

from collections.abc import Collection
from pathlib import Path
from typing import Any

from flask import Flask, Response, request

from gateway.config.config import LARGEST_BODY
from gateway.exchange.answer import JSON, Answer, told
from gateway.exchange.authenticate import authenticate_peer, serving_peer
from gateway.exchange.authority_tokens import offered_token
from gateway.exchange.fetching import offered_piece
from gateway.exchange.guard import Sizes, guard
from gateway.exchange.handover import not_found
from gateway.exchange.office import Office
from gateway.exchange.outbox import Cosigns, offer, take_answers
from gateway.exchange.receive import receive_all
from gateway.exchange.settle import take_receipts
from gateway.exchange.verify import read_item
from gateway.model.party import partner_log
from gateway.model.refusal import Refusal
from gateway.proof.canonical import parse
from gateway.store import log_rows
from gateway.transparency.published import published_tile
from gateway.transparency.witness import add_checkpoint
from gateway.web.asked import LONGEST_WAIT, number, parameters
from gateway.web.health import health
from gateway.web.hold import HOLD, Hold
from gateway.web.wire import answering, current_request, respond

JOSE = "application/jose"
OPENAPI = Path(__file__).with_name("peer_openapi.json")
MOST_ITEMS = 128
LARGEST_CHECKPOINT = 64 * 1024
# One message holds its record twice when it is signed as XML too.
LARGEST_MESSAGES = 3 * LARGEST_BODY
SIZES = Sizes(
    {
        "/peer/v1/messages": LARGEST_MESSAGES,
        "/peer/v1/receipts": LARGEST_BODY,
        "/peer/v1/outbox": LARGEST_BODY,
        "/peer/v1/add-checkpoint": LARGEST_CHECKPOINT,
    },
    0,
)


def peer_application(office: Office, pulled_by: Collection[str] = ()) -> Flask:
    """Build the application of the peer port; pulled_by: partners that fetch from us."""
    application = Flask("lmx-peer")
    answering(application)
    health(application, office)
    _outbox(application, office, pulled_by)
    _parts_of_exchanges(application, office)

    @application.get("/openapi.json")
    def openapi() -> Response:
        return respond(Answer(200, JSON, OPENAPI.read_bytes()))

    @application.post("/peer/v1/messages")
    def messages() -> Response:
        wire = current_request()
        with serving_peer(office, wire) as (own, caller):
            items = [read_item(one) for one in _items(wire.body or b"")]
            return respond(told({"items": receive_all(own, items, caller.state)}))

    @application.post("/peer/v1/receipts")
    def receipts() -> Response:
        wire = current_request()
        with serving_peer(office, wire) as (own, caller):
            answers = take_receipts(own, _items(wire.body or b""), caller.state)
            return respond(told({"items": answers}))

    @application.post("/peer/v1/add-checkpoint")
    def checkpoint() -> Response:
        wire = current_request()
        caller = authenticate_peer(office, wire)
        at = office.clock()
        keys = office.trust.directory(caller.state).log_keys_at(at)
        own = office.keys.witness_keys(office.name, at)
        found = add_checkpoint(wire.body or b"", office.store, keys, own, at=at)
        media_type = "text/x.tlog.size" if found.status == 409 else "text/plain; charset=utf-8"
        return respond(Answer(found.status, media_type, found.body.encode("utf-8")))

    @application.get("/peer/v1/logs/<name>/checkpoint")
    def newest(name: str) -> Response:
        log = _readable(office, name)
        with office.store.read() as turn:
            head = log_rows.head(turn, log)
        if head is None:
            raise not_found()
        return respond(Answer(200, "text/plain; charset=utf-8", head.note))

    @application.get("/peer/v1/logs/<name>/tile/<path:rest>")
    def tile(name: str, rest: str) -> Response:
        log = _readable(office, name)
        with office.store.read() as turn:
            octets = published_tile(turn, log, f"tile/{rest}")
        if octets is None:
            raise not_found()
        return respond(Answer(200, "application/octet-stream", octets))

    application.wsgi_app = guard(application.wsgi_app, sizes=SIZES)  # type: ignore[method-assign, assignment]
    return application


def _parts_of_exchanges(application: Flask, office: Office) -> None:
    @application.get("/peer/v1/exchanges/<x>/tokens/<code>")
    def token(x: str, code: str) -> Response:
        caller = authenticate_peer(office, current_request())
        return respond(Answer(200, JOSE, offered_token(office, x, code, caller.state)))

    @application.get("/peer/v1/attachments/<x>/<position>")
    def attachment(x: str, position: str) -> Response:
        wire = current_request()
        caller = authenticate_peer(office, wire)
        offset = number(parameters(wire.query), "offset", 0)
        octets = offered_piece(office, x, number({"n": position}, "n", 0), offset, caller.state)
        return respond(Answer(200, "application/octet-stream", octets))


def _outbox(application: Flask, office: Office, pulled_by: Collection[str]) -> None:
    @application.get("/peer/v1/outbox")
    def offered() -> Response:
        wire = current_request()
        caller = authenticate_peer(office, wire)
        _require_pulling(caller.state, pulled_by)
        asked = parameters(wire.query)
        cosigned = Cosigns(number(asked, "corridor", 0), number(asked, "home", 0))

        def look() -> Answer | None:
            found = offer(office, caller.state, cosigned)
            return None if found is None else Answer(200, JSON, found)

        seconds = min(number(asked, "wait", 0), LONGEST_WAIT)
        found = look()
        if found is None and seconds:
            request.environ[HOLD] = Hold(seconds, look)
        return respond(found or told({}))

    @application.post("/peer/v1/outbox")
    def answers() -> Response:
        wire = current_request()
        caller = authenticate_peer(office, wire)
        _require_pulling(caller.state, pulled_by)
        take_answers(office, caller.state, wire.body or b"")
        return respond(told({}))


def _require_pulling(state: str, pulled_by: Collection[str]) -> None:
    if state not in pulled_by:
        raise Refusal(
            "outbox.not-pulled",
            step="verify",
            rule="this gateway sends to yours; to fetch, have its operator set [outbox] pulled_by",
        )


def _readable(office: Office, name: str) -> str:
    # A partner reads the log of its own corridor, and no other.
    caller = authenticate_peer(office, current_request())
    log = partner_log(office.name, office.state, caller.state)
    if log.rpartition("/")[2] != name:
        raise not_found()
    return log


def _items(body: bytes) -> list[dict[str, Any]]:
    found = parse(body)
    items = found.get("items") if isinstance(found, dict) else None
    if not isinstance(items, list) or not 0 < len(items) <= MOST_ITEMS:
        raise _malformed()
    if not all(isinstance(one, dict) for one in items):
        raise _malformed()
    return items


def _malformed() -> Refusal:
    return Refusal(
        "request.malformed",
        step="verify",
        rule="a batch has 1 to 128 items, each an object of texts",
        place="items",
    )
