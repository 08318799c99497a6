"""Licences of private agencies, as the records that pass through this gateway tell of them."""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from gateway.exchange.office import Office
from gateway.exchange.seal import NUMBERS_DAY
from gateway.model.instants import write_instant
from gateway.model.rights import LICENCE_TYPE, LicenceNamed, LicenceState, Submitter, require_active
from gateway.proof.canonical import canonical_json
from gateway.store.licence_rows import LicenceRow, licence

# A process asks the store for a licence at most this often: the key and the row cost several
# verifications, and a licence that ends stops its agency this much later.
KEPT = timedelta(seconds=1)
_MOST = 4096


def licence_row(
    office: Office, record_type: str, record: Mapping[str, Any], state: str, created: datetime
) -> LicenceRow | None:
    """Give what a record tells of a licence, None for records of other types.

    state: the one whose authority sent the record; it can tell of its own licences only.
    """
    if record_type != LICENCE_TYPE or "licenceNumber" not in record:
        return None
    known = LicenceState(
        str(record["state"]),
        date.fromisoformat(record["issued"]),
        date.fromisoformat(record["validTo"]),
    )
    named = LicenceNamed(state, str(record["licenceNumber"]))
    return LicenceRow(_hmac(office, named), write_instant(created), known)


def require_active_now(office: Office, submitter: Submitter, at: datetime) -> None:
    """Refuse `submitter.suspended` or `submitter.licence` unless it may act at `at`."""
    named = submitter.licence
    require_active(submitter, None if named is None else _known(office, named, at), at)


def _known(office: Office, named: LicenceNamed, at: datetime) -> LicenceState | None:
    kept = office.licences.get(named)
    if kept is not None and kept[0] <= at < kept[0] + KEPT:
        return kept[1]
    key = _hmac(office, named)
    with office.store.read() as turn:
        found = licence(turn, key)
    if len(office.licences) >= _MOST:
        office.licences.clear()
    office.licences[named] = at, found
    return found


def _hmac(office: Office, named: LicenceNamed) -> bytes:
    key = office.day_keys.key("home", NUMBERS_DAY)
    text = canonical_json([LICENCE_TYPE, named.state, named.number])
    return hmac.new(key, text, hashlib.sha256).digest()
