"""How the numbers of identity documents look, by issuing state and kind (country-formats 1.2)."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DocumentPattern:
    """One usual build of a document number, series and digits together without blanks.

    issuer: alpha-3. kind: `passport` or `idCard`. known: how the build is known.
    """

    issuer: str
    kind: str
    pattern: re.Pattern[str]
    note: str
    known: str


_PROFESSIONAL = "professional knowledge"


def _built(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII)


PATTERNS = (
    DocumentPattern("KAZ", "passport", _built(r"N\d{8}"), "IIN in the MRZ", _PROFESSIONAL),
    DocumentPattern("KAZ", "idCard", _built(r"\d{9}"), "", _PROFESSIONAL),
    DocumentPattern("KGZ", "passport", _built(r"(AC|AN|PE)\d{7}"), "", _PROFESSIONAL),
    DocumentPattern("KGZ", "idCard", _built(r"ID\d{7}"), "two fields", "seen in a client"),
    DocumentPattern("UZB", "passport", _built(r"[A-Z]{2}\d{7}"), "FA travels", "seen in a client"),
    DocumentPattern("UZB", "idCard", _built(r"A[A-D]\d{7}"), "internal or ID", "seen in a client"),
    DocumentPattern("TJK", "passport", _built(r"\d{9}"), "travel", _PROFESSIONAL),
    # Tables type the letter on a Cyrillic keyboard.
    DocumentPattern("TJK", "idCard", _built(r"[AА]\d{7}"), "or internal", _PROFESSIONAL),
    DocumentPattern("RUS", "passport", _built(r"\d{9}"), "travel", "translation guide"),
    DocumentPattern("RUS", "passport", _built(r"\d{10}"), "internal", _PROFESSIONAL),
)


_BY_KIND: dict[tuple[str, str], list[DocumentPattern]] = {}
for _one in PATTERNS:
    _BY_KIND.setdefault((_one.issuer, _one.kind), []).append(_one)


def usual(issuer: str, kind: str, number: str) -> bool:
    """Whether a number is built as usual; states and kinds without a known build pass.

    issuer: alpha-3. Old series outlive every table, so this is only ever a doubt.
    """
    known = _BY_KIND.get((issuer, kind))
    if known is None:
        return True
    bare = "".join(number.split())
    return any(one.pattern.fullmatch(bare) for one in known)
