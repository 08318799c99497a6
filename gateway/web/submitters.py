"""The submitter API `/v1`: signed requests of this state's ministry systems (DESIGN section 6)."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask, Response, request

from gateway.exchange import handover
from gateway.exchange.answer import JSON, Answer, told
from gateway.exchange.authenticate import Caller, authenticate_submitter, serving_submitter
from gateway.exchange.decision import decide
from gateway.exchange.export import LinkTo, export
from gateway.exchange.guard import Sizes, guard
from gateway.exchange.ladder import ladder
from gateway.exchange.licence import require_active_now
from gateway.exchange.office import Office
from gateway.exchange.translate import COMMON
from gateway.proof.forms import record_json, record_xml
from gateway.proof.header import stored_header
from gateway.proof.http_signature import Request
from gateway.proof.json_signature import LARGEST_TOKEN
from gateway.store import exchange_rows
from gateway.store.exchange_rows import ExchangeRow
from gateway.store.scope import Own, Scope
from gateway.web.asked import LONGEST_WAIT, number, parameters, token_of
from gateway.web.attachments import ATTACHMENT_SIZES, attachments
from gateway.web.health import health
from gateway.web.hold import HOLD, Hold
from gateway.web.questions import QUERY_SIZES, questions
from gateway.web.submissions import SUBMISSION_SIZES, submissions
from gateway.web.webhooks import WEBHOOK_SIZES, webhooks
from gateway.web.wire import CALLER, answering, current_request, respond

MOST_LISTED = 200
SIZES = Sizes(
    {
        **SUBMISSION_SIZES,
        "/v1/inbox/handover": LARGEST_TOKEN,
        "/v1/inbox/decision": LARGEST_TOKEN,
        **WEBHOOK_SIZES,
        **ATTACHMENT_SIZES,
        **QUERY_SIZES,
    },
    0,
)
OPENAPI = Path(__file__).with_name("openapi.json")
_BOUNDARY = "lmx-inbox-part"
BUNDLE_TYPE = "application/vnd.etsi.asic-e+zip"


def submitter_application(office: Office, link_to: LinkTo) -> Flask:
    """Build the application of the API port."""
    application = Flask("lmx-api")
    answering(application)
    health(application, office)
    _describe(application)
    submissions(application, office, _caller)
    attachments(application, office, _caller)
    questions(application, office, link_to, _caller)
    webhooks(application, office, _caller)

    @application.get("/v1/exchanges/<x>")
    def exchange(x: str) -> Response:
        caller = _caller(office, current_request())
        row = _own(office, caller, x)
        return respond(told(_told(office, row, caller.scope())))

    @application.get("/v1/exchanges/<x>/bundle")
    def bundle(x: str) -> Response:
        caller = _caller(office, current_request())
        _own(office, caller, x)
        return respond(Answer(200, BUNDLE_TYPE, export(office, x, link_to, caller.scope())))

    @application.get("/v1/inbox")
    def inbox() -> Response:
        wire = current_request()
        caller = _caller(office, wire)
        return respond(_listed(office, caller.scope(), wire.query))

    @application.get("/v1/inbox/<x>")
    def inbox_item(x: str) -> Response:
        wire = current_request()
        caller = _caller(office, wire)
        return respond(_item(office, caller, x, wire.headers.get("accept", "*/*")))

    @application.post("/v1/inbox/handover")
    def confirm() -> Response:
        wire = current_request()
        with serving_submitter(office, wire) as (own, caller):
            _admit(own, caller)
            return respond(told(handover.confirm(own, caller, token_of(wire))))

    @application.post("/v1/inbox/decision")
    def decided() -> Response:
        wire = current_request()
        caller = _caller(office, wire)
        return respond(told(decide(office, caller, token_of(wire))))

    application.wsgi_app = guard(application.wsgi_app, sizes=SIZES)  # type: ignore[method-assign, assignment]
    return application


def _describe(application: Flask) -> None:
    @application.get("/openapi.json")
    def openapi() -> Response:
        return respond(Answer(200, JSON, OPENAPI.read_bytes()))


def _caller(office: Office, wire: Request) -> Caller:
    """Give who asks, once it may act at all."""
    caller = authenticate_submitter(office, wire)
    _admit(office, caller)
    return caller


def _admit(office: Office, caller: Caller) -> None:
    request.environ[CALLER] = caller.name
    require_active_now(office, caller.listed(), office.clock())


def _listed(office: Office, scope: Own, query: str) -> Answer:
    asked = parameters(query)
    look = _look(office, scope, asked)
    seconds = min(number(asked, "wait", 0), LONGEST_WAIT)
    found = look()
    if found is None and seconds:
        request.environ[HOLD] = Hold(seconds, look, "inbox", partial(_newest, office))
    return found or told({"items": []})


def _newest(office: Office) -> int:
    with office.store.read() as turn:
        return exchange_rows.newest_in_inbox(turn)


def _look(office: Office, scope: Own, asked: dict[str, str]) -> Callable[[], Answer | None]:
    """Give what looks into the inbox: None while nothing waits there."""
    after, limit = number(asked, "after", 0), number(asked, "limit", 50)
    kinds = handover.CONTENT if asked.get("content") == "1" else ()

    def look() -> Answer | None:
        with office.store.read(scope) as turn:
            rows = exchange_rows.inbox(turn, scope, after, min(limit, MOST_LISTED))
            items = handover.listing(office.for_one_work(), rows, turn, scope, kinds=kinds)
        return told({"items": items}) if items else None

    return look


def _own(office: Office, caller: Caller, x: str) -> ExchangeRow:
    with office.store.read(caller.scope()) as turn:
        row = exchange_rows.exchange(turn, x, caller.scope())
    if row is None:
        raise handover.not_found()
    return row


def _told(office: Office, row: ExchangeRow, scope: Scope) -> dict[str, Any]:
    header = stored_header(row.header)
    return {
        "exchangeId": row.x,
        "direction": str(header.direction),
        "recordType": row.record_type,
        "from": row.sender,
        "to": row.recipient,
        "state": row.state,
        "header": header.members,
        "ladder": [one.members() for one in ladder(office, row, scope)],
    }


def _item(office: Office, caller: Caller, x: str, accept: str) -> Answer:
    scope = caller.scope()
    with office.store.read(scope) as turn:
        row = exchange_rows.inbox_row(turn, x, scope)
        exchange = exchange_rows.exchange(turn, x, scope)
        if row is None or exchange is None:
            raise handover.not_found()
        handover.require_open(exchange)
        transfer = handover.stored_transfer(office, turn, x, scope)
        record, record_type = dict(transfer.record), exchange.record_type
        if accept in COMMON and accept != row.media_type:
            if accept.endswith("json"):
                octets = record_json({"recordType": record_type, "record": record})
            else:
                octets = record_xml(office.catalogue.mapping, record_type, record)
            return Answer(200, accept, octets)
        content = handover.opened(office, turn, x, "out", scope)
        opening = handover.opening(office, row, exchange, turn, scope)
    return _multipart(row.media_type, content, opening)


def _multipart(media_type: str, content: bytes, opening: bytes) -> Answer:
    # RFC 2046 section 5.1; the length of the first part is told, so any octets may stand in it.
    mark = b"--" + _BOUNDARY.encode()
    parts = ((media_type, content), ("application/json", opening))
    body = b"".join(
        mark
        + f"\r\nContent-Type: {kind}\r\nContent-Length: {len(data)}\r\n\r\n".encode()
        + data
        + b"\r\n"
        for kind, data in parts
    )
    return Answer(200, f"multipart/mixed; boundary={_BOUNDARY}", body + mark + b"--\r\n")
