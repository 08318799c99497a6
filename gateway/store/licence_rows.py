"""What the newest AgencyLicence record says of each licence, found by an HMAC of its number."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, bindparam, select, update

from gateway.model.rights import LicenceState
from gateway.store.once import put_once
from gateway.store.tables import LICENCE

_LICENCE = select(LICENCE).where(LICENCE.c.hmac == bindparam("hmac"))


@dataclass(frozen=True, slots=True)
class LicenceRow:
    """One licence: HMAC of issuing state and number; created: when the record was, an instant."""

    hmac: bytes
    created: str
    known: LicenceState


def licence(turn: Connection, hmac: bytes) -> LicenceState | None:
    """Give what is known of a licence, None for nothing."""
    row = turn.execute(_LICENCE, {"hmac": hmac}).one_or_none()
    if row is None:
        return None
    days = (date.fromisoformat(one) for one in (row.valid_from, row.valid_to))
    return LicenceState(row.state, *days)


def put_licence(turn: Connection, new: LicenceRow) -> None:
    """Remember a licence, unless a record created later told of it."""
    values = {
        "created": new.created,
        "state": new.known.state,
        "valid_from": new.known.valid_from.isoformat(),
        "valid_to": new.known.valid_to.isoformat(),
    }
    if put_once(turn, LICENCE, {"hmac": new.hmac, **values}) == 0:
        # One statement reads and writes, so that no node writes between.
        older = (LICENCE.c.hmac == new.hmac, LICENCE.c.created <= new.created)
        turn.execute(update(LICENCE).where(*older).values(**values))
