"""What Flask answers for what the steps did not foresee."""

import errno

import pytest
from flask import Flask

from gateway.web.wire import answering, current_request


def _fails_with(error: Exception) -> Flask:
    application = Flask(__name__)

    def fails() -> str:
        raise error

    application.add_url_rule("/", "fails", fails)
    answering(application)
    return application


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_file_without_room_is_a_full_store(number: int) -> None:
    found = _fails_with(OSError(number, "no room")).test_client().get("/")
    assert (found.status_code, found.get_json()["code"]) == (507, "storage.full")


def test_what_nobody_foresaw_tells_nothing() -> None:
    found = _fails_with(OSError(errno.EIO, "Alisher")).test_client().get("/")
    assert (found.status_code, found.get_json()["code"]) == (500, "internal.error")
    assert b"Alisher" not in found.data


def test_a_request_has_the_fields_that_came_and_no_other() -> None:
    environ = {"HTTP_X_OWN": "1", "HTTP_CONTENT_TYPE": "text/x-other", "REMOTE_ADDR": "127.0.0.1"}
    asked = {"method": "POST", "data": b"a;b", "content_type": "text/csv", "base_url": "http://a:8"}
    with Flask(__name__).test_request_context("/v1/x?to=b", environ_base=environ, **asked):
        found = current_request()
    assert (found.authority, found.path, found.query, found.body) == (
        "a:8",
        "/v1/x",
        "to=b",
        b"a;b",
    )
    named = {"host": "a:8", "content-type": "text/csv", "content-length": "3", "x-own": "1"}
    assert found.headers == named
