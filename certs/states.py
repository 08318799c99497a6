"""Write demonstration states to disk: keys (0600), directories, agreements, settings.

Each state's folder holds `gateway.toml`, `keys/`, `offline/` (keys of the directory's holders),
`directory/` (published) and `trust/` (as `gateway.proof.trust_folder` reads
it) and one profile an authority. Nothing here is used by a running gateway.
"""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding

from certs.authority import StateAuthority, issue, make_authority
from certs.directories import OPERATOR_KEYS, PUBLISHED, publish_first, trust_directory
from certs.key_files import pem, write_certified_key, write_private, write_secret
from gateway.model.effects import Entropy
from gateway.model.party import home_log, partner_log
from gateway.proof import note
from gateway.proof.canonical import canonical_json
from gateway.proof.keys import CertifiedKey, NoteKey
from gateway.proof.policy import write_policy
from gateway.proof.strict_json import parse

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
    """One state: alpha-2, its ports (api, peer, console) and its authorities.

    directory: the port on which its directory is served and followed by the others, if any.
    """

    state: str
    ports: tuple[int, int, int]
    authorities: Sequence[AuthorityPlan]
    directory: int | None = None

    @property
    def gateway(self) -> str:
        """Give the gateway's name."""
        return f"gw.{self.state.lower()}.example"


@dataclass(frozen=True, slots=True)
class _Made:
    plan: StatePlan
    authority: StateAuthority
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
    directories = {
        one.plan.state: publish_first(
            folder / one.plan.state.lower(), _directory(one, texts), at=at
        )
        for one in made
    }
    policy = write_policy([one.notes["witness"].vkey for one in made])
    for one in made:
        home = folder / one.plan.state.lower()
        _write_keys(home / "keys", one, entropy)
        for state, published in directories.items():
            trust_directory(home / "trust", state, published)
        _write(home / "trust/policy.txt", policy.encode())
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


def _directory(made: _Made, agreements: Mapping[str, bytes]) -> dict[str, bytes]:
    plan = made.plan
    gateway = {
        "name": plan.gateway,
        "endpoints": _endpoints(plan),
        "accepts": {
            kind: [1] for text in agreements.values() for kind in parse(text)["recordTypes"]
        },
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
        "authority/roots.pem": pem(made.authority.root.chain),
        "member/gateway.json": canonical_json(gateway),
        "member/authorities.json": canonical_json(authorities),
        "member/submitters.json": canonical_json(submitters),
    }
    for corridor, text in agreements.items():
        if plan.state in corridor.split("-"):
            files[f"agreements/{corridor}/v1.json"] = text
    return files


def _endpoints(plan: StatePlan) -> dict[str, str]:
    served = {} if plan.directory is None else {"directory": f"http://{HOST}:{plan.directory}"}
    return {
        "api": f"http://{HOST}:{plan.ports[0]}",
        "peer": f"https://{HOST}:{plan.ports[1]}",
        **served,
    }


def _listed(role: str, name: str, key: CertifiedKey) -> dict[str, Any]:
    chain = [base64.b64encode(one.public_bytes(Encoding.DER)).decode() for one in key.chain]
    return {"role": role, "name": name, "chain": chain}


def _write_keys(folder: Path, made: _Made, entropy: Entropy) -> None:
    for role, key in made.keys.items():
        write_certified_key(folder / role, key)
    for name, one in made.notes.items():
        write_private(folder / f"{name}.key", one.private)
    write_secret(folder / "master.key", entropy(32))


def _write_settings(file: Path, plan: StatePlan, plans: Sequence[StatePlan]) -> None:
    lines = [f'state = "{plan.state}"', f'name = "{plan.gateway}"']
    lines += ['data = "data"', 'keys = "keys"', 'trust = "trust"']
    for name, port in zip(("api", "peer", "console"), plan.ports, strict=True):
        lines += ["", f"[{name}]", f'host = "{HOST}"', f"port = {port}"]
    lines += ["", "[partners]"]
    lines += [f'{one.state} = "https://{HOST}:{one.ports[1]}"' for one in plans if one is not plan]
    if plan.directory is not None:
        lines += ["", "[directory]", f'host = "{HOST}"', f"port = {plan.directory}"]
        lines += [f'published = "{PUBLISHED}"', f'renew_with = "{OPERATOR_KEYS}"']
        lines += ["", "[directory.follow]"]
        lines += [
            f'{one.state} = "http://{HOST}:{one.directory}"'
            for one in plans
            if one is not plan and one.directory is not None
        ]
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


def _write(file: Path, data: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
