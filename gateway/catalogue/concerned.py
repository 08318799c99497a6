"""Whom a record concerns and whether it may leave: one rule for every way out (R21, R29)."""

from typing import Any

from gateway.catalogue.catalogue import Catalogue
from gateway.model.refusal import Refusal

RESTRICTED = 3


def require_unrestricted(catalogue: Catalogue, record_type: str) -> None:
    """Refuse `restricted.use-sdk` for a type of sensitivity 3, which no gateway may read."""
    if catalogue.record_type(record_type).sensitivity >= RESTRICTED:
        raise Refusal(
            "restricted.use-sdk",
            step="policy",
            rule="a record of sensitivity 3 is sealed by the SDK, which asks for its consent "
            "reference; the gateway refuses its file",
        )


def require_consent(record_type: str, record: dict[str, Any]) -> None:
    """Refuse `consent.missing` for a protection case whose worker did not agree (R21)."""
    if record_type == "ProtectionCase" and record.get("consentToShare") is not True:
        raise Refusal(
            "consent.missing",
            step="policy",
            rule="a protection case leaves only when consentToShare is true (R21)",
            place="/consentToShare",
        )


def require_concerned(
    catalogue: Catalogue, record_type: str, record: dict[str, Any], state: str, *, origin: str
) -> None:
    """Refuse `to.mismatch` unless the record concerns the recipient's state (R29).

    state, origin: alpha-2 of the recipient and of the sender.
    """
    if state not in catalogue.recipients(record_type, record, origin):
        raise Refusal(
            "to.mismatch",
            step="policy",
            rule=f"the record must concern {state}, the recipient's country; it names another",
            place="to",
        )
