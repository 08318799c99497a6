"""A key that stays in a PKCS #11 module signs as a key of a file does, and gives nothing away."""

import os
import subprocess

import pytest
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from gateway.proof.module_keys import (
    ModuleKeyError,
    make_module_key,
    open_module_key,
    read_reference,
)
from tests.support.programs import program

MODULE = "/usr/lib/softhsm/libsofthsm2.so"


@pytest.fixture(scope="module")
def token(tmp_path_factory: pytest.TempPathFactory) -> str:
    """One SoftHSM token a run: the library reads its settings once a process."""
    tool, folder = program("softhsm2-util"), tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    settings = folder / "softhsm2.conf"
    settings.write_text(f"directories.tokendir = {folder}/tokens\n", "utf-8")
    os.environ["SOFTHSM2_CONF"] = str(settings)
    command = ["--init-token", "--free", "--label", "lmx", "--pin", "1234", "--so-pin", "5678"]
    subprocess.run([tool, *command], check=True, capture_output=True)
    pin = folder / "pin"
    pin.touch(mode=0o600)
    pin.write_text("1234\n", "utf-8")
    return f"?module-path={MODULE}&pin-source=file:{pin}"


def test_a_p256_key_of_a_module_signs(token: str) -> None:
    uri = f"pkcs11:token=lmx;object=seal{token}"
    make_module_key(uri, edwards=False)
    key = open_module_key(uri)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    key.public_key().verify(
        key.sign(b"header", ec.ECDSA(hashes.SHA256())), b"header", ec.ECDSA(hashes.SHA256())
    )
    with pytest.raises(UnsupportedAlgorithm):
        key.private_numbers()
    with pytest.raises(ModuleKeyError, match="already"):
        make_module_key(uri, edwards=False)


def test_an_ed25519_key_of_a_module_signs(token: str) -> None:
    uri = f"pkcs11:token=lmx;object=log-uz{token}"
    make_module_key(uri, edwards=True)
    key = open_module_key(uri)
    assert isinstance(key, ed25519.Ed25519PrivateKey)
    key.public_key().verify(key.sign(b"checkpoint"), b"checkpoint")


def test_a_key_that_is_not_there_is_named(token: str) -> None:
    with pytest.raises(ModuleKeyError, match="none: the token holds 0"):
        open_module_key(f"pkcs11:token=lmx;object=none{token}")


@pytest.mark.parametrize(
    "wrong",
    [
        "file:seal.key",
        "pkcs11:token=lmx;object=seal",
        "pkcs11:token=lmx;object=seal?module-path=/m.so&pin-value=1234",
    ],
)
def test_a_reference_without_its_parts_or_with_the_pin_is_refused(wrong: str) -> None:
    with pytest.raises(ModuleKeyError):
        read_reference(wrong)
