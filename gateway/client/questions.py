"""Ask whether a document is valid, and publish what others may ask: the ministry's side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from gateway.client.client import Taken, taken_of, told
from gateway.delivery.link import Link
from gateway.model.instants import write_instant
from gateway.proof.canonical import canonical_json
from gateway.proof.json_signature import STATUS_LIST, sign_jws
from gateway.proof.keys import CertifiedKey


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: its exchange, the last event, and the answer with what confirms it, once here.

    state: `B.2` refused there, `B.3` nobody answered in time, `A.1` and `E.1` on its way.
    """

    x: str
    state: str
    answer: Mapping[str, str] | None
    taken: Taken | None


def ask(
    link: Link,
    record_type: str,
    number: str,
    *,
    to: str,
    purpose: str,
    on: date | None = None,
    wait: int = 8,
    idempotency: str | None = None,
) -> Asked:
    """Ask an authority of another state. AnsweredError when it may not be asked.

    on: the day, today (UTC) without; wait: seconds to wait for the answer; idempotency: a key under
    which asking again is the same question.
    """
    asked = {"recordType": record_type, "number": number}
    body = canonical_json(asked if on is None else {**asked, "on": on.isoformat()})
    query = urlencode({"to": to, "purpose": purpose, "wait": wait})
    return _asked(told(link.post(f"/v1/queries?{query}", body, "application/json", idempotency)))


def asked(link: Link, x: str, *, wait: int = 8) -> Asked:
    """Look again for the answer of a question."""
    return _asked(told(link.get(f"/v1/queries/{x}?wait={wait}")))


def publish_statuses(
    link: Link,
    key: CertifiedKey,
    authority: str,
    record_type: str,
    entries: Sequence[Mapping[str, str]],
    *,
    as_of: date,
    until: datetime,
    at: datetime,
) -> dict[str, Any]:
    """Sign and publish what may be told of documents until an instant; at: now.

    entries: `number` and `verdict` (`valid`, `invalid`), and where known `state`, `from`, `to`.
    """
    payload = {
        "asOf": as_of.isoformat(),
        "authority": authority,
        "entries": [dict(one) for one in entries],
        "recordType": record_type,
        "until": write_instant(until),
    }
    token = sign_jws(canonical_json(payload), key, typ=STATUS_LIST, at=at)
    return told(link.post("/v1/status-lists", token.encode("ascii"), "application/jose"))


def _asked(found: Mapping[str, Any]) -> Asked:
    item = found.get("item")
    taken = None if item is None else taken_of(item)
    return Asked(found["exchangeId"], found["state"], found.get("answer"), taken)
