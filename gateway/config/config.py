"""The settings of one gateway, read from `gateway.toml`; a wrong file stops the start.

Paths in the file are relative to the file. Every member is mandatory but `[peer]` (absent: this
gateway only connects outward), `[partners]`, `[outbox]`, `[store]`, `[directory]`, `[limits]`,
`[webhooks]` and `[testing]`.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

FOLLOW_EVERY = 300
LARGEST_BODY = 20 * 1024 * 1024
REQUESTS_A_MINUTE = 6000
BYTES_A_MINUTE = 600 * 1024 * 1024
_POSTGRESQL = "postgresql+psycopg"


class ConfigError(Exception):
    """A configuration that cannot be used; says which file, which member, and what it must be."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a port listens: host and port."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class DirectorySettings:
    """Directories: those followed, and our own that is served.

    address: where our published one is served over plain HTTP, None when it is not; published: its
    folder; every: seconds between two rounds; follow: base URL by state; renew_with: folder of the
    operator's keys with which the gateway renews what is due, None when a timer does.
    """

    address: Address | None
    published: Path
    every: int
    follow: Mapping[str, str]
    renew_with: Path | None = None


@dataclass(frozen=True, slots=True)
class ServerDatabase:
    """A database of a PostgreSQL server: URL without a password, and the file of that, if any."""

    url: str
    password_file: Path | None = None


@dataclass(frozen=True, slots=True)
class WebhookSettings:
    """Ministries' own addresses: allow: private networks they may be in; roots: for TLS.

    roots: a file of root certificates, None for those of the system.
    """

    allow: tuple[IPv4Network | IPv6Network, ...] = ()
    roots: Path | None = None


@dataclass(frozen=True, slots=True)
class Config:
    """One gateway's settings; folders are absolute.

    state: alpha-2; name: `gw.kz.example`; partners: base URL of a partner's peer port by state,
    in place of the one its directory names; peer: None for a gateway that only connects outward;
    lists: folder of the revocation lists that clients of the peer port are held against, None when
    none is; pulled_by: partners that fetch what waits for them; pull_from: those where we do;
    database, day_keys: the data and, apart from it, the key store: files in the data folder, or
    databases of a PostgreSQL server that all nodes share;
    directory: what of directories is followed and served;
    kill_at: the failpoint at which a test wants this process to end, empty otherwise; rates:
    requests and bytes a minute by submitter or partner's gateway, every other submitter's under the
    empty name, every other gateway's under `partners`.
    """

    state: str
    name: str
    data: Path
    keys: Path
    trust: Path
    api: Address
    peer: Address | None
    console: Address
    partners: Mapping[str, str]
    lists: Path | None
    pulled_by: tuple[str, ...]
    pull_from: tuple[str, ...]
    directory: DirectorySettings
    kill_at: str
    rates: Mapping[str, tuple[int, int]]
    database: Path | ServerDatabase
    day_keys: Path | ServerDatabase
    webhooks: WebhookSettings


