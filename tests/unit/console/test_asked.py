"""What the address of a page asks for."""

import pytest
from flask import Flask

from gateway.console.asked import number_asked, text_asked


@pytest.mark.parametrize(
    ("query", "number"),
    [("before=17", 17), ("", 0), ("before=abc", 0), ("before=-1", 0), ("before=" + "9" * 30, 0)],
)
def test_a_number_that_no_row_has_is_none(query: str, number: int) -> None:
    with Flask("asked").test_request_context(f"/?{query}"):
        assert number_asked("before") == number


@pytest.mark.parametrize(
    ("query", "text"), [("state=B.1", "B.1"), ("", ""), ("state=B%00", ""), ("state=a%0Ab", "")]
)
def test_a_text_that_no_column_holds_is_none(query: str, text: str) -> None:
    with Flask("asked").test_request_context(f"/?{query}"):
        assert text_asked("state") == text
