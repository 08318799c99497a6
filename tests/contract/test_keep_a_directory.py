"""The how-to of a directory is followed word by word, with a folder for each holder."""

import shlex
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.directories import FILES
from tests.support.served import followed

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/how-to/keep-a-directory.md"
LMX = str(Path(sys.executable).parent / "lmx")
COMMANDS = [line.strip() for line in PAGE.read_text("utf-8").splitlines() if line[:4] == " " * 4]


def follow(command: str, place: Path) -> subprocess.CompletedProcess[str]:
    words = [LMX if word == ".venv/bin/lmx" else word for word in shlex.split(command)]
    return subprocess.run(words, cwd=place, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("state")
    for path, data in FILES.items():
        file = made / "files" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    (made / "v2.json").write_bytes(b'{"version":2}')
    return made


def test_every_command_of_the_page_does_what_it_says(place: Path) -> None:
    ran = {command: follow(command, place) for command in COMMANDS}
    failed = {command: one.stdout + one.stderr for command, one in ran.items() if one.returncode}
    first = (place / "directory/metadata/1.root.json").read_bytes()
    paths = [*FILES, "agreements/KZ-UZ/v2.json"]
    found = followed(place / "directory", place / "client", first, paths)
    modes = {stat.S_IMODE(one.stat().st_mode) for one in place.rglob("*.key")}
    kept = (place / "offline/dana/1.root.json").read_bytes()
    assert (failed, len(ran)) == ({}, 23)
    assert found == {**FILES, "agreements/KZ-UZ/v2.json": b'{"version":2}'}
    assert (modes, kept == first) == ({0o600}, True)
    assert not list((place / "stick").rglob("*.key"))


def test_below_the_threshold_the_command_says_whose_signature_is_missing(tmp_path: Path) -> None:
    follow("lmx directory init --holders a,b,c --keys k --draft d".replace("lmx", LMX, 1), tmp_path)
    follow(f"{LMX} directory sign --draft d --key k/a/targets.key --yes", tmp_path)
    ran = follow(f"{LMX} directory publish --draft d --published p --keys k/online", tmp_path)
    assert (ran.returncode, "still 1 of: b, c" in ran.stderr) == (1, True)
