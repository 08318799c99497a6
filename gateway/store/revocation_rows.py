"""Revocation evidence: each list or response once, and for which certificate and time it stands."""

from datetime import datetime

from sqlalchemy import Connection, select

from gateway.model.instants import write_instant
from gateway.proof.revocation import Said
from gateway.store.once import put_once
from gateway.store.tables import REVOCATION, REVOCATION_OF


def put_evidence(connection: Connection, thumbprint: str, said: Said, octets: bytes) -> str:
    """Store evidence once a certificate and window, in the writer's turn; gives its digest."""
    row = {"sha256": said.sha256, "kind": said.kind, "octets": octets}
    put_once(connection, REVOCATION, row)
    # What does not say until when holds at no time.
    begins, ends = write_instant(said.begins), write_instant(said.ends or said.begins)
    same = (
        REVOCATION_OF.c.thumbprint == thumbprint,
        REVOCATION_OF.c.begins == begins,
        REVOCATION_OF.c.ends == ends,
    )
    row = {"thumbprint": thumbprint, "begins": begins, "ends": ends, "sha256": said.sha256}
    put_once(connection, REVOCATION_OF, row)
    return str(connection.execute(select(REVOCATION_OF.c.sha256).where(*same)).scalar_one())


def newest_evidence(
    connection: Connection, thumbprint: str, at: datetime
) -> tuple[str, bytes] | None:
    """Give kind and octets of the newest evidence of a certificate that had not ended at `at`."""
    asked = (
        select(REVOCATION.c.kind, REVOCATION.c.octets)
        .join(REVOCATION_OF, REVOCATION_OF.c.sha256 == REVOCATION.c.sha256)
        .where(REVOCATION_OF.c.thumbprint == thumbprint, REVOCATION_OF.c.ends > write_instant(at))
        .order_by(REVOCATION_OF.c.begins.desc())
        .limit(1)
    )
    found = connection.execute(asked).one_or_none()
    return None if found is None else (str(found.kind), bytes(found.octets))
