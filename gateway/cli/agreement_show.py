"""`lmx agreement show`: which agreement is in force at an instant, by which bytes, or why none."""

import base64
import hashlib
import json
import shutil
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from gateway.agreements.gost import GostProvider
from gateway.agreements.names import member_name, type_name
from gateway.agreements.national_signature import Provider
from gateway.agreements.page import page, page_name
from gateway.agreements.standing import Side, Standing, corridors, standings
from gateway.cli.agreement_files import read_file, read_settings, read_trust
from gateway.cli.instants import INSTANT
from gateway.cli.records import SCHEMAS
from gateway.exchange.known_at import directories_at
from gateway.model.agreement import Agreement, Grant
from gateway.model.agreement_text import LANGUAGES
from gateway.model.instants import write_instant
from gateway.model.party import home_log
from gateway.model.refusal import Refusal
from gateway.proof.trust import Directory
from gateway.store.connection import StoreError, open_store
from gateway.wiring import now

_FILE = click.Path(path_type=Path)


@click.command(epilog="Example: lmx agreement show --config gateway.toml --corridor KZ-UZ")
@click.argument("file", type=_FILE, required=False)
@click.option("--config", "settings", type=_FILE, help="A gateway.toml, for its trust folder.")
@click.option("--trust", "folder", type=_FILE, help="A trust folder, as auditors have it.")
@click.option("--at", type=INSTANT, help="The instant to tell for; now if not given.")
@click.option("--corridor", help="Only this corridor.")
@click.option("--html", type=_FILE, help="Folder for the pages, one a language.")
@click.option("--national-roots", type=_FILE, help="Roots (PEM) for GOST signatures.")
@click.option("--json", "as_json", is_flag=True, help="Print it as one JSON document.")
@click.pass_context
def show(
    context: click.Context,
    file: Path | None,
    *,
    settings: Path | None,
    folder: Path | None,
    at: datetime | None,
    corridor: str | None,
    html: Path | None,
    national_roots: Path | None,
    as_json: bool,
) -> None:
    """Show a draft FILE, or what two states' directories say of an instant.

    With --config and --at they are those that this gateway knew at the instant, as its home log
    tells; else the newest ones of the trust folder. It tells of each version whether it is in
    force between which states, from which bytes, why not when it is not, and what it allows.
    Exit 1: none of those shown is in force.
    """
    if file is not None:
        _draft(file, html, at or now())
        return
    if (settings is None) == (folder is None):
        raise click.UsageError("give a FILE, or one of --config and --trust")
    known = _directories(settings, folder, at)
    at = at or now()
    found = _standings(known, corridor, _providers(national_roots), at)
    if as_json:
        told = [_members(one) for one in found]
        document = {"at": write_instant(at), "agreements": told}
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        for one in found:
            _tell(one, write_instant(at))
        if not found:
            click.echo("no directory lists an agreement" + (f" of {corridor}" if corridor else ""))
    for one in found if html is not None else ():
        if one.terms is not None and html is not None:
            _pages(html, one.terms, _digest(one.data), one, at)
    context.exit(0 if any(one.in_force for one in found) else 1)


def _draft(file: Path, html: Path | None, at: datetime) -> None:
    data, terms = read_file(file)
    click.echo(f"{terms.corridor} version {terms.version}: draft, listed in no directory")
    click.echo(f"  bytes: sha256 {_digest(data)}, {len(data)} bytes")
    _tell_terms(terms)
    if html is not None:
        _pages(html, terms, _digest(data), None, at)


def _standings(
    known: Mapping[str, Directory], corridor: str | None, providers: list[Provider], at: datetime
) -> list[Standing]:
    found: list[Standing] = []
    for one in corridors(known):
        if corridor not in (None, one):
            continue
        pair = [known[state] for state in one.split("-") if state in known]
        found += standings(pair, one, providers, at=at)
    return found


def _providers(roots: Path | None) -> list[Provider]:
    if roots is None:
        return []
    program = shutil.which("openssl")
    if program is None:
        raise click.ClickException("openssl is not installed; without it nothing is checked")
    try:
        return [GostProvider(Path(program), roots)]
    except ValueError as error:
        raise click.ClickException(str(error)) from None


