"""Licences of private agencies, as the records that pass through this gateway tell of them."""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from gateway.exchange.office import Office
from gateway.exchange.seal import NUMBERS_DAY
from gateway.model.instants import write_instant
from gateway.model.rights import LICENCE_TYPE, LicenceNamed, LicenceState, Submitter, require_active
from gateway.proof.canonical import canonical_json
from gateway.store.licence_rows import LicenceRow, licence


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
    known = None
    if submitter.licence is not None:
        key = _hmac(office, submitter.licence)
        with office.store.read() as turn:
            known = licence(turn, key)
    require_active(submitter, known, at)


def _hmac(office: Office, named: LicenceNamed) -> bytes:
    key = office.day_keys.key("home", NUMBERS_DAY)
    text = canonical_json([LICENCE_TYPE, named.state, named.number])
    return hmac.new(key, text, hashlib.sha256).digest()
