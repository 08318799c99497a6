"""Refuse an exchange id that comes with another header, and keep what proves it.

evidence-log 3.3: B.2 `id.reuse`. Both headers are sealed by the same gateway, each with its A.1:
nobody else can have made them. What stands of the first one is not touched.
"""

import json
from typing import Any

from gateway.exchange.office import Office, digest
from gateway.exchange.record import (
    Event,
    exchange_members,
    log_events,
    receipt_members,
    signed_receipt,
)
from gateway.exchange.verify import SealedMessage
from gateway.model.instants import write_instant
from gateway.proof.canonical import canonical_json
from gateway.store.alarm_rows import AlarmRow, alarm, put_alarm
from gateway.store.connection import Turn

CODE = "id.reuse"


def refuse_reuse(office: Office, message: SealedMessage) -> dict[str, Any]:
    """Give `{x, receipt}` with the B.2 for this header: the same bytes as often as it comes.

    The alarm's evidence is canonical JSON of `{seal, receipt, answer}`: the second header as it
    was sealed, its A.1, and our B.2.
    """
    x, subject = message.header.exchange_id, message.header.hdr
    with office.store.write(office.log(message.header.direction.origin)) as turn:
        known = alarm(turn, CODE, x, subject)
        if known is not None:
            return {"x": x, "receipt": str(json.loads(known.evidence)["answer"])}
        token = _answer(turn, office, message)
        told = {"seal": message.seal, "receipt": message.receipt_token, "answer": token}
        at, partner = write_instant(office.clock()), message.header.direction.origin
        put_alarm(turn, AlarmRow(at, CODE, partner, x, subject, canonical_json(told)))
    return {"x": x, "receipt": token}


def _answer(turn: Turn, office: Office, message: SealedMessage) -> str:
    header = message.header
    log = office.log(header.direction.origin)
    answered = digest(message.receipt_token.encode("ascii"))
    shared = exchange_members(header)
    log_events(turn, office, [Event("A.1", log, {**shared, "ev": answered})])
    refused = Event("B.2", log, {**shared, "re": answered}, reasons=(CODE,))
    logged = log_events(turn, office, [refused])
    told = {**receipt_members(header), "re": answered}
    return signed_receipt(office, header.exchange_id, logged, told)
