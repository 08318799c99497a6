"""Whether a process lives, whether it can work, and what it counted."""

from flask import Flask, Response

from gateway.exchange.answer import told
from gateway.exchange.office import Office
from gateway.store import log_rows
from gateway.web.wire import respond


def health(application: Flask, office: Office) -> None:
    """Add `/healthz`, `/readyz` and `/metrics`; none of them tells anything of a person."""

    @application.get("/healthz")
    def healthz() -> Response:
        return respond(told({"alive": True}))

    @application.get("/readyz")
    def readyz() -> Response:
        with office.store.read() as turn:
            log_rows.size_of(turn, office.home)
        return respond(told({"ready": True, "gateway": office.name}))

    @application.get("/metrics")
    def metrics() -> Response:
        # What writes them takes a fiftieth of a start to import, and many never ask.
        from gateway.web.metrics import MEDIA_TYPE, metrics_text  # noqa: PLC0415

        return Response(metrics_text(office), content_type=MEDIA_TYPE)
