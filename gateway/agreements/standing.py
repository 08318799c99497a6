"""How an agreement stands at an instant: what each state lists, and why it is in force or not."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gateway.agreements.national_signature import Provider, Verdict, judge, slot_name
from gateway.model.agreement import Agreement
from gateway.model.agreement_text import read_agreement
from gateway.model.instants import read_instant
from gateway.model.refusal import Refusal
from gateway.proof.in_force import agreement_in_force, listed_versions
from gateway.proof.strict_json import parse
from gateway.proof.trust import Directory


@dataclass(frozen=True, slots=True)
class Side:
    """What one state says of a text.

    sha256: base64 digest of the bytes it lists, empty when it lists none; revoked: the instant, or
    empty; signature: verdict on its national signature, `wrong` when it does not verify.
    """

    state: str
    sha256: str
    revoked: str
    reason: str
    signature: Verdict

    def members(self) -> dict[str, Any]:
        """Give it as JSON says it, absent options absent."""
        told = {"state": self.state, "sha256": self.sha256, "revoked": self.revoked}
        found: dict[str, Any] = {name: one for name, one in told.items() if one}
        if self.reason:
            found["reason"] = self.reason
        return {**found, "signature": self.signature.members()}


@dataclass(frozen=True, slots=True)
class Standing:
    """One version of one corridor at an instant; `why` tells why it is not in force.

    data: the bytes in force, or those that a side lists, empty when none does. terms: None when
    the bytes cannot be read as an agreement.
    """

    corridor: str
    version: int
    in_force: bool
    why: str
    sides: tuple[Side, ...]
    data: bytes
    terms: Agreement | None


def standings(
    pair: Sequence[Directory], corridor: str, providers: Sequence[Provider], *, at: datetime
) -> list[Standing]:
    """Give every version that one of the two states lists, the newest first."""
    return [
        _standing(pair, corridor, version, providers, at)
        for version in listed_versions(pair, corridor)
    ]


def corridors(directories: Mapping[str, Directory]) -> list[str]:
    """Give the corridors for which a directory lists an agreement, in order."""
    names = [name for one in directories.values() for name in one.files]
    return sorted({name.split("/")[1] for name in names if name.startswith("agreements/")})


def _standing(
    pair: Sequence[Directory],
    corridor: str,
    version: int,
    providers: Sequence[Provider],
    at: datetime,
) -> Standing:
    texts = [one.agreement(corridor, version) for one in pair]
    data = next((one for one in texts if one is not None), b"")
    terms, why = None, ""
    try:
        terms = read_agreement(parse(data))
        agreement_in_force(pair, corridor, version, at=at, test=terms.test)
    except Refusal as refusal:
        why = refusal.rule
    sides = tuple(_side(one, corridor, version, providers) for one in pair)
    return Standing(corridor, version, not why, why, sides, data, terms)


def _side(directory: Directory, corridor: str, version: int, providers: Sequence[Provider]) -> Side:
    text = directory.agreement(corridor, version)
    revoked, reason = _revocation(directory, f"agreement:{corridor}/v{version}")
    slot = directory.files.get(slot_name(corridor, version, directory.state))
    return Side(
        directory.state,
        "" if text is None else _digest(text),
        revoked,
        reason,
        _judged(directory.state, text or b"", slot, providers),
    )


def _judged(state: str, text: bytes, slot: bytes | None, providers: Sequence[Provider]) -> Verdict:
    try:
        return judge(state, text, slot, providers)
    except Refusal as refusal:
        # A wrong signature is told in its place: what else the page says stays true.
        return Verdict(state, f"wrong: {refusal.rule}")


def _revocation(directory: Directory, name: str) -> tuple[str, str]:
    for file, data in directory.files.items():
        if not file.startswith("revoked/"):
            continue
        told = parse(data)
        if told["id"] == name:
            read_instant(told["at"])
            return str(told["at"]), str(told.get("reason", ""))
    return "", ""


def _digest(data: bytes) -> str:
    return base64.b64encode(hashlib.sha256(data).digest()).decode("ascii")
