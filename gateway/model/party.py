"""States, authorities, corridors and directions: how each is written and read."""

import re
from dataclasses import dataclass

_STATE = re.compile(r"[A-Z]{2}")
_AUTHORITY = re.compile(r"([a-z]{2})\.[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Direction:
    """One way of a corridor, from the origin state to the destination state (alpha-2)."""

    origin: str
    destination: str

    @property
    def corridor(self) -> str:
        """Write the corridor: both states in alphabetical order, `KZ-UZ`."""
        return "-".join(sorted((self.origin, self.destination)))

    def __str__(self) -> str:
        return f"{self.origin}>{self.destination}"


def state_of_authority(authority: str) -> str:
    """Give the state of `uz.migration-agency`: `UZ`. ValueError for another spelling."""
    found = _AUTHORITY.fullmatch(authority)
    if not found:
        raise ValueError("an authority is written alpha-2, dot, slug")
    return found[1].upper()


def read_direction(text: str) -> Direction:
    """Read `KZ>UZ`. ValueError for another spelling, or one state twice."""
    origin, mark, destination = text.partition(">")
    good = mark and _STATE.fullmatch(origin) and _STATE.fullmatch(destination)
    if not good or origin == destination:
        raise ValueError("a direction is written KZ>UZ")
    return Direction(origin, destination)


def partner_log(gateway: str, own: str, partner: str) -> str:
    """Write the origin of the log a gateway keeps for a corridor: `gw.kz.example/log/kz-uz`."""
    return f"{gateway}/log/{own.lower()}-{partner.lower()}"


def home_log(gateway: str) -> str:
    """Write the origin of a gateway's home log."""
    return f"{gateway}/log/home"
