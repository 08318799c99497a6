"""Keys of the directory: Ed25519, the private half a 0600 file, the public half `NAME.pub` beside.

The public half is the key as TUF writes it, with `x-lmx-holder`: who is asked for a signature.
"""

import hashlib
import json
import os
import re
from pathlib import Path
from typing import Any

from securesystemslib.formats import encode_canonical

# The package re-exports without saying so, which strict mypy does not take for a promise.
from securesystemslib.signer import CryptoSigner, Key, SSlibKey  # type: ignore[attr-defined]

from gateway.directory.roles import CeremonyError
from gateway.proof import note
from gateway.proof.keys import KeyFileError, load_note_key

HOLDER = "x-lmx-holder"
PRIVATE, PUBLIC = ".key", ".pub"
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,40}")


def make_key(stem: Path, holder: str) -> CryptoSigner:
    """Make `<stem>.key` (0600) and `<stem>.pub`; a key that is there already is never replaced."""
    if not _NAME.fullmatch(holder):
        raise CeremonyError(f"{holder!r}: a holder's name is lower-case letters, digits, . and -")
    private = stem.with_name(stem.name + PRIVATE)
    if private.exists():
        raise CeremonyError(f"{private} is there already; a key is never written over")
    signer = CryptoSigner.generate_ed25519()
    stem.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(private, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(signer.private_bytes)
    named = {**signer.public_key.to_dict(), HOLDER: holder}
    public = stem.with_name(stem.name + PUBLIC)
    public.write_text(json.dumps(named, indent=1, sort_keys=True) + "\n", "utf-8")
    return signer


def load_signer(file: Path) -> CryptoSigner:
    """Read a private key file. CeremonyError when it is unsafe, of another kind, or not there."""
    try:
        return CryptoSigner(load_note_key(file, name=file.stem, kind=note.LOG_KEY).private)
    except KeyFileError as error:
        raise CeremonyError(str(error)) from None


def load_signers(folder: Path) -> list[CryptoSigner]:
    """Read every `*.key` of a folder, in the order of their names."""
    return [load_signer(file) for file in sorted(folder.glob("*" + PRIVATE))]


def load_public(file: Path) -> Key:
    """Read a public key file; its id is counted again, so that no key stands under two ids."""
    try:
        named: dict[str, Any] = json.loads(file.read_bytes())
        value = {"public": bytes.fromhex(named["keyval"]["public"]).hex()}
        holder = named[HOLDER]
        kind = (named["keytype"], named["scheme"], len(value["public"]))
    except (OSError, ValueError, KeyError, TypeError):
        raise CeremonyError(
            f"{file}: no public key of a directory can be read there; make one with "
            "lmx directory key and carry its .pub file"
        ) from None
    if kind != ("ed25519", "ed25519", 64) or not _NAME.fullmatch(str(holder)):
        raise CeremonyError(f"{file}: a directory's key is Ed25519 and names its holder")
    plain = {"keytype": "ed25519", "scheme": "ed25519", "keyval": value}
    name = hashlib.sha256(str(encode_canonical(plain)).encode("utf-8")).hexdigest()
    return SSlibKey.from_dict(name, {**plain, HOLDER: holder})


def holder_of(key: Key) -> str:
    """Give the name of who holds a key, or the beginning of its id where none is written."""
    return str(key.unrecognized_fields.get(HOLDER, key.keyid[:8]))
