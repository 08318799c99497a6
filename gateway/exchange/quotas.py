"""How much of an agreement's quotas is used, counted from the exchanges that are stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from gateway.model.instants import write_instant
from gateway.model.quotas import Quota
from gateway.store import exchange_rows
from gateway.store.connection import Store, Turn


class QuotaTakenError(Exception):
    """Another submission was committed meanwhile and took the last room: decide again."""


@dataclass(frozen=True, slots=True)
class Journey:
    """What a record counts for: our role in it, direction, partner, type, sender and when sent."""

    role: str
    direction: str
    partner: str
    record_type: str
    sender: str
    at: datetime


def usage(store: Store, quotas: Sequence[Quota], way: Journey, pending: int) -> dict[Quota, int]:
    """Count what each quota has used before this record; pending: what is not committed yet."""
    with store.read() as turn:
        return {one: _count(turn, one, way) + pending for one in quotas}


def usage_with(
    store: Store, quotas: Sequence[Quota], way: Journey, before: Sequence[Journey]
) -> dict[Quota, int]:
    """Count the same, of what is not committed yet only those that count with this record."""
    stored = usage(store, quotas, way, 0)
    return {one: count + _among(before, one, way) for one, count in stored.items()}


def require_room(
    turn: Turn, quotas: Sequence[Quota], way: Journey, before: Sequence[Journey] = ()
) -> None:
    """Within the writer's turn: QuotaTakenError when no room is left for one more record."""
    for one in quotas:
        if _count(turn, one, way) + _among(before, one, way) >= one.limit:
            raise QuotaTakenError


def _among(before: Sequence[Journey], quota: Quota, way: Journey) -> int:
    begin, end = quota.bounds(way.at)
    own = [
        one
        for one in before
        if (one.role, one.partner, one.record_type) == (way.role, way.partner, way.record_type)
        and begin <= one.at < end
    ]
    return sum(quota.each != "authority" or one.sender == way.sender for one in own)


def _count(turn: Turn, quota: Quota, way: Journey) -> int:
    begin, end = quota.bounds(way.at)
    same = {"role": way.role, "partner": way.partner, "record_type": way.record_type}
    if quota.each == "authority":
        same["sender"] = way.sender
    return exchange_rows.count_between(turn, same, write_instant(begin), write_instant(end))
