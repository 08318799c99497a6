"""Every request of a record's way, played again as it was sent: refused, and nothing is stored."""

import io
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import run_wsgi_app

from gateway.exchange.office import Office
from gateway.store.tables import ENTRY, RECEIPT, SUBMISSION
from tests.support.two_offices import two_offices

PATHS = {
    "/v1/submissions",
    "/v1/inbox/handover",
    "/peer/v1/messages",
    "/peer/v1/receipts",
}
Heard = list[tuple[Flask, dict[str, Any], bytes]]


def _overheard(application: Flask, heard: Heard) -> None:
    inner = application.wsgi_app

    def listening(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        if environ["PATH_INFO"] in PATHS:
            heard.append((application, dict(environ), body))
        return inner({**environ, "wsgi.input": io.BytesIO(body)}, start)

    application.wsgi_app = listening  # type: ignore[method-assign]


def _stored(office: Office) -> list[int]:
    with office.store.read() as turn:
        return [
            turn.execute(select(func.count()).select_from(one)).scalar_one()
            for one in (ENTRY, RECEIPT, SUBMISSION)
        ]


def test_each_request_of_a_record_s_way_is_refused_when_it_is_played_again(tmp_path: Path) -> None:
    heard: Heard = []
    with two_offices(tmp_path) as offices:
        sides = (offices.kz, offices.uz)
        for side in sides:
            for port in (side.api, side.peer):
                _overheard(port.application, heard)
        x = offices.kz.submit()
        offices.kz.worker.round()
        offices.uz.take_and_confirm()
        offices.uz.worker.round()
        assert offices.kz.codes(x) == ["A.1", "B.1 D.1", "E.1"]
        before = [_stored(side.office) for side in sides]
        asked = list(heard)
        assert {environ["PATH_INFO"] for _, environ, _ in asked} == PATHS
        for application, environ, body in asked:
            again = {**environ, "wsgi.input": io.BytesIO(body)}
            octets, status, _ = run_wsgi_app(application.wsgi_app, again)
            told = json.loads(b"".join(octets))
            assert (status[:3], told["code"]) == ("401", "nonce.replayed"), environ["PATH_INFO"]
        assert [_stored(side.office) for side in sides] == before
