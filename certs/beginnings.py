"""The files with which a state begins: settings, master key, its gateway's first entry, a profile.

Nothing here is used by a running gateway. What stands already is never written over.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from certs.key_files import write_file, write_secret
from gateway.model.effects import Entropy
from gateway.model.party import state_of_authority
from gateway.proof.canonical import canonical_json
from gateway.proof.keys import KeyFileError
from gateway.proof.strict_json import parse

FILES = "files"
CLASSES = ("state", "fund", "bank", "consulate", "region", "IGO", "NGO")
PORTS = ("api", "peer", "console", "directory")


@dataclass(frozen=True, slots=True)
class Beginning:
    """A new gateway: state (alpha-2), name, host to listen on, the name partners reach it by,
    and the first of four ports: api, peer, console, directory."""

    state: str
    name: str
    host: str
    public: str
    port: int

    def settings(self) -> str:
        """Write `gateway.toml`."""
        lines = [f'state = "{self.state}"', f'name = "{self.name}"']
        lines += ['data = "data"', 'keys = "keys"', 'trust = "trust"']
        for number, name in enumerate(PORTS):
            lines += ["", f"[{name}]", f'host = "{self.host}"', f"port = {self.port + number}"]
        lines += ['published = "directory"', 'renew_with = "keys/directory"']
        return "\n".join(lines) + "\n"

    def gateway(self, accepts: Iterable[str]) -> dict[str, Any]:
        """Give `member/gateway.json` without keys. accepts: record types, in version 1."""
        return {
            "name": self.name,
            "endpoints": {
                "api": f"http://{self.public}:{self.port}",
                "peer": f"https://{self.public}:{self.port + 1}",
                "directory": f"http://{self.public}:{self.port + 3}",
            },
            "accepts": {one: [1] for one in sorted(accepts)},
            "keys": [],
            "logs": [],
        }


def begin(folder: Path, made: Beginning, accepts: Iterable[str], entropy: Entropy) -> list[Path]:
    """Write settings, master key and first directory file below `folder`; gives them.

    KeyFileError when one is there: a master key that is lost takes the payloads with it.
    """
    settings, master = folder / "gateway.toml", folder / "keys/master.key"
    member = folder / FILES / "member/gateway.json"
    for file in (settings, master, member):
        if file.exists():
            raise KeyFileError(f"{file} is there already; begin a gateway in a folder of its own")
    master.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_secret(master, entropy(32))
    write_file(member, canonical_json(made.gateway(accepts)))
    write_file(settings, made.settings().encode("utf-8"))
    return [settings, master, member]


def list_authority(file: Path, name: str, entry: Mapping[str, Any]) -> None:
    """Write an authority into `member/authorities.json`.

    ValueError for a wrong name; KeyFileError or Refusal for a file that is none of a directory.
    """
    state_of_authority(name)
    told = parse(file.read_bytes()) if file.exists() else {}
    if not isinstance(told, dict):
        raise KeyFileError(f"{file} is no file of a directory")
    write_file(file, canonical_json({**told, name: dict(entry)}))


def profile(authority: str, url: str, stem: str) -> str:
    """Write a submitter's profile, which lies beside its key and chain."""
    lines = (
        f'authority = "{authority}"',
        f'url = "{url}"',
        f'key = "{stem}.key"',
        f'chain = "{stem}.pem"',
    )
    return "\n".join(lines) + "\n"