def _directories(
    settings: Path | None, folder: Path | None, at: datetime | None
) -> Mapping[str, Directory]:
    if settings is None:
        return read_trust(folder or Path()).directories
    config = read_settings(settings)
    trust = read_trust(config.trust)
    database = config.database
    if at is None or (isinstance(database, Path) and not database.exists()):
        return trust.directories
    try:
        found = directories_at(open_store(database), home_log(config.name), trust, at)
    except (Refusal, StoreError) as error:
        raise click.ClickException(str(error)) from None
    return {state: one for state, one in found.items() if one is not None}


def _tell(one: Standing, at: str) -> None:
    states = " and ".join(one.corridor.split("-"))
    word = "in force" if one.in_force else "not in force"
    click.echo(f"{one.corridor} version {one.version}: {word} at {at} between {states}")
    if one.why:
        click.echo(f"  why: {one.why}")
    for side in one.sides:
        click.echo(f"  {_side(side)}")
    if one.terms is not None and one.in_force:
        _tell_terms(one.terms)
    click.echo()


def _side(side: Side) -> str:
    told = f"{side.state} lists sha256 {side.sha256}" if side.sha256 else f"{side.state} lists none"
    if side.revoked:
        told += f", revoked from {side.revoked}" + (f" ({side.reason})" if side.reason else "")
    signed = side.signature
    more = f" ({signed.algorithm}; {signed.subject})" if signed.algorithm else ""
    return f"{told}; national signature {signed.word}{more}"


def _tell_terms(terms: Agreement) -> None:
    begins, ends = write_instant(terms.valid_from), write_instant(terms.valid_to)
    click.echo(f"  valid from {begins} to {ends}" + (", for test records" if terms.test else ""))
    for basis in terms.legal_bases.values():
        title = basis.title.get("en") or next(iter(basis.title.values()))
        click.echo(f"  basis {basis.code}: {title}, {basis.date}")
    for name, grant in sorted(terms.grants.items()):
        click.echo(f"  {type_name(SCHEMAS, name, 'en')} ({name})")
        for told in _grant(grant):
            click.echo(f"    {told}")


def _grant(grant: Grant) -> list[str]:
    def member(path: str) -> str:
        return f"{path} ({member_name(SCHEMAS, grant.record_type, path, 'en')})"

    rules = grant.members
    found = [
        f"{', '.join(sorted(grant.directions))}, for {', '.join(sorted(grant.purposes))}",
        f"kept {grant.retention_days} days, relayed in {grant.relay_hours} h, "
        f"handed over in {grant.handover_hours} h",
    ]
    if rules.allowed is not None:
        found.append(f"only: {', '.join(map(member, sorted(rules.allowed)))}")
    if rules.withheld:
        found.append(f"withheld: {', '.join(map(member, sorted(rules.withheld)))}")
    if rules.masked:
        found.append(f"masked: {', '.join(map(member, rules.masked))}")
    found += [f"at most {one.limit} a {one.window}, each {one.each}" for one in grant.quotas]
    if grant.consent_required:
        found.append("only with the person's consent")
    return found


def _members(one: Standing) -> dict[str, Any]:
    told: dict[str, Any] = {
        "corridor": one.corridor,
        "version": one.version,
        "inForce": one.in_force,
        "sides": [side.members() for side in one.sides],
    }
    if one.why:
        told["why"] = one.why
    if one.data:
        told["sha256"] = _digest(one.data)
    if one.terms is not None:
        told["text"] = json.loads(one.data)
    return told


def _pages(
    folder: Path, terms: Agreement, sha256: str, standing: Standing | None, at: datetime
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for language in LANGUAGES:
        made = page(
            SCHEMAS, terms, language, sha256=sha256, standing=standing, at=write_instant(at)
        )
        (folder / page_name(terms, language)).write_text(made, "utf-8")
    told = f"written: {folder / page_name(terms, 'en')} and {len(LANGUAGES) - 1} languages"
    # Not among what a program reads.
    click.echo(told, err=True)


def _digest(data: bytes) -> str:
    return base64.b64encode(hashlib.sha256(data).digest()).decode("ascii")
