"""What a verifier says: one claim for each thing proved, false, or not provable.

evidence-log 6.2: exit 0 all passed, 1 a claim is false, 2 not provable; 1 outranks 2.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from gateway.model.refusal import Refusal


class Verdict(StrEnum):
    """The verdicts of a claim (EN 319 102-1: passed, failed, indeterminate), and not checked.

    not-checked: nothing was carried to judge by, and nothing else rests on it.
    """

    PASSED = "passed"
    FAILED = "failed"
    INDETERMINATE = "indeterminate"
    NOT_CHECKED = "not-checked"


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim: its id, verdict, a sentence, the reason code if not passed, the files judged."""

    id: str
    verdict: Verdict
    why: str
    code: str = ""
    files: tuple[str, ...] = ()


# Codes that say "cannot be judged" rather than "is false".
_INDETERMINATE = frozenset(
    {
        "witness.missing",
        "trust.missing",
        "file.missing",
        "file.unverified",
        "ladder.open",
        "revocation.unusable",
    }
)


def passed(claim: str, why: str, *files: str) -> Claim:
    """Say that a claim holds."""
    return Claim(claim, Verdict.PASSED, why, files=files)


def failed(claim: str, refusal: Refusal, *files: str) -> Claim:
    """Say why a claim is false, or cannot be judged, in the refusal's own words."""
    unknown = refusal.code in _INDETERMINATE
    verdict = Verdict.INDETERMINATE if unknown else Verdict.FAILED
    place = f" ({refusal.place})" if refusal.place else ""
    return Claim(claim, verdict, f"{refusal.rule}{place}", refusal.code, files)


def not_checked(claim: str, why: str) -> Claim:
    """Say that nothing was there to judge by; the exit code does not depend on it."""
    return Claim(claim, Verdict.NOT_CHECKED, why)


def exit_code(claims: Sequence[Claim]) -> int:
    """Give 0, 1 or 2; no claims at all prove nothing."""
    verdicts = {one.verdict for one in claims}
    if Verdict.FAILED in verdicts:
        return 1
    return 2 if Verdict.INDETERMINATE in verdicts or not claims else 0
