"""The pages of identifiers and of letters say what the code and its tables do."""

import os
from collections.abc import Iterable
from pathlib import Path

import pytest

from gateway.translation import mrz
from gateway.translation.document_numbers import PATTERNS
from gateway.translation.identifiers import SCHEMES
from gateway.translation.transliteration.tables import endings, languages, table
from tests.support.spellings import JUDGES, differences

FOLDER = Path(__file__).resolve().parents[2] / "docs/reference"
RENEW = "run `LMX_RENEW=1 make test` to write it."


def _table(heads: str, rows: Iterable[Iterable[str]]) -> list[str]:
    lines = [f"| {heads} |", "|" + "---|" * (heads.count("|") + 1)]
    shown = (" | ".join(cell.replace("|", "\\|") for cell in row) for row in rows)
    return [*lines, *(f"| {row} |" for row in shown), ""]


def identifiers_page() -> str:
    return "\n".join(
        [
            "# Identifiers, document numbers, machine-readable zones",
            "",
            f"Generated from `gateway/translation/identifiers.py` and its neighbours: {RENEW}",
            "",
            "## Identifier schemes",
            "",
            "A number that comes in is `checked` where a check digit exists and is right, else",
            "`structural`; a wrong one of the layout's own country refuses the row.",
            "Nothing is taken out of a number: it is only compared with the birth date and the sex",
            "that are given (`ID-DOB-MISMATCH`, `ID-SEX-MISMATCH`).",
            "",
            *_table(
                "Scheme | Issuer | Digits | Holder | Build | Check digit | Pattern",
                (
                    (
                        f"`{one.name}`",
                        one.issuer,
                        " or ".join(map(str, one.lengths)),
                        one.holder + (", sole traders" if one.trader else ""),
                        one.build,
                        one.checked_by,
                        f"`{one.pattern.pattern}`"
                        + (f" and `{one.possible.pattern}`" if one.possible else ""),
                    )
                    for one in SCHEMES.values()
                ),
            ),
            "## Document numbers",
            "",
            "Another build raises `DOCUMENT-NUMBER-UNUSUAL` and stops nothing.",
            "States and kinds that are not here are not judged.",
            "",
            *_table(
                "Issuer | Kind | Pattern | Note | How known",
                (
                    (one.issuer, f"`{one.kind}`", f"`{one.pattern.pattern}`", one.note, one.known)
                    for one in PATTERNS
                ),
            ),
            "## Machine-readable zones",
            "",
            "ICAO Doc 9303; places count from 0 over the lines put end to end.",
            "A wrong check digit raises `MRZ-CHECK-FAILED`; a member that the zone spells",
            "otherwise, `MRZ-MISMATCH` at that member.",
            "",
            *_table(
                "Form | Lines | Parts | Check digits at | Under the composite",
                (
                    (
                        one.name,
                        f"{one.lines} x {one.width}",
                        ", ".join(f"{name} {a}-{b - 1}" for name, (a, b) in one.spans.items()),
                        ", ".join(f"{name} {at}" for name, at in one.checked.items()),
                        ", ".join(f"{a}-{b - 1}" for a, b in one.composite) or "none",
                    )
                    for one in mrz.FORMS.values()
                ),
            ),
        ]
    )


def letters_page() -> str:
    lines = [
        "# Letters of names",
        "",
        f"Generated from `gateway/translation/transliteration/`: {RENEW}",
        "",
        "`icao` is ICAO 9303-3 for the letters of Russian and national practice for the others,",
        "which 9303 does not define; `bgn` is BGN/PCGN as generally known; `latin1995` and",
        "`latin2026` are the two Uzbek alphabets. Variants are other spellings that documents",
        "show, for matching only. No official passport table was found, so `icao` of the national",
        "letters is practice.",
        "",
    ]
    for lang in languages():
        known = table(lang)
        heads = " | ".join(("Letter", "Where", *known.schemes, "Variants"))
        rows = [
            (
                row.spelling,
                ", ".join(sorted(row.contexts)) or "anywhere",
                *(row.latin[scheme] or "(none)" for scheme in known.schemes),
                ", ".join(one or "(none)" for one in row.variants),
            )
            for ones in known.letters.values()
            for row in ones
        ]
        lines += [f"## {lang}", "", *_table(heads, rows)]
    lines += ["## Endings that a stem loses", ""]
    kinds = ("word", "attached", "patronymic", "family")
    lines += _table("Kind | Spellings", ((kind, ", ".join(endings(kind))) for kind in kinds))
    lines += [
        "## Differences from public packages",
        "",
        "`tests/oracles/test_transliteration.py` holds every table against an independent package",
        "on common names. A difference outside this list fails the test.",
        "",
    ]
    for judge in JUDGES:
        lines += [f"### {judge.name}, against `{judge.scheme}` of {judge.lang}", ""]
        lines += _table(
            "Letter | Ours | Theirs | Why ours stays",
            (
                (one.letter, one.ours or "(none)", one.theirs or "(none)", one.reason)
                for one in differences()
                if one.judge == judge.name
            ),
        )
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("name", "text"),
    [("identifiers.md", identifiers_page()), ("transliteration.md", letters_page())],
    ids=["identifiers", "transliteration"],
)
def test_page_is_not_stale(name: str, text: str) -> None:
    if os.environ.get("LMX_RENEW"):
        (FOLDER / name).write_text(text, "utf-8")
    assert (FOLDER / name).read_text("utf-8") == text
