"""What the newest AgencyLicence record says of each licence, found by an HMAC of its number."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, select

from gateway.model.rights import LicenceState
from gateway.store.prepared import Statement, upsert
from gateway.store.tables import LICENCE
from gateway.store.turns import Turn

_KNOWN = ("state", "valid_from", "valid_to")
_LICENCE = Statement(
    select(*(LICENCE.c[one] for one in _KNOWN)).where(LICENCE.c.hmac == bindparam("hmac"))
)
# One statement reads and writes, so that no node writes between.
_PUT = upsert(LICENCE, ("hmac", "created", *_KNOWN), "hmac", rising="created")


@dataclass(frozen=True, slots=True)
class LicenceRow:
    """One licence: HMAC of issuing state and number; created: when the record was, an instant."""

    hmac: bytes
    created: str
    known: LicenceState


def licence(turn: Turn, hmac: bytes) -> LicenceState | None:
    """Give what is known of a licence, None for nothing."""
    row = _LICENCE.row(turn, {"hmac": hmac})
    if row is None:
        return None
    state, *days = row
    return LicenceState(state, *map(date.fromisoformat, days))


def put_licence(turn: Turn, new: LicenceRow) -> None:
    """Remember a licence, unless a record created later told of it."""
    values = {
        "hmac": new.hmac,
        "created": new.created,
        "state": new.known.state,
        "valid_from": new.known.valid_from.isoformat(),
        "valid_to": new.known.valid_to.isoformat(),
    }
    _PUT.run(turn, values)
