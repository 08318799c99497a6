"""The page of attacks names tests that are there, with codes that are theirs."""

import ast
import re
from functools import cache

import pytest

from gateway.model.refusal_codes import REFUSALS
from tests.support.gateways import ROOT

PAGE = (ROOT / "docs/explanation/attacks.md").read_text("utf-8")
ROWS = [
    tuple(cell.strip() for cell in line.strip("|").split("|"))
    for line in PAGE.splitlines()
    if line.startswith("|") and "::" in line
]


@cache
def defined_in(file: str) -> frozenset[str]:
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    return frozenset(one.name for one in ast.walk(tree) if isinstance(one, ast.FunctionDef))


@pytest.mark.parametrize(("attack", "told", "test"), ROWS, ids=[one[0] for one in ROWS])
def test_an_attack_has_its_test_and_its_code(attack: str, told: str, test: str) -> None:
    file, name = test.strip("`").split("::")
    assert name in defined_in(file), f"{attack}: {file} has no {name}"
    # Patterns escape the dot of a code.
    text = (ROOT / file).read_text("utf-8").replace("\\.", ".")
    for code in re.findall(r"`([^`]+)`", told):
        assert code in REFUSALS
        assert code in text, f"{attack}: {file} does not expect {code}"


def test_every_kind_of_attack_has_rows() -> None:
    assert len(ROWS) > 50
