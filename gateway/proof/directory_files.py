"""Read the verified target files of a state's directory: gateway, authorities, submitters, keys.

The files are canonical JSON, or PEM for the state's roots; issue 5 fixes their members.
"""

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from cryptography import x509

from gateway.model.instants import read_instant
from gateway.model.refusal import Refusal
from gateway.proof.keys import thumbprint
from gateway.proof.note import read_vkey
from gateway.proof.strict_json import parse
from gateway.proof.trust import Directory, ListedKey, ListedLog, Revocation
from gateway.proof.window import read_window

ROOTS = "authority/roots.pem"
GATEWAY = "member/gateway.json"
AUTHORITIES = "member/authorities.json"
SUBMITTERS = "member/submitters.json"
REVOKED = "revoked/"


def read_files(state: str, version: int, sha256: str, files: Mapping[str, bytes]) -> Directory:
    """Give the directory that these verified files make.

    version, sha256: those of the snapshot that names the files. A state that runs no gateway yet
    has no member files: its keys, logs and authorities are none. Refuses `directory.malformed`.
    """
    try:
        gateway = _object(files, GATEWAY)
        authorities = _object(files, AUTHORITIES)
        submitters = _object(files, SUBMITTERS)
        listed = [_key(one) for one in [*gateway.get("keys", []), *submitters.values()]]
        logs = tuple(_log(one) for one in gateway.get("logs", []))
        witnesses = tuple(_log(one) for one in _several(gateway.get("witness", "")))
        revoked = _revocations(files)
        roots = tuple(x509.load_pem_x509_certificates(files[ROOTS])) if ROOTS in files else ()
    except (KeyError, TypeError, ValueError, AttributeError, binascii.Error, Refusal):
        raise Refusal(
            "directory.malformed",
            step="verify",
            rule="the directory's files must have the members of their version",
            place=state,
        ) from None
    keys = {thumbprint(one.certificate): one for one in listed}
    return Directory(
        state=state,
        version=version,
        sha256=sha256,
        files=files,
        gateway=gateway,
        authorities=authorities,
        submitters=submitters,
        keys=keys,
        logs=logs,
        roots=roots,
        revoked=revoked,
        witnesses=witnesses,
    )


def _object(files: Mapping[str, bytes], name: str) -> Mapping[str, Any]:
    if name not in files:
        return {}
    found = parse(files[name])
    if not isinstance(found, dict):
        raise TypeError(name)
    return found


def _key(listed: Mapping[str, Any]) -> ListedKey:
    chain = tuple(
        x509.load_der_x509_certificate(base64.b64decode(one, validate=True))
        for one in listed["chain"]
    )
    if not chain:
        raise ValueError("chain")
    window = read_window(listed)
    return ListedKey(str(listed["role"]), str(listed["name"]), chain, window.begins, window.ends)


def _log(listed: str | Mapping[str, Any]) -> ListedLog:
    if isinstance(listed, str):
        return ListedLog(read_vkey(listed))
    window = read_window(listed)
    return ListedLog(read_vkey(listed["vkey"]), window.begins, window.ends)


def _several(listed: Any) -> list[str | Mapping[str, Any]]:
    # One key stands alone, as it did before a witness could have two.
    if isinstance(listed, str):
        return [listed] if listed else []
    return list(listed)


def _revocations(files: Mapping[str, bytes]) -> dict[str, Revocation]:
    # Two notices of one key: the earlier instant holds.
    found: dict[str, Revocation] = {}
    for name, data in sorted(files.items()):
        if name.startswith(REVOKED):
            told = parse(data)
            new = Revocation(read_instant(told["at"]), str(told.get("reason", "")))
            old = found.get(str(told["id"]))
            found[str(told["id"])] = new if old is None or new.at < old.at else old
    return found
