"""States, authorities, corridors and directions: how each is written and read."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from gateway.model.remembered import remembered

_STATE = re.compile(r"[A-Z]{2}")
_AUTHORITY = re.compile(r"([a-z]{2})\.[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Direction:
    """One way of a corridor, from the origin state to the destination state (alpha-2)."""

    origin: str
    destination: str
    # Both states in alphabetical order, `KZ-UZ`.
    corridor: str = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Write the corridor once."""
        object.__setattr__(self, "corridor", "-".join(sorted((self.origin, self.destination))))

    def __str__(self) -> str:
        return f"{self.origin}>{self.destination}"


@remembered(1024)
def state_of_authority(authority: str) -> str:
    """Give the state of `uz.migration-agency`: `UZ`. ValueError for another spelling."""
    found = _AUTHORITY.fullmatch(authority)
    if not found:
        raise ValueError("an authority is written alpha-2, dot, slug")
    return found[1].upper()


def _direction(text: str) -> Direction:
    origin, mark, destination = text.partition(">")
    good = mark and _STATE.fullmatch(origin) and _STATE.fullmatch(destination)
    if not good or origin == destination:
        raise ValueError("a direction is written KZ>UZ")
    return Direction(origin, destination)


# Four states have twelve directions, and every header names one.
read_direction: Callable[[str], Direction] = lru_cache(maxsize=256)(_direction)
"""Read `KZ>UZ`. ValueError for another spelling, or one state twice."""


def partner_log(gateway: str, own: str, partner: str) -> str:
    """Write the origin of the log a gateway keeps for a corridor: `gw.kz.example/log/kz-uz`."""
    return f"{gateway}/log/{own.lower()}-{partner.lower()}"


def home_log(gateway: str) -> str:
    """Write the origin of a gateway's home log."""
    return f"{gateway}/log/home"
