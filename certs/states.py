"""Write demonstration states to disk: keys (0600), signed directories, agreements, settings.

Each state's folder holds `gateway.toml`, `keys/`, `trust/` (as `gateway.proof.trust_folder` reads
it) and one profile an authority. Nothing here is used by a running gateway.
"""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from certs.authority import StateAuthority, issue, make_authority
from gateway.model.effects import Entropy
from gateway.model.party import home_log, partner_log
from gateway.proof import note
from gateway.proof.canonical import canonical_json
from gateway.proof.keys import CertifiedKey, NoteKey
from gateway.proof.policy import write_policy
from gateway.proof.trust import sign_directory

HOST = "127.0.0.1"
_ALL = [{"recordTypes": ["*"], "purposes": ["*"]}]
_ROLES = ("seal", "evidence", "peer", "tls")


@dataclass(frozen=True, slots=True)
class AuthorityPlan:
    """One authority: name, layout by record type it takes, and whether it takes signed XML.

    kind: its class in the directory: state, fund, bank, consulate, region, IGO or NGO.
    submitter: what the directory says of its system: rights, suspended, licence.
    """

    name: str
    layouts: Mapping[str, str]
    forms: str = "native"
    kind: str = "state"
    submitter: Mapping[str, Any] = field(default_factory=lambda: {"rights": _ALL})


@dataclass(frozen=True, slots=True)
class StatePlan:
    """One state: alpha-2, its ports (api, peer, console) and its authorities."""

    state: str
    ports: tuple[int, int, int]
    authorities: Sequence[AuthorityPlan]

    @property
    def gateway(self) -> str:
        """Give the gateway's name."""
        return f"gw.{self.state.lower()}.example"


@dataclass(frozen=True, slots=True)
class _Made:
    plan: StatePlan
    authority: StateAuthority
    directory_key: CertifiedKey
    keys: Mapping[str, CertifiedKey]
    notes: Mapping[str, NoteKey]
    submitters: Mapping[str, CertifiedKey]


def write_states(
    folder: Path,
    plans: Sequence[StatePlan],
    agreements: Mapping[str, Mapping[str, Any]],
    *,
    at: datetime,
    entropy: Entropy,
) -> dict[str, Path]:
    """Write all states below `folder`; gives the gateway.toml of each by alpha-2.

    agreements: the text of version 1 by corridor; both states list the same bytes.
    """
    made = [_make(one, plans, at) for one in plans]
    texts = {one: canonical_json(dict(text)) for one, text in agreements.items()}
    directories = {one.plan.state: _directory(one, texts, at) for one in made}
    policy = write_policy([one.notes["witness"].vkey for one in made])
    for one in made:
        home = folder / one.plan.state.lower()
        _write_keys(home / "keys", one, entropy)
        _write_trust(home / "trust", made, directories, policy)
        _write_settings(home / "gateway.toml", one.plan, plans)
        _write_profiles(folder / "profiles", one)
    return {one.state: folder / one.state.lower() / "gateway.toml" for one in plans}


def _make(plan: StatePlan, plans: Sequence[StatePlan], at: datetime) -> _Made:
    authority = make_authority(plan.state, at=at)
    logs = {
        one.state.lower(): partner_log(plan.gateway, plan.state, one.state)
        for one in plans
        if one is not plan
    }
    notes = {
        f"log-{name}": NoteKey(Ed25519PrivateKey.generate(), origin, note.LOG_KEY)
        for name, origin in {**logs, "home": home_log(plan.gateway)}.items()
    }
    witness = NoteKey(Ed25519PrivateKey.generate(), f"{plan.gateway}/witness", note.COSIGNER_KEY)
    hosts = {"tls": (HOST, "localhost")}
    return _Made(
        plan,
        authority,
        issue(authority, "directory", f"{plan.gateway}/directory", at=at),
        {
            role: issue(authority, role, f"{plan.gateway}/{role}", at=at, hosts=hosts.get(role, ()))
            for role in _ROLES
        },
        {**notes, "witness": witness},
        {
            one.name: issue(authority, "submitter", f"{one.name}/system", at=at)
            for one in plan.authorities
        },
    )


