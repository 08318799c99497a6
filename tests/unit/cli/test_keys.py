"""A stranger makes, certifies, rotates and revokes keys with the commands alone."""

import json
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gateway.directory.roles import role_of
from gateway.model.instants import write_instant
from gateway.proof.key_folder import KeyFolder
from gateway.proof.keys import load_certificates, thumbprint

LMX = Path(sys.executable).parent / "lmx"
WHOSE = ("--keys", "keys", "--state", "KZ", "--name", "gw.kz.example")


def keys(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LMX, "keys", *arguments], cwd=folder, capture_output=True, text=True, check=False
    )


def done(folder: Path, *arguments: str) -> str:
    ran = keys(folder, *arguments)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    done(folder, "ca", "init", "--state", "KZ", "--name", "M", "--root", "stick", "--ca", "ca")
    done(folder, "make", "seal", *WHOSE)
    done(folder, "ca", "issue", "keys/seal.csr", "--ca", "ca")
    return folder


@pytest.fixture
def ca(made: Path, tmp_path: Path) -> Path:
    """A folder with a CA of Kazakhstan and a seal that it certified."""
    return shutil.copytree(made, tmp_path / "own")


def test_a_rotation_with_the_built_in_ca_is_announced_and_taken_up(ca: Path) -> None:
    new = ("make", "evidence"), ("make", "peer"), ("make", "tls")
    for command, role in new:
        done(ca, command, role, *WHOSE, *(("--host", "127.0.0.1") if role == "tls" else ()))
        done(ca, "ca", "issue", f"keys/{role}.csr", "--ca", "ca")
    done(ca, "rotate", "seal", *WHOSE, "--ca", "ca", "--member", "gateway.json")
    told = json.loads((ca / "gateway.json").read_text("utf-8"))
    old, following = [one for one in told["keys"] if one["role"] == "seal"]
    assert ("to" in old, "from" in following, old["to"] > following["from"]) == (True, True, True)
    folder, now = KeyFolder(ca / "keys"), datetime.now(UTC)
    stems = [
        folder.certified_generation("seal", now + timedelta(days=days))[0].stem for days in (0, 2)
    ]
    assert stems == ["seal", "seal-2"]


def test_a_revocation_is_written_for_the_directory(ca: Path) -> None:
    done(
        ca, "revoke", "keys/seal.pem", "--reason", "keyCompromise", "--out", "d", "--ca", "ca"
    )  # fmt: skip
    name = thumbprint(load_certificates(ca / "keys/seal.pem")[0])
    (file,) = (ca / "d/revoked").iterdir()
    assert role_of(f"revoked/{file.name}") == "revoked"
    told = json.loads(file.read_text("utf-8"))
    assert (told["id"], told["reason"]) == (name, "keyCompromise")


def test_a_directory_takes_the_revocation_as_it_was_written(ca: Path) -> None:
    done(ca, "revoke", "keys/seal.pem", "--reason", "keyCompromise", "--out", "d")
    directory = ("directory", "init", "--holders", "a,b,c", "--keys", "holders", "--draft", "draft")
    for command in (directory, ("directory", "add", "d", "--draft", "draft")):
        ran = subprocess.run([LMX, *command], cwd=ca, capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stderr
    (file,) = (ca / "d/revoked").iterdir()
    assert f"staged: revoked/{file.name} (revoked)" in ran.stdout


def test_a_certificate_of_another_key_is_told_in_words(ca: Path) -> None:
    done(ca, "make", "peer", *WHOSE)
    ran = keys(
        ca, "import", "keys/seal.pem", "--role", "peer", "--roots", "ca/root.pem", *WHOSE
    )  # fmt: skip
    assert (ran.returncode, "is for another key than peer.key" in ran.stderr) == (1, True)


def test_a_certificate_of_the_wrong_profile_is_told_in_words(ca: Path) -> None:
    chain = (ca / "keys/seal.pem").read_text("utf-8")
    (ca / "issued.pem").write_text(chain, "utf-8")
    for suffix in (".key", ".csr"):
        (ca / f"keys/seal{suffix}").rename(ca / f"keys/evidence{suffix}")
    (ca / "keys/seal.pem").unlink()
    ran = keys(
        ca, "import", "issued.pem", "--role", "evidence", "--roots", "ca/root.pem", *WHOSE
    )  # fmt: skip
    told = "extended key usage must be exactly" in ran.stderr and "it names neither" in ran.stderr
    assert (ran.returncode, told) == (1, True)


def test_an_imported_certificate_is_in_use(ca: Path) -> None:
    (ca / "keys/seal.pem").rename(ca / "issued.pem")
    done(ca, "import", "issued.pem", "--role", "seal", "--roots", "ca/root.pem", *WHOSE)
    told = json.loads(done(ca, "show", "--keys", "keys", "--json"))
    assert [(one["stem"], one["state"]) for one in told] == [("seal", "in use")]


def test_an_expired_key_is_told_with_exit_1(ca: Path) -> None:
    later = write_instant(datetime.now(UTC) + timedelta(days=400))
    ran = keys(ca, "show", "--keys", "keys", "--at", later)
    assert (ran.returncode, "rotate now" in ran.stdout) == (1, True)


@pytest.mark.parametrize("part", ["make", "request", "import", "ca", "announce", "rotate"])
def test_each_part_has_help_with_an_example(tmp_path: Path, part: str) -> None:
    assert f"Example: lmx keys {part}" in " ".join(done(tmp_path, part, "--help").split())
