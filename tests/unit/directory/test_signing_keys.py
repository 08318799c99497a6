"""Private halves are 0600 and never written over; public halves are counted again."""

import json
import stat
from pathlib import Path

import pytest

from gateway.directory.roles import CeremonyError
from gateway.directory.signing_keys import holder_of, load_public, load_signer, make_key


def test_a_key_file_is_for_its_owner_only(tmp_path: Path) -> None:
    made = make_key(tmp_path / "root", "aigul")
    mode = stat.S_IMODE((tmp_path / "root.key").stat().st_mode)
    same = load_signer(tmp_path / "root.key").public_key.keyid == made.public_key.keyid
    assert (mode, same, holder_of(load_public(tmp_path / "root.pub"))) == (0o600, True, "aigul")


def test_a_key_is_never_written_over(tmp_path: Path) -> None:
    make_key(tmp_path / "root", "aigul")
    with pytest.raises(CeremonyError, match="never written over"):
        make_key(tmp_path / "root", "aigul")


def test_a_key_that_others_may_read_is_not_used(tmp_path: Path) -> None:
    make_key(tmp_path / "root", "aigul")
    (tmp_path / "root.key").chmod(0o644)
    with pytest.raises(CeremonyError, match="chmod 600"):
        load_signer(tmp_path / "root.key")


def test_another_kind_of_key_is_refused(tmp_path: Path) -> None:
    make_key(tmp_path / "root", "aigul")
    file = tmp_path / "root.pub"
    file.write_text(json.dumps({**json.loads(file.read_text()), "scheme": "rsa"}))
    with pytest.raises(CeremonyError, match="Ed25519"):
        load_public(file)