def _directory(made: _Made, agreements: Mapping[str, bytes], at: datetime) -> dict[str, bytes]:
    plan = made.plan
    gateway = {
        "name": plan.gateway,
        "keys": [_listed(role, f"{plan.gateway}/{role}", key) for role, key in made.keys.items()],
        "logs": [key.vkey.text() for name, key in made.notes.items() if name != "witness"],
        "witness": made.notes["witness"].vkey.text(),
    }
    authorities = {
        one.name: {"class": one.kind, "forms": one.forms, "layouts": dict(one.layouts)}
        for one in plan.authorities
    }
    submitters = {
        f"{name}/system": {
            **_listed("submitter", f"{name}/system", key),
            "authority": name,
            **next(one.submitter for one in plan.authorities if one.name == name),
        }
        for name, key in made.submitters.items()
    }
    files = {
        "member/gateway.json": canonical_json(gateway),
        "member/authorities.json": canonical_json(authorities),
        "member/submitters.json": canonical_json(submitters),
    }
    for corridor, text in agreements.items():
        if plan.state in corridor.split("-"):
            files[f"agreements/{corridor}/v1.json"] = text
    return sign_directory(files, made.directory_key, state=plan.state, version=1, at=at)


def _listed(role: str, name: str, key: CertifiedKey) -> dict[str, Any]:
    chain = [base64.b64encode(one.public_bytes(Encoding.DER)).decode() for one in key.chain]
    return {"role": role, "name": name, "chain": chain}


def _write_keys(folder: Path, made: _Made, entropy: Entropy) -> None:
    for role, key in made.keys.items():
        write_certified_key(folder / role, key)
    for name, one in made.notes.items():
        write_private(folder / f"{name}.key", one.private)
    _write_secret(folder / "master.key", entropy(32))


def _write_trust(
    folder: Path, made: Sequence[_Made], directories: Mapping[str, Mapping[str, bytes]], policy: str
) -> None:
    for one in made:
        name = one.plan.state.lower()
        _write(folder / f"roots/{name}.pem", _pem(one.authority.root))
        _write(folder / f"pins/{name}.pem", _pem(one.directory_key))
        for file, data in directories[one.plan.state].items():
            _write(folder / f"directory/{name}/{file}", data)
    _write(folder / "policy.txt", policy.encode())


def _write_settings(file: Path, plan: StatePlan, plans: Sequence[StatePlan]) -> None:
    lines = [f'state = "{plan.state}"', f'name = "{plan.gateway}"']
    lines += ['data = "data"', 'keys = "keys"', 'trust = "trust"']
    for name, port in zip(("api", "peer", "console"), plan.ports, strict=True):
        lines += ["", f"[{name}]", f'host = "{HOST}"', f"port = {port}"]
    lines += ["", "[partners]"]
    lines += [f'{one.state} = "https://{HOST}:{one.ports[1]}"' for one in plans if one is not plan]
    _write(file, ("\n".join(lines) + "\n").encode())


def _write_profiles(folder: Path, made: _Made) -> None:
    for name, key in made.submitters.items():
        write_certified_key(folder / name, key)
        lines = (
            f'authority = "{name}"',
            f'url = "http://{HOST}:{made.plan.ports[0]}"',
            f'key = "{name}.key"',
            f'chain = "{name}.pem"',
        )
        _write(folder / f"{name}.toml", ("\n".join(lines) + "\n").encode())


def write_certified_key(stem: Path, key: CertifiedKey) -> None:
    """Write `<stem>.key` (0600) and `<stem>.pem`, the chain with the leaf first."""
    write_private(stem.with_name(stem.name + ".key"), key.private)
    _write(stem.with_name(stem.name + ".pem"), _pem(key))


def write_private(file: Path, key: Any) -> None:
    """Write a private key as PEM PKCS #8, mode 0600 from the first byte."""
    _write_secret(file, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def _write_secret(file: Path, data: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.write_bytes(data)


def _write(file: Path, data: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)


def _pem(key: CertifiedKey) -> bytes:
    return b"".join(one.public_bytes(Encoding.PEM) for one in key.chain)
