"""Ask now: `/v1/queries` of who asks, and `/v1/status-lists` of who answers."""

import threading
from collections.abc import Callable

from flask import Flask, Response, request

from gateway.exchange.answer import Answer, told
from gateway.exchange.ask import ask, carry, told_question
from gateway.exchange.authenticate import Caller
from gateway.exchange.export import LinkTo
from gateway.exchange.office import Office
from gateway.exchange.status_list import publish_list
from gateway.model.refusal import Refusal
from gateway.proof.http_signature import Request
from gateway.proof.json_signature import LARGEST_TOKEN
from gateway.store import exchange_rows
from gateway.store.scope import WHOLE
from gateway.web.asked import LONGEST_WAIT, number, parameters, token_of
from gateway.web.hold import HOLD, Hold
from gateway.web.wire import CALLER, current_request, log, respond

QUERY_SIZES = {"/v1/queries": 4096, "/v1/status-lists": LARGEST_TOKEN}
# So many questions of a process wait for a partner at once; of its few threads some stay free.
MOST_CARRIED = 2
WhoAsks = Callable[[Office, Request], Caller]


def questions(application: Flask, office: Office, link_to: LinkTo, who_asks: WhoAsks) -> None:
    """Add the routes; who_asks authenticates a caller that may act."""
    carried = threading.BoundedSemaphore(MOST_CARRIED)

    @application.post("/v1/queries")
    def query() -> Response:
        wire = current_request()
        caller, x = ask(office, wire)
        request.environ[CALLER] = caller.name
        if carried.acquire(blocking=False):
            try:
                _carry(office, x, link_to)
            finally:
                carried.release()
        return respond(_waiting(office, caller, x, wire.query))

    @application.get("/v1/queries/<x>")
    def queried(x: str) -> Response:
        wire = current_request()
        return respond(_waiting(office, who_asks(office, wire), x, wire.query))

    @application.post("/v1/status-lists")
    def statuses() -> Response:
        wire = current_request()
        caller = who_asks(office, wire)
        return respond(told(publish_list(office, caller, token_of(wire))))


def _carry(office: Office, x: str, link_to: LinkTo) -> None:
    with office.store.read() as turn:
        row = exchange_rows.exchange(turn, x, WHOLE)
    if row is None:
        return
    try:
        link = link_to(row.partner)
    except (Refusal, LookupError):
        # No address for the partner now; the question stays open until its deadline.
        return
    why = carry(office, x, link, row.partner)
    if why:
        log("lmx.questions").warning(
            "question left to the worker", partner=row.partner, x=x, why=why
        )


def _waiting(office: Office, caller: Caller, x: str, query: str) -> Answer:
    asked = parameters(query)
    found = told_question(office, caller, x)
    seconds = min(number(asked, "wait", 0), LONGEST_WAIT)

    def look() -> Answer | None:
        now = told_question(office, caller, x)
        return told(now) if _is_whole(now) else None

    if not _is_whole(found) and seconds:
        request.environ[HOLD] = Hold(seconds, look)
    return told(found)


def _is_whole(found: dict[str, object]) -> bool:
    # After E.1 the answer is on its way: the wait goes on until it is here.
    return "answer" in found or found["state"] in {"B.2", "B.3", "E.2"}
