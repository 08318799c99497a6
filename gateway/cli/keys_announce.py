"""`lmx keys announce`: write what the directory lists of the keys in a folder."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from certs.announce import (
    listed_keys,
    listed_logs,
    listed_witness,
    with_keys,
    with_logs,
    with_submitter,
)
from certs.generations import KeyStepError
from certs.key_files import write_file
from gateway.cli.keys_place import Place, ended, place_options
from gateway.model.party import home_log, partner_log
from gateway.model.refusal import Refusal
from gateway.proof.canonical import canonical_json
from gateway.proof.key_folder import generations
from gateway.proof.keys import KeyFileError
from gateway.proof.strict_json import parse

GATEWAY_ROLES = ("seal", "evidence", "peer", "tls")
MEMBER = click.option(
    "--member",
    type=click.Path(dir_okay=False, path_type=Path),
    help="member/gateway.json, or member/submitters.json for a submitter; is rewritten.",
)


@click.command(
    epilog="Example: lmx keys announce --config kz/gateway.toml --member member/gateway.json"
)
@place_options
@MEMBER
@click.option("--as", "stem", default="", help="File stem of a submitter's key.")
@click.option("--authority", default="", help="For a new submitter: its authority.")
@click.option(
    "--right",
    "rights",
    multiple=True,
    metavar="TYPE,...:PURPOSE,...",
    help="What a submitter may send and read; given once or more, they replace what is listed.",
)
def announce(
    *, place: Place, member: Path | None, stem: str, authority: str, rights: tuple[str, ...]
) -> None:
    """Write the keys of the folder into the directory's file, each with its window.

    A gateway's: seal, evidence, peer, tls, logs and witness. With --name authority/system: that
    submitter's. Without --member the entries are printed.
    """
    try:
        if "/" in place.name:
            told = submitter_entries(place, stem or "submitter", member, authority)
            if rights:
                told[place.name]["rights"] = [_right(one) for one in rights]
        else:
            told = gateway_entries(place, member)
    except (KeyFileError, KeyStepError, OSError, Refusal, ValueError) as error:
        ended(error)
    publish(told, member)


def publish(told: dict[str, Any], member: Path | None) -> None:
    """Write the file, canonical, or print it; say what comes next."""
    octets = canonical_json(told)
    if member is None:
        click.echo(octets.decode("utf-8"))
        return
    write_file(member, octets)
    click.echo(f"written: {member}")
    click.echo("Next: publish it with lmx directory")


def gateway_entries(place: Place, member: Path | None) -> dict[str, Any]:
    """Give `member/gateway.json` with every key of the folder."""
    told = _read(member) or {"name": place.name, "keys": [], "logs": []}
    for role in GATEWAY_ROLES:
        told = with_keys(told, _certified(place, role, place.listed(role)))
    for origin in _origins(place):
        told = with_logs(told, origin, listed_logs(place.folder, origin))
    for role in ("witness", "mirror"):
        if generations(place.folder, role):
            told[role] = listed_witness(place.folder, role, f"{place.name}/{role}")
    return told


def submitter_entries(
    place: Place, stem: str, member: Path | None, authority: str
) -> dict[str, Any]:
    """Give `member/submitters.json` with the keys of one submitter."""
    entries = _certified(place, stem, place.name, role="submitter")
    told = _read(member)
    if place.name not in told:
        if not authority:
            raise KeyStepError(
                f"{place.name} is not listed yet: give --authority, the authority it submits for"
            )
        told = {**told, place.name: {"authority": authority}}
    return with_submitter(told, place.name, entries)


def _right(told: str) -> dict[str, list[str]]:
    types, _, purposes = told.partition(":")
    found = {"recordTypes": types.split(","), "purposes": purposes.split(",")}
    if not all(map(all, found.values())):
        raise KeyStepError(f"{told}: write a right as EmploymentContract:contract-registration")
    return found


def _certified(place: Place, stem: str, name: str, *, role: str = "") -> Sequence[dict[str, Any]]:
    entries = listed_keys(place.folder, stem, name, role=role or stem)
    if not entries:
        raise KeyStepError(f"{place.folder} holds no certified key of {stem}: lmx keys make")
    return entries


def _origins(place: Place) -> list[str]:
    names = {
        one.stem.split("-")[1]
        for one in place.folder.glob("log-*")
        if one.suffix in {".key", ".uri"}
    }
    return [
        home_log(place.name) if one == "home" else partner_log(place.name, place.state, one)
        for one in sorted(names)
    ]


def _read(member: Path | None) -> dict[str, Any]:
    if member is None or not member.exists():
        return {}
    found = parse(member.read_bytes())
    if not isinstance(found, dict):
        raise KeyStepError(f"{member}: this is no file of a directory")
    return found
