"""Revocation evidence: each list or response once, and for which certificate and time it stands."""

from datetime import datetime

from sqlalchemy import Connection, select

from gateway.model.instants import write_instant
from gateway.proof.revocation import NotRevoked
from gateway.store.once import put_once
from gateway.store.tables import REVOCATION, REVOCATION_OF


def put_evidence(connection: Connection, thumbprint: str, proved: NotRevoked, octets: bytes) -> str:
    """Store evidence once a certificate and window, in the writer's turn; gives its digest."""
    row = {"sha256": proved.sha256, "kind": proved.kind, "octets": octets}
    put_once(connection, REVOCATION, row)
    begins, ends = write_instant(proved.begins), write_instant(proved.ends)
    same = (
        REVOCATION_OF.c.thumbprint == thumbprint,
        REVOCATION_OF.c.begins == begins,
        REVOCATION_OF.c.ends == ends,
    )
    row = {"thumbprint": thumbprint, "begins": begins, "ends": ends, "sha256": proved.sha256}
    put_once(connection, REVOCATION_OF, row)
    return str(connection.execute(select(REVOCATION_OF.c.sha256).where(*same)).scalar_one())


def evidence_at(connection: Connection, thumbprint: str, at: datetime) -> bytes | None:
    """Give the newest evidence that holds for a certificate at `at`, None when there is none."""
    when = write_instant(at)
    asked = (
        select(REVOCATION.c.octets)
        .join(REVOCATION_OF, REVOCATION_OF.c.sha256 == REVOCATION.c.sha256)
        .where(
            REVOCATION_OF.c.thumbprint == thumbprint,
            REVOCATION_OF.c.begins <= when,
            REVOCATION_OF.c.ends > when,
        )
        .order_by(REVOCATION_OF.c.begins.desc())
        .limit(1)
    )
    found = connection.execute(asked).scalar_one_or_none()
    return None if found is None else bytes(found)