def load_config(file: Path) -> Config:
    """Read the file. ConfigError for a file, member or value that is missing or wrong."""
    try:
        found = tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read; give the path of a gateway.toml") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: is not TOML ({error})") from error
    base = file.resolve().parent
    try:
        data = base / _text(found, "data")
        # Data backups leave the folder of the key store out.
        database, day_keys = data / "gateway.sqlite", data / "day-keys" / "keys.sqlite"
        return Config(
            state=_text(found, "state"),
            name=_text(found, "name"),
            data=data,
            keys=base / _text(found, "keys"),
            trust=base / _text(found, "trust"),
            api=_address(found, "api"),
            peer=_address(found, "peer") if "peer" in found else None,
            console=_address(found, "console"),
            partners={str(one): str(url) for one, url in found.get("partners", {}).items()},
            lists=_lists(found.get("peer", {}), base),
            pulled_by=_states(found.get("outbox", {}), "pulled_by"),
            pull_from=_states(found.get("outbox", {}), "pull_from"),
            directory=_directory(found.get("directory", {}), base),
            kill_at=str(found.get("testing", {}).get("kill_at", "")),
            rates=_rates(found.get("limits", {})),
            webhooks=_webhooks(found.get("webhooks", {}), base),
            database=_server(found["store"], "", base) if "store" in found else database,
            day_keys=_server(found["store"], "keys_", base) if "store" in found else day_keys,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ConfigError(f"{file}: {error} is missing or of the wrong kind") from error


def _directory(found: Mapping[str, Any], base: Path) -> DirectorySettings:
    every = found.get("every", FOLLOW_EVERY)
    if type(every) is not int or every < 1:
        raise ValueError("directory.every")
    return DirectorySettings(
        address=_address({"directory": found}, "directory") if "port" in found else None,
        published=base / str(found.get("published", "directory")),
        every=every,
        follow={str(one).upper(): str(url) for one, url in found.get("follow", {}).items()},
        renew_with=base / _text(found, "renew_with") if "renew_with" in found else None,
    )


def _server(found: Mapping[str, Any], role: str, base: Path) -> ServerDatabase:
    names = {"url", "password_file"}
    if not found.keys() <= names | {f"keys_{one}" for one in names}:
        raise ValueError("store (url, keys_url, password_file, keys_password_file)")
    url = _text(found, f"{role}url")
    if urlsplit(url).scheme != _POSTGRESQL or urlsplit(url).password is not None:
        raise ValueError(f"store.{role}url ({_POSTGRESQL}://NAME@HOST/DATABASE without a password)")
    # Keys in the data's own database would stand in each of its backups.
    if found["url"] == found["keys_url"]:
        raise ValueError("store.keys_url (a database of its own)")
    file = found.get(f"{role}password_file")
    return ServerDatabase(url, None if file is None else base / str(file))


def _webhooks(found: Mapping[str, Any], base: Path) -> WebhookSettings:
    if not found.keys() <= {"allow", "roots"} or not isinstance(found.get("allow", []), list):
        raise ValueError("webhooks (allow, a list of networks, and roots)")
    networks = tuple(ip_network(str(one)) for one in found.get("allow", []))
    return WebhookSettings(networks, base / _text(found, "roots") if "roots" in found else None)


def _states(found: Mapping[str, Any], name: str) -> tuple[str, ...]:
    states = found.get(name, [])
    if not isinstance(states, list) or not all(isinstance(one, str) for one in states):
        raise ValueError(f"outbox.{name} (a list of states)")
    return tuple(one.upper() for one in states)


def _lists(found: Mapping[str, Any], base: Path) -> Path | None:
    return base / _text(found, "lists") if "lists" in found else None


def _text(found: Mapping[str, Any], name: str) -> str:
    value = found[name]
    if not isinstance(value, str) or not value:
        raise ValueError(name)
    return value


def _rates(found: Mapping[str, Any]) -> dict[str, tuple[int, int]]:
    own = {name: one for name, one in found.items() if isinstance(one, dict)}
    every = {name: one for name, one in found.items() if name not in own}
    return {name: _rate(one) for name, one in {"": every, **own}.items()}


def _rate(found: Mapping[str, Any]) -> tuple[int, int]:
    wanted = {"requests": REQUESTS_A_MINUTE, "bytes": BYTES_A_MINUTE}
    if not found.keys() <= wanted.keys():
        raise ValueError("limits (requests and bytes a minute)")
    requests, octets = (found.get(name, one) for name, one in wanted.items())
    if type(requests) is not int or type(octets) is not int or min(requests, octets) < 1:
        raise ValueError("limits (requests and bytes a minute)")
    return requests, octets


def _address(found: Mapping[str, Any], name: str) -> Address:
    table = found[name]
    port = table["port"]
    if type(port) is not int or not 0 < port < 65536:
        raise ValueError(f"{name}.port")
    return Address(_text(table, "host"), port)
