"""An agreement is in force while both directories list the same bytes and neither revokes."""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from gateway.model.agreement import Agreement
from gateway.model.agreement_text import read_agreement
from gateway.model.instants import read_instant
from gateway.model.refusal import Refusal
from gateway.proof.strict_json import parse
from gateway.proof.trust import Directory


class AgreementInForce(NamedTuple):
    """One agreement text that held in both states at a time: corridor, version, digest, bytes."""

    corridor: str
    version: int
    sha256: str
    data: bytes

    @property
    def terms(self) -> Agreement:
        """Give the text as read, once for the same bytes. Refuses `agreement.malformed`."""
        return _terms(self.data)

    def named(self) -> dict[str, Any]:
        """Give how headers and entries name these very bytes: id, version, sha256."""
        return {"id": self.corridor, "version": self.version, "sha256": self.sha256}


@dataclass(frozen=True, slots=True)
class _Text:
    """What decides whether a text holds at a time, read once for the same bytes."""

    sha256: str
    corridor: Any
    version: Any
    test: bool
    begins: datetime
    ends: datetime


def agreement_in_force(
    directories: Sequence[Directory],
    corridor: str,
    version: int,
    *,
    at: datetime,
    test: bool = False,
) -> AgreementInForce:
    """Give the agreement once both directories agree on it at `at` (DESIGN section 5).

    directories: those of exactly the corridor's two states; test: whether it is for test records.
    Refuses `agreement.not-in-force`, and as `parse` for a text that is no JSON.
    """
    if "-".join(sorted(one.state for one in directories)) != corridor:
        raise _not("both directories of the corridor must be known", corridor)
    texts = [one.agreement(corridor, version) for one in directories]
    place = f"agreements/{corridor}/v{version}.json"
    if texts[0] is None or texts[0] != texts[1]:
        raise _not("both directories must list the same bytes", place)
    if any(one.agreement_revoked(corridor, version, at) for one in directories):
        raise _not("neither state may have revoked it by then", place)
    try:
        text = _text(texts[0])
    except (KeyError, TypeError, ValueError):
        raise _not("the text names its corridor, version and validity", place) from None
    if (text.corridor, text.version) != (corridor, version) or not text.begins <= at < text.ends:
        raise _not("the time must lie within the validity of this very agreement", place)
    if text.test is not test:
        raise _not("test records and real ones have agreements of their own, never mixed", place)
    return AgreementInForce(corridor, version, text.sha256, texts[0])


def latest_in_force(
    directories: Sequence[Directory], corridor: str, *, at: datetime, test: bool = False
) -> AgreementInForce:
    """Give the highest version in force at `at`. Refuses `agreement.not-in-force`."""
    why = "neither state lists one"
    for version in listed_versions(directories, corridor):
        try:
            return agreement_in_force(directories, corridor, version, at=at, test=test)
        except Refusal as refusal:
            why = f"{refusal.rule} (version {version})"
    raise _not(f"no version is in force in both states: {why}", corridor)


def listed_versions(directories: Sequence[Directory], corridor: str) -> list[int]:
    """Give the versions that one directory or both list, the highest first."""
    start, end = f"agreements/{corridor}/v", ".json"
    found = {
        name.removeprefix(start).removesuffix(end)
        for one in directories
        for name in one.files
        if name.startswith(start) and name.endswith(end)
    }
    # `v<n>.sig/<state>.json` stands beside a text and is none.
    return sorted((int(one) for one in found if one.isdecimal()), reverse=True)


@lru_cache(maxsize=64)
def _text(data: bytes) -> _Text:
    text = parse(data)
    digest = base64.b64encode(hashlib.sha256(data).digest()).decode("ascii")
    begins, ends = read_instant(text["validFrom"]), read_instant(text["validTo"])
    # A text without the member is an old one, and none of those was for tests.
    test = text.get("test", False) is not False
    return _Text(digest, text["corridor"], text["version"], test, begins, ends)


@lru_cache(maxsize=64)
def _terms(data: bytes) -> Agreement:
    return read_agreement(parse(data))


def _not(rule: str, place: str) -> Refusal:
    return Refusal("agreement.not-in-force", step="policy", rule=rule, place=place)
