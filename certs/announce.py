"""What a directory lists of a gateway's or a submitter's keys, with the windows of a rotation.

A key stays listed after its end, so that what it signed before still verifies.
"""

import base64
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding

from gateway.proof import note
from gateway.proof.key_folder import Generation, generations, log_stem
from gateway.proof.keys import load_certificates, load_note_key
from gateway.proof.note import VerifierKey, read_vkey


def listed_keys(folder: Path, stem: str, name: str, *, role: str) -> list[dict[str, Any]]:
    """Give the entries of certified keys, oldest first: role, name, chain, from, to."""
    return [
        {"role": role, "name": name, "chain": _chain(one), **one.window.members()}
        for one in generations(folder, stem)
        if one.chain_file.exists()
    ]


def listed_logs(folder: Path, origin: str) -> list[str | dict[str, str]]:
    """Give the entries of a log's keys: the vkey alone while there is one, else with its window."""
    return _listed(folder, log_stem(origin), origin, note.LOG_KEY)


def listed_witness(folder: Path, role: str, name: str) -> str | list[str | dict[str, str]]:
    """Give what stands for a witness or mirror: its vkey, or several with their windows."""
    found = _listed(folder, role, name, note.COSIGNER_KEY)
    return found[0] if len(found) == 1 and isinstance(found[0], str) else found


def _listed(folder: Path, stem: str, name: str, kind: int) -> list[str | dict[str, str]]:
    found = [
        (load_note_key(one.private_file, name=name, kind=kind).vkey.text(), one.window)
        for one in generations(folder, stem)
    ]
    return [
        {"vkey": text, **window.members()} if window.members() else text for text, window in found
    ]


def with_keys(gateway: Mapping[str, Any], entries: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Give `member/gateway.json` with these entries in place of those of their role and name."""
    same = {(one["role"], one["name"]) for one in entries}
    others = [one for one in gateway["keys"] if (one["role"], one["name"]) not in same]
    return {**gateway, "keys": [*others, *entries]}


def with_logs(
    gateway: Mapping[str, Any], origin: str, entries: Sequence[str | Mapping[str, str]]
) -> dict[str, Any]:
    """Give `member/gateway.json` with these entries in place of those of the log."""
    others = [one for one in gateway["logs"] if _vkey(one).name != origin]
    return {**gateway, "logs": [*others, *entries]}


def with_submitter(
    submitters: Mapping[str, Mapping[str, Any]], name: str, entries: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """Give `member/submitters.json` with these keys of a submitter.

    The newest stands under the submitter's name with its rights, an older one n under `name#n`.
    """
    told = {one: value for one, value in submitters.items() if one.partition("#")[0] != name}
    rights = {
        member: value
        for member, value in submitters.get(name, {}).items()
        if member not in {"role", "name", "chain", "from", "to"}
    }
    *older, newest = entries
    for number, entry in enumerate(older, start=1):
        told[f"{name}#{number}"] = {**rights, **entry}
    return {**told, name: {**rights, **newest}}


def _chain(one: Generation) -> list[str]:
    return [
        base64.b64encode(each.public_bytes(Encoding.DER)).decode("ascii")
        for each in load_certificates(one.chain_file)
    ]


def _vkey(listed: str | Mapping[str, str]) -> VerifierKey:
    return read_vkey(listed if isinstance(listed, str) else listed["vkey"])
