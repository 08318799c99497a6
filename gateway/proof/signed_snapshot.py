"""A directory as one list of digests with one signature: what demonstrations wrote before TUF.

`snapshot.json` names each file with its digest and `snapshot.jws` signs it with the state's
directory key, which readers pin.
"""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from gateway.model.refusal import Refusal
from gateway.proof.canonical import canonical_json, read_canonical
from gateway.proof.certificate import verify_path
from gateway.proof.directory_files import ROOTS, read_files
from gateway.proof.json_signature import DIRECTORY, sign_jws, verify_jws
from gateway.proof.keys import CertifiedKey, thumbprint
from gateway.proof.trust import Directory

SNAPSHOT = "snapshot.json"
SIGNATURE = "snapshot.jws"


def sign_directory(
    files: Mapping[str, bytes], key: CertifiedKey, *, state: str, version: int, at: datetime
) -> dict[str, bytes]:
    """Give the files with `snapshot.json` and `snapshot.jws` added."""
    listed = {name: _digest(data) for name, data in sorted(files.items())}
    snapshot = canonical_json({"state": state, "version": version, "files": listed})
    token = sign_jws(snapshot, key, typ=DIRECTORY, at=at)
    return {**files, SNAPSHOT: snapshot, SIGNATURE: token.encode("ascii")}


def read_directory(
    files: Mapping[str, bytes],
    *,
    state: str,
    pinned: Sequence[x509.Certificate],
    roots: tuple[x509.Certificate, ...],
) -> Directory:
    """Verify the snapshot with the pinned directory key, then every file by its digest.

    pinned: the directory key's certificate and those between it and the root.

    Refuses `directory.signature`: a wrong signature, a file missing, changed or not listed.
    """
    try:
        token = files[SIGNATURE].decode("ascii")
        verified = verify_jws(token, {thumbprint(pinned[0]): pinned[0]}, typ=DIRECTORY)
        verify_path(pinned, roots, role="directory", state=state, at=verified.issued_at)
    except (KeyError, IndexError, UnicodeDecodeError):
        raise _wrong("the directory carries its signed snapshot", SIGNATURE) from None
    except Refusal as refusal:
        raise _wrong(f"the pinned key signs the snapshot ({refusal.rule})", SIGNATURE) from None
    if files.get(SNAPSHOT) != verified.payload:
        raise _wrong("snapshot.json holds the octets that were signed", SNAPSHOT)
    snapshot = read_canonical(verified.payload)
    if not isinstance(snapshot, dict) or set(snapshot) != {"state", "version", "files"}:
        raise _wrong("a snapshot has state, version and files", SNAPSHOT)
    if snapshot["state"] != state or type(snapshot["version"]) is not int:
        raise _wrong("the snapshot is of this state and has a version", SNAPSHOT)
    contents = {name: data for name, data in files.items() if name not in {SNAPSHOT, SIGNATURE}}
    for name in sorted(contents.keys() | snapshot["files"].keys()):
        if name not in contents or _digest(contents[name]) != snapshot["files"].get(name):
            raise _wrong("each file is listed and has the digest of the snapshot", name)
    pem = b"".join(one.public_bytes(Encoding.PEM) for one in roots)
    return read_files(
        state, snapshot["version"], _digest(verified.payload), {**contents, ROOTS: pem}
    )


def _digest(data: bytes) -> str:
    return base64.b64encode(hashlib.sha256(data).digest()).decode("ascii")


def _wrong(rule: str, place: str) -> Refusal:
    return Refusal("directory.signature", step="verify", rule=rule, place=place)
