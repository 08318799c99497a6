"""How far a followed directory may still be used: a pure decision over what the last round met.

Unreachable is an accident: what was verified last holds 72 hours after its timestamp's end, and
nothing new is taken. Served but expired, or served wrong, is what an attacker does who freezes or
forges a directory: no grace once the timestamp has ended (evidence-log section 8).
"""

from datetime import datetime, timedelta
from enum import StrEnum

from gateway.model.refusal import Refusal

GRACE = timedelta(hours=72)
EXPIRED = "directory.expired"
# What a cut line looks like, with no word from the partner's server.
_SILENT = frozenset({"", "directory.unreachable", "directory.slow"})


class Standing(StrEnum):
    """How a directory stands: current, in grace, or not to be used for anything new."""

    CURRENT = "current"
    GRACE = "grace"
    FROZEN = "frozen"
    STALE = "stale"


def standing(ends: datetime, failure: str, at: datetime) -> Standing:
    """Tell how the last verified state stands at `at`.

    ends: the end of its timestamp; failure: the refusal code of the last round, empty if it went
    well or none was made since.
    """
    if at < ends:
        return Standing.CURRENT
    if failure not in _SILENT:
        return Standing.FROZEN
    return Standing.GRACE if at < ends + GRACE else Standing.STALE


def is_alarm(failure: str, found: Standing) -> bool:
    """Tell whether a person must look now: something wrong was served, or the grace runs."""
    return failure not in _SILENT or found is not Standing.CURRENT


def require_usable(state: str, found: Standing) -> None:
    """Refuse `directory.expired` (frozen) or `directory.stale` (grace over) for new exchanges."""
    if found is Standing.FROZEN:
        raise Refusal(
            EXPIRED,
            step="policy",
            rule="the state's directory is served but has ended; its keeper must renew it",
            place=state,
        )
    if found is Standing.STALE:
        raise Refusal(
            "directory.stale",
            step="policy",
            rule="the state's directory was not reached for too long; see lmx directory status",
            place=state,
        )
