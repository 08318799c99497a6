"""Serve our published directory read-only: `metadata/` and `targets/`, to anybody, plain HTTP.

Nothing in it is secret and all of it is signed; any web server may serve the folder instead.
"""

import re
from pathlib import Path

from flask import Flask, Response

from gateway.exchange.answer import Answer
from gateway.exchange.guard import Sizes, guard
from gateway.model.refusal import Refusal
from gateway.proof.trust_folder import folder_reader
from gateway.web.wire import answering, respond

SIZES = Sizes({}, 0)
_NAME = re.compile(
    r"metadata/[a-z0-9][a-z0-9.-]{0,80}\.json"
    r"|targets/(?:[A-Za-z0-9][A-Za-z0-9._-]{0,80}/){0,4}[0-9a-f]{64}\.[A-Za-z0-9._-]{1,80}"
)


def directory_application(folder: Path) -> Flask:
    """Build the application over a published folder."""
    application = Flask("lmx-directory")
    answering(application)
    read = folder_reader(folder)

    @application.get("/healthz")
    def healthz() -> Response:
        return respond(Answer(200, "application/json", b'{"alive":true}'))

    @application.get("/<path:name>")
    def file(name: str) -> Response:
        data = read(name) if _NAME.fullmatch(name) and ".." not in name else None
        if data is None:
            raise Refusal(
                "request.not-found",
                step="serve",
                rule="a directory has metadata/ and targets/, named as TUF names them",
            )
        media_type = "application/json" if name.endswith(".json") else "application/octet-stream"
        return respond(Answer(200, media_type, data))

    application.wsgi_app = guard(application.wsgi_app, sizes=SIZES)  # type: ignore[method-assign, assignment]
    return application
