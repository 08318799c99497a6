"""Keys and certificates as files: private keys 0600 from the first byte, each file in one step."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from gateway.proof.keys import CertifiedKey


def write_certified_key(stem: Path, key: CertifiedKey) -> None:
    """Write `<stem>.key` (0600) and `<stem>.pem`, the chain with the leaf first."""
    write_private(stem.with_name(stem.name + ".key"), key.private)
    write_file(stem.with_name(stem.name + ".pem"), pem(key.chain))


def write_private(file: Path, key: Any) -> None:
    """Write a private key as PEM PKCS #8, mode 0600 from the first byte."""
    write_secret(file, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def write_secret(file: Path, data: bytes) -> None:
    """Write a file that only its owner reads."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.write_bytes(data)


def write_file(file: Path, data: bytes) -> None:
    """Write a file beside and rename it, so that a reader finds the old or the new one."""
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f"{file.name}.{os.getpid()}")
    beside.write_bytes(data)
    beside.replace(file)


def pem(chain: Sequence[x509.Certificate]) -> bytes:
    """Write certificates as PEM, in their order."""
    return b"".join(one.public_bytes(Encoding.PEM) for one in chain)
