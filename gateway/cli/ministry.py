"""`lmx submit`, `status`, `inbox`, `bundle`: a ministry's system at its own gateway."""

import json
import os
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from gateway.client import client
from gateway.client.profile import Profile, ProfileError, load_profile
from gateway.delivery.link import Link, UnreachableError, submitter_link
from gateway.proof.keys import KeyFileError
from gateway.wiring import now

_TYPES = {".json": "application/lmx+json", ".xml": "application/lmx+xml"}
# What an exchange stands at once its authority has decided.
_DECIDED = {"accept": "C.3", "reject": "C.4"}
profile_option = click.option(
    "--profile", "profile_file", type=click.Path(path_type=Path), required=True, help="PROFILE.toml"
)
json_option = click.option("--json", "as_json", is_flag=True, help="Stable output for programs.")


def profile_link(file: Path) -> tuple[Profile, Link]:
    """Open a link to the gateway that a profile names."""
    profile = load_profile(file)
    return profile, submitter_link(profile.url, profile.key, now, os.urandom)


def telling(command: Callable[..., None]) -> Callable[..., None]:
    """Have what goes wrong with profile, key or gateway end the command with its text."""

    @wraps(command)
    def told(*given: Any, **named: Any) -> None:
        try:
            command(*given, **named)
        except UnreachableError as error:
            asked = f"see that the gateway runs, and that url in {named['profile_file']} is its API"
            raise click.ClickException(f"{error}; {asked}") from None
        except (ProfileError, KeyFileError, client.AnsweredError) as error:
            raise click.ClickException(str(error)) from None

    return told


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@profile_option
@click.option("--to", required=True, help="Recipient, e.g. uz.migration-agency")
@click.option("--purpose", required=True, help="A purpose of the agreement.")
@click.option("--layout", help="The native layout; without it the content is recognised.")
@click.option("--attach", multiple=True, help="Id of a file that lmx attach has brought.")
@click.option("--common", is_flag=True, help="The files are records in the common form.")
@json_option
@telling
def submit(
    files: tuple[Path, ...],
    *,
    profile_file: Path,
    to: str,
    purpose: str,
    layout: str | None,
    attach: tuple[str, ...],
    common: bool,
    as_json: bool,
) -> None:
    """Send files to an authority of another state.

    Example: lmx submit contract.xml --profile kz.labour-ministry.toml --to uz.migration-agency
    --purpose contract-registration
    """
    _, link = profile_link(profile_file)
    refused = False
    for file in files:
        media_type = _TYPES.get(file.suffix, "") if common else "application/octet-stream"
        try:
            answer = client.submit(
                link,
                file.read_bytes(),
                to=to,
                purpose=purpose,
                layout=layout,
                media_type=media_type,
                attachments=attach,
            )
        except client.AnsweredError as error:
            answer = error.problem
        refused = refused or any("refused" in one for one in answer.get("records", [answer]))
        refused = refused or "code" in answer
        click.echo(
            json.dumps(answer, ensure_ascii=False) if as_json else told_lines(file.name, answer)
        )
    if refused:
        raise click.exceptions.Exit(1)


@click.command()
@click.argument("name", metavar="EXCHANGE|SUBMISSION")
@profile_option
@json_option
@telling
def status(name: str, *, profile_file: Path, as_json: bool) -> None:
    """Show how far an exchange has got, rung by rung; or what became of a submission's rows.

    Example: lmx status 01a20d19-cbf0-7922-a705-4352c479af4e --profile kz.labour-ministry.toml
    """
    _, link = profile_link(profile_file)
    try:
        found = client.status(link, name)
    except client.AnsweredError as error:
        if error.problem.get("code") != "request.not-found":
            raise
        found = client.submission(link, name)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    if "ladder" not in found:
        click.echo(told_lines(f"submission {name}", found))
        return
    click.echo(f"{found['direction']}  {found['recordType']}  {found['from']} to {found['to']}")
    for one in found["ladder"]:
        click.echo(
            f"  {one['code']}  {one['at']}  {one['issuer']}  {' '.join(one.get('reasons', []))}"
        )


