"""The proof vectors of transparency-dev/merkle against our verifier."""

import base64
import json
from pathlib import Path
from typing import Any

from gateway.model.refusal import Refusal
from gateway.proof import merkle
from tests.support.vectors import corpus

# A positive vector whose roots are placeholders: we ask 32 bytes of every root (evidence-log 1.2).
STRICTER = {"size 1 == size2, but proof is empty", "sizes are equal, roots are not"}


def _cases(kind: str) -> list[tuple[Path, dict[str, Any]]]:
    files = sorted(corpus("merkle").joinpath(kind).rglob("*.json"))
    return [(file, json.loads(file.read_text())) for file in files]


def _raw(text: str | None) -> bytes:
    return base64.b64decode(text or "")


def _inclusion(case: dict[str, Any]) -> bool:
    proof = [_raw(one) for one in case["proof"] or []]
    args = (_raw(case["leafHash"]), case["leafIdx"], case["treeSize"], proof, _raw(case["root"]))
    try:
        merkle.verify_inclusion(*args)
    except Refusal:
        return False
    return True


def _consistency(case: dict[str, Any]) -> bool:
    proof = [_raw(one) for one in case["proof"] or []]
    roots = (_raw(case["root1"]), _raw(case["root2"]))
    try:
        merkle.verify_consistency(case["size1"], case["size2"], *roots, proof)
    except Refusal:
        return False
    return True


def test_every_inclusion_vector_has_its_verdict() -> None:
    cases = _cases("inclusion")
    assert cases
    wrong = [str(file) for file, case in cases if _inclusion(case) == case["wantErr"]]
    assert wrong == []


def test_every_consistency_vector_has_its_verdict_but_the_one_with_short_roots() -> None:
    cases = _cases("consistency")
    assert cases
    wrong = [case for _file, case in cases if _consistency(case) == case["wantErr"]]
    short = [case for case in wrong if len(_raw(case["root1"])) != 32]
    assert len(wrong) <= 1
    assert wrong == short
