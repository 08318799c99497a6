"""The how-to for a new country is followed word by word, in a copy of the house."""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/how-to/add-a-country.md"
COPIED = ("gateway", "adapters", "schemas", "pyproject.toml", "tests/contract/test_country.py")
PROGRAMS = {
    ".venv/bin/lmx": [sys.executable, "-m", "gateway.cli.main"],
    ".venv/bin/python": [sys.executable],
}
COMMANDS = [line.strip() for line in PAGE.read_text("utf-8").splitlines() if line[:4] == " " * 4]


def follow(command: str, house: Path) -> subprocess.CompletedProcess[str]:
    words = shlex.split(command)
    given = dict(word.split("=", 1) for word in words if "=" in word)
    program, *arguments = [word for word in words if "=" not in word]
    return subprocess.run(
        [*PROGRAMS[program], *arguments],
        cwd=house,
        env={**os.environ, **given, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("house")
    for name in COPIED:
        place = made / name
        place.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, place, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, place)
    return made


def test_every_command_of_the_page_does_what_it_says(house: Path) -> None:
    ran = {command: follow(command, house) for command in COMMANDS}
    failed = {command: one.stdout + one.stderr for command, one in ran.items() if one.returncode}
    assert (failed, len(ran)) == ({}, 5)
    assert len(list((house / "build/mn").glob("*.KZ.xml"))) == 2
    table = (house / "docs/reference/fidelity/EmploymentContract.md").read_text("utf-8")
    assert "## From `mn.labour-contracts`" in table
