"""`lmx history` and `lmx rerun`: bring in the past, and read again what was refused."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from gateway.cli.ministry import profile_link, profile_option, telling, told_lines
from gateway.client import client
from gateway.delivery.link import Link
from gateway.model.ids import random_id


@dataclass(frozen=True, slots=True)
class _Total:
    records: int
    accepted: int
    refused: int
    states: dict[str, int]


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@profile_option
@click.option("--to", required=True, help="Recipient, e.g. uz.migration-agency")
@click.option("--purpose", required=True, help="A purpose of the agreement.")
@click.option("--layout", help="The native layout; without it the content is recognised.")
@click.option("--count", type=int, required=True, help="How many records all files hold.")
@click.option("--journal", type=click.Path(path_type=Path), required=True, help="Kept between runs")
@telling
def history(
    files: tuple[Path, ...],
    *,
    profile_file: Path,
    to: str,
    purpose: str,
    layout: str | None,
    count: int,
    journal: Path,
) -> None:
    """Bring in records of the past: without deadlines, each file once, counts reconciled.

    What was begun is finished by the same command: the journal holds each file's key, so that
    nothing is sent twice. Ends with 0 once every record of the count is accepted or refused.

    Example: lmx history 2024.csv 2025.csv --to kz.labour-ministry --purpose contract-registration
    --count 812 --journal history.json --profile tj.migration-service.toml
    """
    _, link = profile_link(profile_file)
    asked = {"to": to, "purpose": purpose, "layout": layout}
    known: dict[str, Any] = _known(journal)
    totals = []
    for file in files:
        one = known.setdefault(file.name, {"key": random_id(os.urandom)})
        # On disk before it is used: a run that is cut off sends the same key again.
        _write(journal, known)
        if "submission" not in one:
            one["submission"] = _send(link, file, asked, one["key"])
            _write(journal, known)
        found = client.counts(link, one["submission"])
        totals.append(_Total(*(found[name] for name in _Total.__slots__)))
        click.echo(_line(file.name, totals[-1]))
    counted = sum(one.records for one in totals)
    click.echo(f"counted {counted} of {count}")
    if counted != count:
        raise click.ClickException(
            f"the files hold {counted} records, not {count}: name the files that are missing, "
            f"or give --count {counted} if these are all; what was sent is not sent again"
        )


@click.command()
@click.argument("submission")
@profile_option
@telling
def rerun(submission: str, profile_file: Path) -> None:
    """Have the gateway read a submission's file again, and send what was refused and reads now.

    What was accepted before is never sent again.

    Example: lmx rerun 01a20d19-cbf0-7922-a705-4352c479af4e --profile tj.migration-service.toml
    """
    _, link = profile_link(profile_file)
    try:
        answer = client.rerun(link, submission)
    except client.AnsweredError as error:
        if "submission" not in error.problem:
            raise
        answer = error.problem
    click.echo(told_lines(f"submission {answer['submission']}", answer))
    if "code" in answer or any("refused" in one for one in answer["records"]):
        raise click.exceptions.Exit(1)


def _known(journal: Path) -> dict[str, Any]:
    if not journal.exists():
        return {}
    try:
        found = json.loads(journal.read_text("utf-8"))
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise click.ClickException(
            f"{journal} is no journal of this command; name that of the earlier run, or a new file"
        )
    return found


def _line(name: str, total: _Total) -> str:
    states = "  ".join(f"{code} {number}" for code, number in total.states.items())
    return f"{name}  accepted {total.accepted}  refused {total.refused}  {states}".rstrip()


def _send(link: Link, file: Path, asked: dict[str, str | None], key: str) -> str:
    try:
        answer = client.submit(
            link,
            file.read_bytes(),
            to=str(asked["to"]),
            purpose=str(asked["purpose"]),
            layout=asked["layout"],
            historical=True,
            idempotency=key,
        )
    except client.AnsweredError as error:
        if "submission" not in error.problem:
            raise
        answer = error.problem
    return str(answer["submission"])


def _write(journal: Path, known: dict[str, Any]) -> None:
    temporary = journal.with_name(f"{journal.name}.new")
    with temporary.open("w", encoding="utf-8") as out:
        json.dump(known, out, indent=1)
        out.flush()
        os.fsync(out.fileno())
    temporary.replace(journal)
