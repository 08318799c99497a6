"""What Flask answers for what the steps did not foresee."""

import errno

import pytest
from flask import Flask

from gateway.web.wire import answering


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
