"""The demonstration's agreements: first texts from public treaty facts (country-formats 6).

KG-UZ and TJ-UZ have no treaty to stand on. InsurancePeriod stands on the EAEU's pension agreement,
which has no other two of the four among its members than Kazakhstan and Kyrgyzstan.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from gateway.agreements.draft import draft

CORRIDORS = ("KG-KZ", "KG-TJ", "KZ-TJ", "KZ-UZ")
_SCHEMAS = Path(__file__).resolve().parents[1] / "schemas"
_BEGINS, _ENDS = datetime(2026, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)


def demonstration_agreements() -> dict[str, Mapping[str, Any]]:
    """Give the agreement text by corridor."""
    return {one: draft(_SCHEMAS, one, begins=_BEGINS, ends=_ENDS) for one in CORRIDORS}
