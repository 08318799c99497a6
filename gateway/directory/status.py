"""How a published directory stands: versions, ends, and what is to be done next by when."""

from dataclasses import dataclass
from datetime import datetime

from gateway.directory.published import Published
from gateway.directory.roles import DELEGATED, PLANS, ROOT, TARGETS

_NEXT = {
    ROOT: "hold a root ceremony: lmx directory rotate --role root",
    TARGETS: "hold a ceremony: lmx directory rotate --role targets",
}
_RENEW = "run lmx directory renew on the gateway's machine"


@dataclass(frozen=True, slots=True)
class RoleStatus:
    """One role as it stands; due: from when a new version is to be made; todo: how."""

    role: str
    version: int
    expires: datetime
    due: datetime
    threshold: int
    keys: int
    todo: str

    def state(self, at: datetime) -> str:
        """Say `sound`, `due` or `expired` at an instant."""
        if at >= self.expires:
            return "expired"
        return "due" if at >= self.due else "sound"


def status_of(published: Published) -> list[RoleStatus]:
    """Give each role, the one that is due first at the head."""
    found = []
    for name, plan in PLANS.items():
        signed = published.role(name).signed
        giver = published.targets.signed if name in DELEGATED else published.roots[-1].signed
        given = giver.get_delegated_role(name)
        due = plan.renewal(signed.expires)
        todo = _NEXT.get(name, _RENEW)
        found.append(
            RoleStatus(
                name, signed.version, signed.expires, due, given.threshold, len(given.keyids), todo
            )
        )
    return sorted(found, key=lambda one: one.due)
