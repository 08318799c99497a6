"""`lmx agreement publish` and `revoke`: stage the files with which a state enters or ends one."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click

from gateway.agreements.national_signature import NationalSignature, slot_name
from gateway.agreements.publishing import (
    require_canonical,
    require_unused,
    revocation,
    target,
)
from gateway.cli.agreement_files import read_file, read_settings, read_trust, refused
from gateway.cli.instants import INSTANT
from gateway.model.agreement import Agreement
from gateway.model.refusal import Refusal
from gateway.wiring import now

_FILE = click.Path(path_type=Path)
SIGN = "lmx directory sign --draft DRAFT --key HOLDER/targets.key, two holders each"
PUBLISH = "lmx directory publish --draft DRAFT --published DIRECTORY --keys OPERATOR_KEYS"


@click.command(epilog="Example: lmx agreement publish v2.json --config gateway.toml --into staged")
@click.argument("file", type=_FILE)
@click.option("--config", "settings", type=_FILE, required=True, help="This state's gateway.toml.")
@click.option("--into", type=_FILE, required=True, help="Folder of files for the directory.")
@click.option("--signature", type=_FILE, help="A national signature over FILE: CMS in DER.")
@click.option("--algorithm", help="Its algorithm, in words.")
@click.option("--subject", help="Subject of the certificate that signed, as RFC 2253 writes it.")
@click.option("--provider", default="gost", show_default=True, help="Who can check it.")
def publish(
    file: Path,
    *,
    settings: Path,
    into: Path,
    signature: Path | None,
    algorithm: str | None,
    subject: str | None,
    provider: str,
) -> None:
    """Stage a text as a target file of this state's directory.

    Refuses a text that is not canonical, that no record could meet, or whose number a directory
    or the folder already gives to another text.
    """
    data, terms = read_file(file)
    state, listed = _listed(settings, terms)
    name = target(terms.corridor, terms.version)
    staged = into / name
    if staged.is_file():
        listed[f"the folder {into}"] = {name: staged.read_bytes()}
    try:
        require_canonical(data)
        require_unused(terms, data, listed)
    except Refusal as refusal:
        raise refused(refusal) from None
    _write(staged, data)
    if signature is not None:
        if not algorithm or not subject:
            raise click.UsageError("--signature needs --algorithm and --subject")
        slot = NationalSignature(algorithm, subject, provider, signature.read_bytes())
        _write(into / slot_name(terms.corridor, terms.version, state), slot.data())
    other = next(one for one in terms.corridor.split("-") if one != state)
    click.echo(next_steps(into, SIGN, PUBLISH))
    click.echo(f"In force once {other} lists the same bytes; see lmx agreement show.")


@click.command(
    epilog='Example: lmx agreement revoke KZ-UZ 1 --reason "treaty ended" --config gateway.toml '
    "--into staged"
)
@click.argument("corridor")
@click.argument("version", type=click.IntRange(1))
@click.option("--reason", required=True, help="Why, in words that everybody may read.")
@click.option("--at", type=INSTANT, help="From when; now if not given. Never in the past.")
@click.option("--config", "settings", type=_FILE, required=True, help="This state's gateway.toml.")
@click.option("--into", type=_FILE, required=True, help="Folder of files for the directory.")
def revoke(
    corridor: str, version: int, *, reason: str, at: datetime | None, settings: Path, into: Path
) -> None:
    """Stage the file with which this state alone ends an agreement.

    What was exchanged before that instant stays proved; what is on its way then is refused on
    arrival with agreement.not-in-force.
    """
    current = now()
    if at is not None and at < current - timedelta(minutes=1):
        raise click.ClickException(
            "an agreement is not revoked for the past: exchanges of then stay proved; "
            "give an instant from now on"
        )
    config = read_settings(settings)
    trust, state = read_trust(config.trust), config.state
    if state not in corridor.split("-"):
        raise click.ClickException(f"{state} is no party to {corridor}; only a party revokes")
    if trust.directory(state).agreement(corridor, version) is None:
        raise click.ClickException(
            f"the directory of {state} lists no {target(corridor, version)}; "
            "lmx agreement show tells what it lists"
        )
    name, data = revocation(corridor, version, at=at or current, reason=reason)
    if (into / name).is_file():
        raise click.ClickException(f"{into / name} is there already; a revocation is not changed")
    _write(into / name, data)
    click.echo(next_steps(into, PUBLISH))


def next_steps(into: Path, *more: str) -> str:
    """Give the commands that bring what was staged in a folder into the directory."""
    first = f"lmx directory add {into} --draft DRAFT --published DIRECTORY"
    return "\n  ".join(["Next:", first, *more])


def _listed(settings: Path, terms: Agreement) -> tuple[str, dict[str, Any]]:
    config = read_settings(settings)
    state, trust = config.state, read_trust(config.trust)
    pair = terms.corridor.split("-")
    if state not in pair:
        raise click.ClickException(f"{state} is no party to {terms.corridor}")
    known = {one: trust.directories[one] for one in pair if one in trust.directories}
    return state, {f"the directory of {one}": found.files for one, found in known.items()}


def _write(file: Path, data: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    click.echo(f"written: {file}")
