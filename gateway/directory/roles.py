"""The roles of a state's directory: who signs what, how many of how many, for how long.

Source: evidence-log section 8 (one TUF repository a state); the names are TUF's own.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta


class CeremonyError(Exception):
    """A step of keeping the directory that must not be done; a sentence for the person who tries.

    Says what is wrong, where, and what to do next. Holds names of roles, holders and files,
    never their content.
    """


@dataclass(frozen=True, slots=True)
class RolePlan:
    """One role: `threshold` of `keys` sign; metadata lives `lifetime`.

    ahead: how long before its end a role is renewed. offline: its keys never lie on the gateway.
    paths: target paths it signs, TUF patterns; empty for roles that sign metadata only.
    """

    name: str
    threshold: int
    keys: int
    lifetime: timedelta
    ahead: timedelta
    offline: bool = False
    paths: tuple[str, ...] = ()

    def renewal(self, expires: datetime) -> datetime:
        """Give the instant from which the role is due for a new version."""
        return expires - self.ahead


ROOT, TARGETS, OPS, REVOKED = "root", "targets", "ops", "revoked"
SNAPSHOT, TIMESTAMP = "snapshot", "timestamp"
PLANS = {
    one.name: one
    for one in (
        RolePlan(ROOT, 2, 3, timedelta(days=365), timedelta(days=60), offline=True),
        RolePlan(TARGETS, 2, 3, timedelta(days=90), timedelta(days=21), offline=True),
        RolePlan(OPS, 1, 2, timedelta(days=30), timedelta(days=10), paths=("member/*",)),
        RolePlan(REVOKED, 1, 3, timedelta(days=7), timedelta(days=3), paths=("revoked/*",)),
        RolePlan(SNAPSHOT, 1, 1, timedelta(days=7), timedelta(days=3)),
        # Refreshed every 6 hours: due when 18 of its 24 are left.
        RolePlan(TIMESTAMP, 1, 1, timedelta(hours=24), timedelta(hours=18)),
    )
}
# Those that are staged in a draft and signed by people or by the operator's keys.
STAGED = (ROOT, TARGETS, OPS, REVOKED)
DELEGATED = (OPS, REVOKED)
_TARGETS_OF = (
    (TARGETS, re.compile(r"authority/roots\.pem")),
    (TARGETS, re.compile(r"agreements/[A-Z]{2}-[A-Z]{2}/v[1-9]\d{0,8}\.json")),
    (TARGETS, re.compile(r"agreements/[A-Z]{2}-[A-Z]{2}/v[1-9]\d{0,8}\.sig/[a-z]{2}\.json")),
    (OPS, re.compile(r"member/(gateway|authorities|submitters)\.json")),
    (REVOKED, re.compile(r"revoked/[a-z0-9][a-z0-9.-]{0,80}\.json")),
)


def role_of(path: str) -> str:
    """Tell which role signs a target path. CeremonyError for a path that no directory has."""
    for role, pattern in _TARGETS_OF:
        if pattern.fullmatch(path):
            return role
    raise CeremonyError(
        f"{path} is no file of a directory. It holds authority/roots.pem, "
        "agreements/AA-BB/vN.json, agreements/AA-BB/vN.sig/aa.json, member/gateway.json, "
        "member/authorities.json, member/submitters.json and revoked/NAME.json."
    )
