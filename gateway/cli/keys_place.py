"""Where keys stand and whose they are: the options that the commands of `lmx keys` share."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Any, NoReturn

import click

from gateway.config.config import ConfigError, load_config
from gateway.model.instants import read_instant
from gateway.model.party import home_log, partner_log
from gateway.proof.certificate_profiles import LEAVES

# The snapshot's signing key goes with the directory, not with the gateway.
CERTIFIED = tuple(one.role for one in LEAVES if one.role != "directory")
NOTES = ("log", "witness", "mirror")


@dataclass(frozen=True, slots=True)
class Place:
    """A folder of keys, the state (alpha-2) and the holder: gateway, or submitter with a stroke."""

    folder: Path
    state: str
    name: str

    def listed(self, role: str) -> str:
        """Give the name under which the directory lists a key: `gw.kz.example/seal`."""
        return self.name if "/" in self.name else f"{self.name}/{role}"

    def log(self, partner: str) -> str:
        """Give the origin of the log for a partner's corridor, or of the home log."""
        if not partner:
            raise click.UsageError("a log is for a partner: give --partner UZ, or --partner home")
        if partner.casefold() == "home":
            return home_log(self.name)
        if len(partner) != 2 or not partner.isascii() or not partner.isalpha():
            raise click.UsageError(f"--partner {partner}: a state is alpha-2, e.g. UZ")
        return partner_log(self.name, self.state, partner)


def place_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add --config, or --keys, --state and --name in its place; the command gets `place`."""

    @wraps(command)
    def placed(
        *, config: Path | None, folder: Path | None, state: str, name: str, **more: Any
    ) -> None:
        command(place=_place(config, folder, state, name), **more)

    for option in (
        click.option("--name", default="", help="Gateway, or submitter as authority/system."),
        click.option("--state", default="", help="Alpha-2: KZ."),
        click.option(
            "--keys",
            "folder",
            type=click.Path(file_okay=False, path_type=Path),
            help="Folder of the keys.",
        ),
        click.option(
            "--config",
            type=click.Path(dir_okay=False, path_type=Path),
            help="gateway.toml; tells folder, state and name.",
        ),
    ):
        placed = option(placed)
    return placed


def now() -> datetime:
    """Read the system's clock, as a command may."""
    return datetime.now(UTC)  # noqa: TID251 nothing stands above a command to hand the clock in


def instant(text: str, otherwise: datetime) -> datetime:
    """Read an instant or `now`; ends the command for another spelling."""
    if text in {"", "now"}:
        return now() if text else otherwise
    try:
        return read_instant(text)
    except ValueError:
        raise click.UsageError("write an instant as 2026-11-24T06:00:00.000Z, or now") from None


def ended(error: Exception) -> NoReturn:
    """End the command with what is wrong."""
    raise click.ClickException(str(error)) from None


def _place(config: Path | None, folder: Path | None, state: str, name: str) -> Place:
    if config is not None:
        try:
            found = load_config(config)
        except ConfigError as error:
            ended(error)
        return Place(folder or found.keys, state or found.state, name or found.name)
    if folder is None or not state or not name:
        raise click.UsageError("give --config gateway.toml, or --keys, --state and --name")
    return Place(folder, state, name)
