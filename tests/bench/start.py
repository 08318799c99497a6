"""How long a gateway takes from its start until its API answers."""

import os
import statistics
import time

from tests.support.gateways import Ground, answers, until

STARTS = 3


def cold_start(made: Ground) -> dict[str, float]:
    """Start and stop one gateway over stores that are there: seconds until it answers as ready.

    cpu_s: the processor time of all that ran for it, which other load on the machine hardly
    changes; it counts the gateway's end too.
    """
    _, link = made.actor("tj.migration-service")
    walls, costs = [], []
    # The first start makes the stores and is left out.
    for _ in range(STARTS + 1):
        before, begun = _of_children(), time.perf_counter()
        made.start("TJ")
        until(lambda: answers(link), "the gateway", every=0.01)
        walls.append(time.perf_counter() - begun)
        made.stop()
        costs.append(_of_children() - before)
    middle = statistics.median
    return {"s": round(middle(walls[1:]), 2), "cpu_s": round(middle(costs[1:]), 2)}


def _of_children() -> float:
    told = os.times()
    return told.children_user + told.children_system
