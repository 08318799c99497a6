"""Revocation evidence: each list or response once, and for which certificate and time it stands."""

from datetime import datetime

from sqlalchemy import bindparam, select

from gateway.model.instants import write_instant
from gateway.proof.revocation import Said
from gateway.store.once import put_once
from gateway.store.prepared import Statement
from gateway.store.tables import REVOCATION, REVOCATION_OF
from gateway.store.turns import Turn

_OF = REVOCATION_OF.c
_THUMBPRINT = _OF.thumbprint == bindparam("thumbprint")
_DIGEST = Statement(
    select(_OF.sha256).where(
        _THUMBPRINT, _OF.begins == bindparam("begins"), _OF.ends == bindparam("ends")
    )
)
_NEWEST = Statement(
    select(REVOCATION.c.kind, REVOCATION.c.octets)
    .join(REVOCATION_OF, _OF.sha256 == REVOCATION.c.sha256)
    .where(_THUMBPRINT, _OF.ends > bindparam("at"))
    .order_by(_OF.begins.desc())
    .limit(1)
)


def put_evidence(turn: Turn, thumbprint: str, said: Said, octets: bytes) -> str:
    """Store evidence once a certificate and window, in the writer's turn; gives its digest."""
    put_once(turn, REVOCATION, {"sha256": said.sha256, "kind": said.kind, "octets": octets})
    # What does not say until when holds at no time.
    begins, ends = write_instant(said.begins), write_instant(said.ends or said.begins)
    same = {"thumbprint": thumbprint, "begins": begins, "ends": ends}
    put_once(turn, REVOCATION_OF, {**same, "sha256": said.sha256})
    return str(_DIGEST.value(turn, same))


def newest_evidence(turn: Turn, thumbprint: str, at: datetime) -> tuple[str, bytes] | None:
    """Give kind and octets of the newest evidence of a certificate that had not ended at `at`."""
    found = _NEWEST.row(turn, {"thumbprint": thumbprint, "at": write_instant(at)})
    return None if found is None else (found[0], found[1])
