"""Agreement texts and settings as the commands read them, with what to do when they cannot."""

from pathlib import Path

import click

from gateway.agreements.publishing import read_text
from gateway.cli.records import SCHEMAS, catalogue
from gateway.config.config import Config, ConfigError, load_config
from gateway.model.agreement import Agreement
from gateway.model.refusal import Refusal
from gateway.proof.trust_folder import Trust, load_trust


def read_file(file: Path) -> tuple[bytes, Agreement]:
    """Give a text's bytes and terms; fails with the refusal in words."""
    try:
        data = file.read_bytes()
        return data, read_text(catalogue(), SCHEMAS, data)
    except OSError:
        raise click.ClickException(f"{file} cannot be read") from None
    except Refusal as refusal:
        raise click.ClickException(f"{file}: {refused(refusal).message}") from None


def read_settings(file: Path) -> Config:
    """Read a gateway.toml; fails with what is wrong in it."""
    try:
        return load_config(file)
    except ConfigError as error:
        raise click.ClickException(str(error)) from None


def read_trust(folder: Path) -> Trust:
    """Read and verify a trust folder; fails with what is wrong in it."""
    try:
        return load_trust(folder)
    except Refusal as refusal:
        raise refused(refusal) from None


def refused(refusal: Refusal) -> click.ClickException:
    """Give a refusal as a command ends with it."""
    return click.ClickException(f"{refusal.kind.title}: {refusal}")
