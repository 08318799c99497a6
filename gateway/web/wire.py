"""Between Flask and the steps: requests as our type, answers and refusals as responses."""

import errno
from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException
from werkzeug.sansio.utils import get_host

from gateway.exchange.answer import Answer, refused
from gateway.model.refusal import Refusal
from gateway.proof.http_signature import Request
from gateway.store.turns import full

# Where in the environ the name of an authenticated caller stands, for the log alone.
CALLER = "lmx.caller"
# What a file says of a disk without room, and of one whose share for us is used up.
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
# Fields that WSGI gives without HTTP_ before them.
_OWN = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}
_NEVER = frozenset(f"HTTP_{key}" for key in _OWN.values())
_HTTP = {404: "request.not-found", 405: "request.method"}


def log(name: str) -> Any:
    """Give a logger."""
    # With what it can print in colours it weighs as much as Flask, and only what goes wrong is
    # told: a port that has told nothing yet is open without it.
    import structlog  # noqa: PLC0415

    return structlog.get_logger(name)


def current_request() -> Request:
    """Give the request as the wire had it; a body is only there for POST."""
    # As WSGI has it (PEP 3333), asked once: each look at Flask's request goes by its context.
    environ = request.environ
    method, query = environ["REQUEST_METHOD"], environ.get("QUERY_STRING", "")
    authority = get_host(environ["wsgi.url_scheme"], environ.get("HTTP_HOST"))
    body = environ["wsgi.input"].read() if method == "POST" else None
    return Request(method, authority, environ["PATH_INFO"], query, _headers(environ), body)


def _headers(environ: Mapping[str, Any]) -> dict[str, str]:
    found = {
        name[5:].replace("_", "-").lower(): value
        for name, value in environ.items()
        if name.startswith("HTTP_") and name not in _NEVER
    }
    return found | {name: environ[key] for name, key in _OWN.items() if environ.get(key)}


def respond(answer: Answer) -> Response:
    """Give the answer to Flask; nothing we say may be kept by a cache."""
    found = Response(answer.body, status=answer.status, content_type=answer.media_type)
    found.headers["Cache-Control"] = "no-store"
    if answer.after:
        found.headers["Retry-After"] = str(answer.after)
    return found


def answering(application: Flask) -> None:
    """Have every refusal answered as problem details; unexpected errors tell nothing."""

    def on_refusal(refusal: Refusal) -> Response:
        log("lmx.web").info(
            "refused",
            code=refusal.code,
            step=refusal.step,
            endpoint=request.endpoint,
            caller=request.environ.get(CALLER, ""),
        )
        return respond(refused(refusal))

    def on_http(error: HTTPException) -> Response:
        code = _HTTP.get(error.code or 500, "request.malformed")
        rule = "see /openapi.json for what can be asked here"
        return respond(refused(Refusal(code, step="submit", rule=rule)))

    def on_error(error: Exception) -> Response:
        if isinstance(error, OSError) and error.errno in _NO_ROOM:
            return on_refusal(full())
        # The text of an unknown error may hold content, so only its kind is told.
        log("lmx.web").error("failed", kind=type(error).__name__, endpoint=request.endpoint)
        refusal = Refusal("internal.error", step="submit", rule="try again; the operator was told")
        return respond(refused(refusal))

    handlers: list[tuple[type[Exception], Callable[..., Response]]] = [
        (Refusal, on_refusal),
        (HTTPException, on_http),
        (Exception, on_error),
    ]
    for kind, handler in handlers:
        application.register_error_handler(kind, handler)
