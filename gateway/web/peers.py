"""The peer API `/peer/v1`: what partner gateways may ask, over mutual TLS and signed."""

from typing import Any

from flask import Flask, Response

from gateway.config.config import LARGEST_BODY
from gateway.exchange.answer import Answer, told
from gateway.exchange.authenticate import authenticate_peer
from gateway.exchange.guard import Sizes, guard
from gateway.exchange.handover import not_found
from gateway.exchange.office import Office
from gateway.exchange.receive import receive
from gateway.exchange.settle import Given, settle, tell_wrong
from gateway.exchange.verify import Item
from gateway.model.party import partner_log
from gateway.model.refusal import Refusal
from gateway.proof.keys import NoteKey
from gateway.proof.strict_json import parse
from gateway.store import log_rows
from gateway.transparency.witness import add_checkpoint
from gateway.web.health import health
from gateway.web.wire import answering, current_request, respond

MOST_ITEMS = 128
LARGEST_CHECKPOINT = 64 * 1024
SIZES = Sizes(
    {
        "/peer/v1/messages": LARGEST_BODY,
        "/peer/v1/receipts": LARGEST_BODY,
        "/peer/v1/add-checkpoint": LARGEST_CHECKPOINT,
    },
    0,
)


def peer_application(office: Office, witness: NoteKey) -> Flask:
    """Build the application of the peer port."""
    application = Flask("lmx-peer")
    answering(application)
    health(application, office)

    @application.post("/peer/v1/messages")
    def messages() -> Response:
        wire = current_request()
        caller = authenticate_peer(office, wire)
        items = [_item(one) for one in _items(wire.body or b"")]
        return respond(told({"items": receive(office, items, caller.state)}))

    @application.post("/peer/v1/receipts")
    def receipts() -> Response:
        wire = current_request()
        caller = authenticate_peer(office, wire)
        answers = _settle(office, _items(wire.body or b""), caller.state)
        return respond(told({"items": answers}))

    @application.post("/peer/v1/add-checkpoint")
    def checkpoint() -> Response:
        wire = current_request()
        caller = authenticate_peer(office, wire)
        at = office.clock()
        keys = office.trust.directory(caller.state).log_keys_at(at)
        found = add_checkpoint(wire.body or b"", office.store, keys, witness, at=at)
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
            octets = log_rows.tile(turn, log, f"tile/{rest}")
        if octets is None:
            raise not_found()
        return respond(Answer(200, "application/octet-stream", octets))

    application.wsgi_app = guard(application.wsgi_app, sizes=SIZES)  # type: ignore[method-assign, assignment]
    return application


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


def _item(found: dict[str, Any]) -> Item:
    texts = [found.get(name) for name in ("seal", "transfer", "receipt")]
    seal, transfer, receipt = (one if isinstance(one, str) else "" for one in texts)
    return Item(seal, transfer, receipt)


def _settle(office: Office, items: list[dict[str, Any]], state: str) -> list[dict[str, Any]]:
    given = [(one.get("x"), one.get("receipts")) for one in items]
    for _, tokens in given:
        if not isinstance(tokens, list) or not all(isinstance(one, str) for one in tokens):
            raise _malformed()
    told = [Given(token, str(x)) for x, tokens in given for token in tokens or ()]
    refusals = zip(told, settle(office, told, state), strict=True)
    return [
        _stored(office, x, [next(refusals) for _ in tokens or ()], state) for x, tokens in given
    ]


def _stored(
    office: Office, x: Any, refusals: list[tuple[Given, Refusal | None]], state: str
) -> dict[str, Any]:
    for given, refusal in refusals:
        if refusal is not None:
            tell_wrong(office, state, str(x), given.token, refusal)
            # A message that we never had does not come to be had by telling of its end again.
            retry = refusal.code != "request.not-found"
            return {"x": x, "stored": False, "retry": retry, "code": refusal.code}
    return {"x": x, "stored": True}


def _malformed() -> Refusal:
    return Refusal(
        "request.malformed",
        step="verify",
        rule="a batch has 1 to 128 items, each an object of texts",
        place="items",
    )
