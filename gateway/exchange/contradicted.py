"""A destination that is told of B.3 or X.9 by the origin, for what it may have accepted.

evidence-log 3.3: it records what it is told, and answers a B.3 with its own receipts.
"""

from gateway.exchange.office import Office
from gateway.exchange.told import (
    ACCEPTED,
    Told,
    follows_nothing,
    keep,
    raise_alarm,
    send_receipts,
    wrong,
)
from gateway.store import exchange_rows
from gateway.store.connection import Turn
from gateway.store.scope import WHOLE


def take_of_origin(turn: Turn, office: Office, told: Told) -> None:
    """Record the origin's B.3 or X.9 at the destination; a B.3 is answered with our receipts.

    Refuses `receipt.wrong` for a B.3 before its deadline, and for an X.9 without a B.3.
    """
    before = [codes for codes, _ in exchange_rows.receipts(turn, told.exchange.x, WHOLE)]
    if " ".join(told.codes) in before:
        raise follows_nothing()
    if told.codes == ("X.9",):
        if "B.3" not in before:
            raise follows_nothing()
        keep(turn, office, told)
        return
    if told.in_time:
        raise wrong("a B.3 is issued after the relay deadline")
    keep(turn, office, told)
    if ACCEPTED in before:
        raise_alarm(turn, office, told, "receipt.contradicted")
    send_receipts(turn, told)
