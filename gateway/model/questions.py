"""A question to an authority about one document, and its answer: words both gateways use."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

QUERY = "StatusQuery"
ANSWER = "StatusAnswer"
FORMS = frozenset({QUERY, ANSWER})
# How long an answer is waited for; then B.3 is the signed "no answer".
RELAY = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: is this document of a record type valid on a day (YYYY-MM-DD)?"""

    record_type: str
    number: str
    on: str


def read_question(record: Mapping[str, Any]) -> Question:
    """Read a checked `StatusQuery`, or what a `StatusAnswer` repeats of it."""
    return Question(record["recordType"], record["number"], record["on"])


def asked_type(record_type: str, record: Mapping[str, Any]) -> str:
    """Give the record type that a question or answer is about, empty for a record."""
    return str(record["recordType"]) if record_type in FORMS else ""
