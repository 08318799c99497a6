"""`lmx ask` and `lmx statuses`: ask whether a document is valid, and say which ones are."""

import csv
import json
from datetime import date, datetime, timedelta
from pathlib import Path

import click

from gateway.cli.ministry import json_option, profile_link, profile_option, telling
from gateway.client import client, questions
from gateway.wiring import now

_DAY = click.DateTime(["%Y-%m-%d"])
MOST_ENTRIES = 1000


@click.command()
@click.argument("number")
@profile_option
@click.option("--type", "record_type", required=True, help="Record type, e.g. WorkAuthorisation")
@click.option("--to", required=True, help="The authority that knows, e.g. kz.labour-ministry")
@click.option("--purpose", required=True, help="A purpose of the agreement.")
@click.option("--on", type=_DAY, help="The day, today without it.")
@click.option("--wait", default=8, show_default=True, help="Seconds to wait for the answer.")
@json_option
@telling
def ask(
    number: str,
    *,
    profile_file: Path,
    record_type: str,
    to: str,
    purpose: str,
    on: datetime | None,
    wait: int,
    as_json: bool,
) -> None:
    """Ask an authority of another state whether a permit, contract or licence is valid.

    Ends with 0 when it is valid, 1 when it is not or is not known, 2 without an answer.

    Example: lmx ask AB-123 --type WorkAuthorisation --to kz.labour-ministry
    --purpose permit-notice --profile uz.migration-agency.toml
    """
    profile, link = profile_link(profile_file)
    day = None if on is None else on.date()
    found = questions.ask(link, record_type, number, to=to, purpose=purpose, on=day, wait=wait)
    if found.taken is not None:
        client.confirm(link, profile.key, [found.taken], at=now())
    told = {"exchangeId": found.x, "state": found.state}
    if found.answer is None:
        click.echo(
            json.dumps(told)
            if as_json
            else f"{found.x}  no answer ({found.state}); lmx status {found.x} tells why"
        )
        raise click.exceptions.Exit(2)
    answer = dict(found.answer)
    if as_json:
        click.echo(json.dumps({**told, "answer": answer}, ensure_ascii=False))
    else:
        days = f"{answer.get('from', '')} to {answer.get('to', '')}" if "from" in answer else ""
        more = f"{answer.get('state', '')}  {days}".rstrip()
        click.echo(f"{answer['verdict']}  {more}  as of {answer['asOf']}  {found.x}")
    if answer["verdict"] != "valid":
        raise click.exceptions.Exit(1)


@click.command()
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@profile_option
@click.option("--type", "record_type", required=True, help="Record type, e.g. WorkAuthorisation")
@click.option("--as-of", type=_DAY, help="The day of the data, today without it.")
@click.option("--days", default=1, show_default=True, help="For so many days it may be told.")
@telling
def statuses(
    file: Path, *, profile_file: Path, record_type: str, as_of: datetime | None, days: int
) -> None:
    """Publish which documents are valid, from a CSV with number,verdict,state,from,to.

    Example: lmx statuses permits.csv --type WorkAuthorisation --days 1
    --profile kz.labour-ministry.toml
    """
    profile, link = profile_link(profile_file)
    with file.open(encoding="utf-8", newline="") as lines:
        rows = [
            {name: one for name, one in row.items() if name and one}
            for row in csv.DictReader(lines)
        ]
    at = now()
    day: date = at.date() if as_of is None else as_of.date()
    for start in range(0, len(rows), MOST_ENTRIES):
        told = questions.publish_statuses(
            link,
            profile.key,
            profile.authority,
            record_type,
            rows[start : start + MOST_ENTRIES],
            as_of=day,
            until=at + timedelta(days=days),
            at=at,
        )
        click.echo(f"list {told['list']}: {told['entries']} documents, told until {told['until']}")
