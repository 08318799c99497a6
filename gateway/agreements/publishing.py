"""The target files of a state's directory that speak of agreements, and what they may not do."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from gateway.catalogue.agreement_terms import check_text
from gateway.catalogue.catalogue import Catalogue
from gateway.model.agreement import Agreement
from gateway.model.instants import write_instant
from gateway.model.refusal import Refusal
from gateway.proof.canonical import canonical_json
from gateway.proof.strict_json import parse


def target(corridor: str, version: int) -> str:
    """Give the target file of an agreement text."""
    return f"agreements/{corridor}/v{version}.json"


def read_text(catalogue: Catalogue, schemas: Path, data: bytes) -> Agreement:
    """Read a text from its bytes. Refuses as `check_text`, and as JSON that cannot be read."""
    return check_text(catalogue, schemas, parse(data))


def require_canonical(data: bytes) -> None:
    """Refuse `json.not-canonical`: one blank more and the two states list different bytes."""
    if canonical_json(parse(data)) != data:
        raise Refusal(
            "json.not-canonical",
            step="publish",
            rule="a text is published in its canonical bytes; "
            "`lmx agreement draft --from FILE` writes them",
            place="agreement",
        )


def require_unused(
    agreement: Agreement, data: bytes, listed: Mapping[str, Mapping[str, bytes]]
) -> None:
    """Refuse `agreement.version-used` when a place lists another text under the same number.

    listed: files by target path, by the place in words (`the directory of KZ`).
    """
    name = target(agreement.corridor, agreement.version)
    for where, files in listed.items():
        if files.get(name, data) != data:
            raise Refusal(
                "agreement.version-used",
                step="publish",
                rule=f"{where} lists another text under this number; "
                f"give this one version {agreement.version + 1} or higher",
                place=name,
            )


def revocation(corridor: str, version: int, *, at: datetime, reason: str) -> tuple[str, bytes]:
    """Give target file and octets with which one state ends an agreement at an instant."""
    told: dict[str, Any] = {
        "id": f"agreement:{corridor}/v{version}",
        "at": write_instant(at),
        "reason": reason,
    }
    return f"revoked/agreement-{corridor.lower()}-v{version}.json", canonical_json(told)
