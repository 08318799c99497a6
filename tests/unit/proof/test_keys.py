"""Key files are private, of the right kind, and belong to their certificates."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import example, given
from hypothesis import strategies as st

from gateway.proof import note
from gateway.proof.keys import KeyFileError, _raw, load_certified_key, load_note_key
from tests.support.evidence import log_key
from tests.support.pki import key


def written(folder: Path, name: str, state: str = "KZ", mode: int = 0o600) -> Path:
    private = log_key(state).private if name == "log" else key(state, name).private
    file = folder / f"{name}.key"
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(pem)
    file.chmod(mode)
    return file


def chain(folder: Path, name: str) -> Path:
    file = folder / f"{name}.pem"
    file.write_bytes(b"".join(one.public_bytes(Encoding.PEM) for one in key("KZ", name).chain))
    return file


@given(st.integers(0, 2**256 - 1), st.integers(0, 2**256 - 1))
@example(0, 2**256 - 1)
@example(127, 128)
@example(1, 2**255)
@example(2**255 - 1, 0)
def test_cryptography_reads_the_same_two_integers(r: int, s: int) -> None:
    assert _raw(encode_dss_signature(r, s)) == r.to_bytes(32, "big") + s.to_bytes(32, "big")


def test_a_key_is_loaded_with_its_chain(tmp_path: Path) -> None:
    loaded = load_certified_key(written(tmp_path, "seal"), chain(tmp_path, "seal"))
    assert loaded.thumbprint == key("KZ", "seal").thumbprint


def test_a_log_key_is_loaded(tmp_path: Path) -> None:
    loaded = load_note_key(written(tmp_path, "log"), name="gw.kz.example/log/kz-uz", kind=1)
    assert loaded.vkey == log_key("KZ").vkey


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    file = written(tmp_path, "seal", mode=0o640)
    with pytest.raises(KeyFileError, match="chmod 600"):
        load_certified_key(file, chain(tmp_path, "seal"))


def test_a_key_with_another_certificate_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match="certificate"):
        load_certified_key(written(tmp_path, "seal"), chain(tmp_path, "evidence"))


def test_a_key_of_another_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match="P-256"):
        load_certified_key(written(tmp_path, "log"), chain(tmp_path, "seal"))


def test_a_p256_key_is_no_log_key(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match="Ed25519"):
        load_note_key(written(tmp_path, "seal"), name="x", kind=note.LOG_KEY)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match="none"):
        load_note_key(tmp_path / "none", name="x", kind=note.LOG_KEY)
