"""A person is led back to a page of this console, and nowhere else."""

import pytest
from flask import Flask

from gateway.console.ways_back import way_back


@pytest.mark.parametrize(
    ("told", "led"),
    [
        ("/refused", "/refused"),
        ("/exchanges/01a2-x", "/exchanges/01a2-x"),
        ("/?state=B.3%26role=origin", "/?state=B.3&role=origin"),
        ("", "/"),
        ("https://elsewhere.example", "/"),
        ("//elsewhere.example", "/"),
        ("/%5C/elsewhere.example", "/"),
        ("/%0Aelsewhere", "/"),
        ("refused", "/"),
    ],
)
def test_the_way_back_stays_in_the_console(told: str, led: str) -> None:
    application = Flask("console")
    application.add_url_rule("/", "exchanges")
    with application.test_request_context(f"/login?back={told}"):
        assert way_back() == led
