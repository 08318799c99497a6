"""A request that no door has judged is judged before any route is looked for."""

import io
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from gateway.exchange.guard import JUDGED, Sizes, guard

SIZES = Sizes({"/v1/submissions": 10}, 0)


def _application(_environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    start("200 OK", [])
    return [b"taken"]


def _status(**more: Any) -> str:
    told: list[str] = []
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/v1/submissions",
        "QUERY_STRING": "",
        "HTTP_HOST": "a.example",
        "CONTENT_LENGTH": "11",
        "wsgi.input": io.BytesIO(b"x" * 11),
    }
    guard(_application, sizes=SIZES)(
        {**environ, **more}, lambda status, _headers: told.append(status)
    )
    return told[0][:3]


def test_a_body_that_is_too_large_is_refused() -> None:
    assert _status() == "413"


def test_what_a_door_has_judged_by_the_same_sizes_is_not_judged_again() -> None:
    assert _status(**{JUDGED: SIZES}) == "200"


@pytest.mark.parametrize("other", [Sizes({}, 100), True, "1"], ids=str)
def test_another_door_s_judgement_does_not_count(other: object) -> None:
    assert _status(**{JUDGED: other}) == "413"


def test_no_field_of_a_request_stands_for_a_door() -> None:
    assert _status(HTTP_LMX_JUDGED="1") == "413"
