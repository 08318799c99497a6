"""Submissions as their senders see them: `/v1/submissions` and what reads one again."""

import json
from collections.abc import Callable

from flask import Flask, Response

from gateway.config.config import LARGEST_BODY
from gateway.exchange.answer import told
from gateway.exchange.authenticate import Caller
from gateway.exchange.counts import counts
from gateway.exchange.handover import not_found
from gateway.exchange.office import Office
from gateway.exchange.rerun import rerun
from gateway.exchange.submit import submit
from gateway.proof.http_signature import Request
from gateway.store import submission_rows
from gateway.web.wire import current_request, respond

SUBMISSION_SIZES = {"/v1/submissions": LARGEST_BODY, "/v1/reruns": 1024}


def submissions(
    application: Flask, office: Office, who_asks: Callable[[Office, Request], Caller]
) -> None:
    """Add the routes; who_asks authenticates a caller that may act."""

    @application.post("/v1/submissions")
    def submit_one() -> Response:
        return respond(submit(office, current_request()))

    @application.get("/v1/submissions/<name>")
    def submission(name: str) -> Response:
        caller = who_asks(office, current_request())
        with office.store.read() as turn:
            row = submission_rows.submission(turn, name, caller.scope())
        if row is None:
            raise not_found()
        return respond(told(json.loads(row.answer)))

    @application.get("/v1/submissions/<name>/counts")
    def counted(name: str) -> Response:
        caller = who_asks(office, current_request())
        return respond(told(counts(office, name, caller.scope())))

    @application.post("/v1/reruns")
    def again() -> Response:
        return respond(rerun(office, current_request()))
