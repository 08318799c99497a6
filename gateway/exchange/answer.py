"""What a caller gets back: bytes with a status; refusals as RFC 9457 problem details."""

from dataclasses import dataclass
from typing import Any

from gateway.model.refusal import Refusal
from gateway.proof.canonical import canonical_json

JSON = "application/json"
PROBLEM = "application/problem+json"
# Where a refusal knows no better: seconds until trying again makes sense (RFC 9110 10.2.3).
TRY_AGAIN_SECONDS = 30
_WAIT = (429, 503, 507)


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer: status, media type, octets; after: seconds of Retry-After, 0 for none."""

    status: int
    media_type: str
    body: bytes
    after: int = 0


def told(value: Any, status: int = 200) -> Answer:
    """Answer with canonical JSON."""
    return Answer(status, JSON, canonical_json(value))


def refused(refusal: Refusal, **more: Any) -> Answer:
    """Answer with a refusal: code, title, rule and place, and nothing of the input.

    A 429, 503 or 507 that passes by itself says after how many seconds to try again.
    """
    kind, after = refusal.kind, refusal.after
    if kind.retry and kind.status in _WAIT:
        after = after or TRY_AGAIN_SECONDS
    body = canonical_json({**refusal_members(refusal), **more})
    return Answer(kind.status, PROBLEM, body, after)


def refusal_members(refusal: Refusal) -> dict[str, Any]:
    """Give a refusal as members (RFC 9457 section 3.1, with code, step, place and retry)."""
    found = {
        "type": f"urn:lmx:refusal:{refusal.code}",
        "title": refusal.kind.title,
        "status": refusal.kind.status,
        "detail": refusal.rule,
        "code": refusal.code,
        "step": refusal.step,
        "retry": refusal.kind.retry,
    }
    return {**found, "place": refusal.place} if refusal.place else found
