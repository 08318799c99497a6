"""An agreement is in force while both directories list the same bytes and neither revokes."""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gateway.model.instants import read_instant
from gateway.model.refusal import Refusal
from gateway.proof.strict_json import parse
from gateway.proof.trust import Directory


@dataclass(frozen=True, slots=True)
class AgreementInForce:
    """One agreement text that held in both states at a time: corridor, version, digest, text."""

    corridor: str
    version: int
    sha256: str
    text: dict[str, Any]


def agreement_in_force(
    directories: Sequence[Directory], corridor: str, version: int, *, at: datetime
) -> AgreementInForce:
    """Give the agreement once both directories agree on it at `at` (DESIGN section 5).

    directories: those of exactly the corridor's two states. Refuses `agreement.not-in-force`.
    """
    if "-".join(sorted(one.state for one in directories)) != corridor:
        raise _not("both directories of the corridor must be known", corridor)
    texts = [one.agreement(corridor, version) for one in directories]
    place = f"agreements/{corridor}/v{version}.json"
    if texts[0] is None or texts[0] != texts[1]:
        raise _not("both directories must list the same bytes", place)
    if any(one.agreement_revoked(corridor, version, at) for one in directories):
        raise _not("neither state may have revoked it by then", place)
    text = parse(texts[0])
    try:
        begins, ends = read_instant(text["validFrom"]), read_instant(text["validTo"])
        named = (text["corridor"], text["version"]) == (corridor, version)
    except (KeyError, TypeError, ValueError):
        raise _not("the text names its corridor, version and validity", place) from None
    if not named or not begins <= at < ends:
        raise _not("the time must lie within the validity of this very agreement", place)
    digest = base64.b64encode(hashlib.sha256(texts[0]).digest()).decode("ascii")
    return AgreementInForce(corridor, version, digest, text)


def latest_in_force(
    directories: Sequence[Directory], corridor: str, *, at: datetime
) -> AgreementInForce:
    """Give the highest version in force at `at`. Refuses `agreement.not-in-force`."""
    start = f"agreements/{corridor}/v"
    versions = {
        int(name.removeprefix(start).removesuffix(".json"))
        for one in directories
        for name in one.files
        if name.startswith(start)
    }
    for version in sorted(versions, reverse=True):
        try:
            return agreement_in_force(directories, corridor, version, at=at)
        except Refusal:
            continue
    raise _not("no version is in force in both states", corridor)


def _not(rule: str, place: str) -> Refusal:
    return Refusal("agreement.not-in-force", step="policy", rule=rule, place=place)
