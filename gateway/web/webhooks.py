"""Where a ministry's own system names its address: `/v1/webhooks`."""

from collections.abc import Callable

from flask import Flask, Response

from gateway.exchange.answer import told
from gateway.exchange.authenticate import Caller
from gateway.exchange.office import Office
from gateway.exchange.webhooks import add_webhook, end_webhook, list_webhooks, rotate_webhook
from gateway.proof.http_signature import Request
from gateway.web.wire import current_request, respond

WEBHOOK_SIZES = dict.fromkeys(("/v1/webhooks", "/v1/webhooks/secret", "/v1/webhooks/end"), 4096)


def webhooks(
    application: Flask, office: Office, who_asks: Callable[[Office, Request], Caller]
) -> None:
    """Add the routes; who_asks authenticates a caller that may act."""

    @application.post("/v1/webhooks")
    def add() -> Response:
        wire = current_request()
        return respond(told(add_webhook(office, who_asks(office, wire), wire.body or b""), 201))

    @application.get("/v1/webhooks")
    def listed() -> Response:
        return respond(told(list_webhooks(office, who_asks(office, current_request()))))

    @application.post("/v1/webhooks/secret")
    def rotate() -> Response:
        wire = current_request()
        return respond(told(rotate_webhook(office, who_asks(office, wire), wire.body or b"")))

    @application.post("/v1/webhooks/end")
    def end() -> Response:
        wire = current_request()
        return respond(told(end_webhook(office, who_asks(office, wire), wire.body or b"")))
