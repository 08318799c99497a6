"""What became of a submission's records, counted: for a history that must agree to the last row."""

import json
from collections import Counter
from typing import Any

from gateway.exchange.handover import not_found
from gateway.exchange.office import Office
from gateway.store import exchange_rows
from gateway.store.scope import Own
from gateway.store.submission_rows import submission


def counts(office: Office, name: str, scope: Own) -> dict[str, Any]:
    """Give `{records, accepted, refused, states}`; states counts exchanges by their last event.

    Refuses `request.not-found`.
    """
    with office.store.read() as turn:
        row = submission(turn, name, scope)
        if row is None:
            raise not_found()
        records = json.loads(row.answer).get("records", [])
        xs = [one["exchangeId"] for one in records if "exchangeId" in one]
        states = Counter(exchange_rows.states_of(turn, xs))
    return {
        "submission": name,
        "records": len(records),
        "accepted": len(xs),
        "refused": len(records) - len(xs),
        "states": dict(sorted(states.items())),
    }
