"""How long a ministry waits for the answer to a question, through two gateways on loopback."""

import statistics
import time
from datetime import timedelta

from gateway.client import questions
from gateway.client.profile import Profile
from gateway.delivery.link import Link
from gateway.wiring import now

QUESTIONS = 100
WARM = 10
PERMIT = "WorkAuthorisation"


def question_ms(asking: Link, answering: Profile, link: Link) -> dict[str, float]:
    """Ask one after the other; the list is the answering authority's, told for an hour."""
    at = now()
    entries = [{"number": f"P-{one}", "verdict": "valid"} for one in range(QUESTIONS)]
    questions.publish_statuses(
        link,
        answering.key,
        answering.authority,
        PERMIT,
        entries,
        as_of=at.date(),
        until=at + timedelta(hours=1),
        at=at,
    )
    found = []
    for one in range(QUESTIONS + WARM):
        begun = time.perf_counter()
        told = questions.ask(
            asking,
            PERMIT,
            f"P-{one % QUESTIONS}",
            to=answering.authority,
            purpose="permit-notice",
            wait=0,
        )
        if told.answer is None or told.answer["verdict"] != "valid":
            raise RuntimeError("a question of the load was not answered at once")
        found.append((time.perf_counter() - begun) * 1000)
    cuts = statistics.quantiles(found[WARM:], n=100)
    return {name: round(cuts[at - 1], 1) for name, at in (("p50", 50), ("p95", 95), ("p99", 99))}
