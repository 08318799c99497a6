"""Attachments at both of a ministry's doors: `/v1/attachments`, and those of received records."""

from collections.abc import Callable

from flask import Flask, Response

from gateway.exchange.answer import Answer, told
from gateway.exchange.attachments import PIECE, add_piece, begin_attachment, standing
from gateway.exchange.authenticate import Caller
from gateway.exchange.fetching import list_attachments, received_piece
from gateway.exchange.office import Office
from gateway.proof.http_signature import Request
from gateway.web.asked import number, parameters
from gateway.web.wire import current_request, respond

ATTACHMENT_SIZES = {"/v1/attachments": 4096, "/v1/attachments/piece": PIECE}
OCTETS = "application/octet-stream"


def attachments(
    application: Flask, office: Office, who_asks: Callable[[Office, Request], Caller]
) -> None:
    """Add the routes; who_asks authenticates a caller that may act."""

    @application.post("/v1/attachments")
    def begin_one() -> Response:
        wire = current_request()
        caller = who_asks(office, wire)
        return respond(told(begin_attachment(office, caller, wire.body or b""), 201))

    @application.get("/v1/attachments/<name>")
    def stands(name: str) -> Response:
        return respond(told(standing(office, who_asks(office, current_request()), name)))

    @application.post("/v1/attachments/piece")
    def bring_piece() -> Response:
        wire = current_request()
        caller, asked = who_asks(office, wire), parameters(wire.query)
        name, offset = asked.get("attachment", ""), number(asked, "offset", 0)
        return respond(told(add_piece(office, caller, name, offset, wire.body or b"")))

    @application.get("/v1/inbox/<x>/attachments")
    def attached(x: str) -> Response:
        caller = who_asks(office, current_request())
        return respond(told({"items": list_attachments(office, x, caller.scope())}))

    @application.get("/v1/inbox/<x>/attachments/<position>")
    def attached_piece(x: str, position: str) -> Response:
        wire = current_request()
        caller, offset = who_asks(office, wire), number(parameters(wire.query), "offset", 0)
        octets = received_piece(office, x, number({"n": position}, "n", 0), offset, caller.scope())
        return respond(Answer(200, OCTETS, octets))