@click.command()
@profile_option
@click.option("--take", type=click.Path(path_type=Path), help="Write the files and confirm them.")
@click.option(
    "--wait",
    type=click.IntRange(0, 8),
    default=0,
    help="Seconds to wait until something comes.",
)
@json_option
@telling
def inbox(*, profile_file: Path, take: Path | None, wait: int, as_json: bool) -> None:
    """List what waits for the authority; with --take fetch, check, write and confirm it.

    Example: lmx inbox --profile uz.migration-agency.toml --take received/
    """
    profile, link = profile_link(profile_file)
    items = client.inbox(link, wait=wait)
    if take is not None:
        items = take_all(profile, link, take)
    if as_json:
        click.echo(json.dumps({"items": items}, ensure_ascii=False))
        return
    for one in items:
        told = f"{one['exchangeId']}  {one['direction']}  {one['recordType']}  {one['layout']}"
        click.echo(f"{told}  {one['file']}" if "file" in one else told)
    if not items:
        click.echo("nothing waits")


@click.command()
@click.argument("exchange")
@profile_option
@click.option("-o", "--out", type=click.Path(path_type=Path), required=True, help="FILE.asice")
@telling
def bundle(exchange: str, profile_file: Path, out: Path) -> None:
    """Fetch the evidence bundle of an exchange, for lmx verify.

    Example: lmx bundle 01a20d19-cbf0-7922-a705-4352c479af4e --profile kz.labour-ministry.toml
    -o exchange.asice
    """
    _, link = profile_link(profile_file)
    out.write_bytes(client.bundle(link, exchange))
    click.echo(f"{out}: check it with lmx verify {out} --trust TRUST_FOLDER")


@click.command()
@click.argument("exchange")
@profile_option
@click.option("--accept", "decision", flag_value="accept", help="Your authority accepts it.")
@click.option("--reject", "reason", help="Why it does not: a code that begins with decision.")
@telling
def decide(exchange: str, profile_file: Path, decision: str | None, reason: str | None) -> None:
    """Accept or reject what was received, before it is confirmed; both states keep the evidence.

    Example: lmx decide 01a20d19-cbf0-7922-a705-4352c479af4e --reject decision.duplicate
    --profile uz.migration-agency.toml
    """
    if (decision is None) == (reason is None):
        raise click.UsageError("give --accept, or --reject with a reason")
    profile, link = profile_link(profile_file)
    taken = [client.take_one(link, exchange)]
    what, why = decision or "reject", reason or ""
    found = client.decide(link, profile.key, taken, what, why, at=now())
    state = found["items"][0]["state"]
    if state != _DECIDED[what]:
        raise click.ClickException(
            f"nothing was decided: {exchange} stands at {state} already; lmx status tells its way"
        )
    click.echo(f"{exchange}  {state}")


def take_all(profile: Profile, link: Link, folder: Path) -> list[dict[str, Any]]:
    """Write every waiting file, then confirm it: what is confirmed is on disk."""
    folder.mkdir(parents=True, exist_ok=True)
    found: list[dict[str, Any]] = []
    after = 0
    while taken := client.take(link, after=after):
        for one in taken:
            file = folder / f"{one.listed['exchangeId']}.{one.listed['extension'].lstrip('.')}"
            file.write_bytes(one.content)
            found.append({**one.listed, "file": str(file)})
        after = int(taken[-1].listed["cursor"])
        client.confirm(link, profile.key, taken, at=now())
    return found


def told_lines(title: str, answer: dict[str, Any]) -> str:
    """Tell what became of each row of a submission, one a line."""
    lines = [title]
    if "code" in answer:
        place = f" at {answer['place']}" if answer.get("place") else ""
        lines.append(f"  refused  {answer['code']}{place}: {answer['detail']}")
    for one in answer.get("records", []):
        rows = ",".join(str(row) for row in one["rows"])
        if "exchangeId" in one:
            lines.append(f"  row {rows}  accepted  {one['exchangeId']}  {one['recordType']}")
        for wrong in one.get("refused", []):
            place = f" at {wrong['place']}" if wrong.get("place") else ""
            lines.append(f"  row {rows}  refused  {wrong['code']}{place}: {wrong['detail']}")
    return "\n".join(lines)
