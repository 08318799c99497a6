"""The verifier's report: stable JSON for programs, plain lines for people."""

import json
from collections.abc import Sequence
from typing import Any

from gateway.proof.claims import Claim, Verdict, exit_code

TOOL = "lmx-verify 0.1.0"
WORDS = {0: "PROVED", 1: "FALSE", 2: "NOT PROVABLE"}
_MARKS = {
    Verdict.PASSED: "ok",
    Verdict.FAILED: "FALSE",
    Verdict.INDETERMINATE: "open",
    Verdict.NOT_CHECKED: "-",
}


def report_json(claims: Sequence[Claim], exchange_id: str, sha256: str) -> str:
    """Write the report of evidence-log 6.2: same bundle, same bytes, in every locale."""
    code = exit_code(claims)
    found: dict[str, Any] = {
        "tool": TOOL,
        "sha256": sha256,
        "verdict": WORDS[code].lower(),
        "exit": code,
        "x": exchange_id,
        "payload": "present",
        "interval": {"basis": "cosigned"},
        "claims": [
            {
                "id": one.id,
                "verdict": one.verdict.value,
                "why": one.why,
                "code": one.code,
                "files": list(one.files),
            }
            for one in claims
        ],
        "unverified": [one.files[0] for one in claims if one.code == "file.unverified"],
    }
    return json.dumps(found, ensure_ascii=False, indent=2, sort_keys=True)


def report_lines(claims: Sequence[Claim], exchange_id: str) -> list[str]:
    """Write one line a claim and the verdict last."""
    lines = [f"exchange {exchange_id or 'unknown: the seal does not hold'}"]
    for one in claims:
        code = f"  [{one.code}]" if one.code else ""
        lines.append(f"{_MARKS[one.verdict]:>6}  {one.id:<10} {one.why}{code}")
    verdict = WORDS[exit_code(claims)]
    advice = {
        "PROVED": "every claim of this bundle holds",
        "FALSE": "at least one claim is false: do not rely on this bundle",
        "NOT PROVABLE": "nothing is false, but something needed to judge is missing",
    }
    return [*lines, f"{verdict}: {advice[verdict]}"]
