"""`lmx agreement`: make an agreement text, compare two, publish and revoke one, show what holds."""

import json
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import click

from gateway.agreements.difference import LESS, MORE, differences
from gateway.agreements.draft import draft as first_text
from gateway.agreements.names import member_name, type_name
from gateway.catalogue.agreement_terms import check_text
from gateway.cli.agreement_files import read_file, refused
from gateway.cli.agreement_publish import publish, revoke
from gateway.cli.agreement_show import show
from gateway.cli.instants import INSTANT
from gateway.cli.records import SCHEMAS, catalogue
from gateway.model.instants import write_instant
from gateway.model.refusal import Refusal
from gateway.proof.canonical import canonical_json
from gateway.proof.strict_json import parse
from gateway.wiring import now

_FILE = click.Path(path_type=Path)
_YEARS = 5


@click.group(epilog="Example: lmx agreement draft KZ-UZ -o kz-uz.json")
def agreement() -> None:
    """Make an agreement text, compare two, publish and revoke one, show what is in force.

    An agreement is in force while both states' directories list the same bytes and neither has
    revoked it. These commands write files; `lmx directory` signs and publishes them.
    """


agreement.add_command(show)
agreement.add_command(publish)
agreement.add_command(revoke)


@agreement.command(
    epilog="Example: lmx agreement draft KZ-UZ --from v1.json --withhold "
    "EmploymentContract:/fee -o v2.json"
)
@click.argument("corridor")
@click.option("--from", "former", type=_FILE, help="A former or edited text to begin with.")
@click.option("--version", "number", type=click.IntRange(1), help="Number of the new text.")
@click.option("--valid-from", type=INSTANT, help="First instant of its validity.")
@click.option("--valid-to", type=INSTANT, help="First instant after it.")
@click.option("--withhold", multiple=True, metavar="TYPE:/MEMBER", help="Withhold a member.")
@click.option(
    "--mask", multiple=True, metavar="TYPE:/MEMBER", help="Mask a member but for its last 4 signs."
)
@click.option("-o", "--output", type=_FILE, help="File to write; else it is printed.")
def draft(
    corridor: str,
    *,
    former: Path | None,
    number: int | None,
    valid_from: datetime | None,
    valid_to: datetime | None,
    withhold: tuple[str, ...],
    mask: tuple[str, ...],
    output: Path | None,
) -> None:
    """Write a new text for CORRIDOR in canonical bytes.

    Without --from it is made of the public treaties this program knows. With --from it is the
    given text one version on (or as --version says), changed as the options say; edit the file
    by hand for all else and pass it through again. A text that no record could meet is refused.
    """
    try:
        text = _begin(corridor, former, number, valid_from)
        for name, at in (("validFrom", valid_from), ("validTo", valid_to)):
            if at is not None:
                text[name] = write_instant(at)
        for one in withhold:
            _members(text, one)["withheld"].append(_path(one))
        for one in mask:
            _members(text, one)["masked"][_path(one)] = {"rule": "keep-last", "keep": 4}
        check_text(catalogue(), SCHEMAS, text)
    except Refusal as refusal:
        raise refused(refusal) from None
    data = canonical_json(text)
    if output is None:
        click.echo(data.decode("utf-8"))
        return
    output.write_bytes(data)
    click.echo(f"{output}: {corridor} version {text['version']}, {len(data)} bytes")
    click.echo(f"Next: read it with lmx agreement show {output} --html FOLDER")


@agreement.command(epilog="Example: lmx agreement diff v1.json v2.json")
@click.argument("old", type=_FILE)
@click.argument("new", type=_FILE)
@click.option("--json", "as_json", is_flag=True, help="Print the changes as one JSON document.")
@click.pass_context
def diff(context: click.Context, old: Path, new: Path, *, as_json: bool) -> None:
    """Tell in words what NEW allows more or less than OLD, by record type.

    Exit 0: nothing changed; 1: something did.
    """
    before, after = read_file(old)[1], read_file(new)[1]
    name = partial(_name, language="en")
    found = differences(before, after, name)
    if as_json:
        changes = [one.members() for one in found]
        click.echo(json.dumps({"changes": changes}, ensure_ascii=False, indent=2))
    else:
        told = ""
        for one in found:
            if one.subject != told:
                told = one.subject
                title = "The agreement as a whole"
                if told in before.grants or told in after.grants:
                    title = f"{type_name(SCHEMAS, told, 'en')} ({told})"
                click.echo(f"\n{title}" if one is not found[0] else title)
            sign = {MORE: "more: ", LESS: "less: "}.get(one.verdict, "other: ")
            click.echo(f"  {sign:<7}{one.text}")
        if not found:
            click.echo("nothing changed")
    context.exit(1 if found else 0)


def _begin(
    corridor: str, former: Path | None, number: int | None, begins: datetime | None
) -> dict[str, Any]:
    if former is None:
        start = begins or now().replace(hour=0, minute=0, second=0, microsecond=0)
        end = start.replace(year=start.year + _YEARS, day=min(start.day, 28))
        return first_text(SCHEMAS, corridor, begins=start, ends=end, version=number or 1)
    text = _json(former)
    if not isinstance(text, dict) or text.get("corridor") != corridor:
        raise click.ClickException(f"{former} is no text of {corridor}")
    version = text.get("version")
    return {**text, "version": number or (version + 1 if isinstance(version, int) else 1)}


def _members(text: dict[str, Any], told: str) -> dict[str, Any]:
    record_type = told.partition(":")[0]
    found = text["recordTypes"].get(record_type)
    if found is None:
        raise click.ClickException(f"the text has no record type {record_type}")
    members: dict[str, Any] = found["members"]
    return members


def _path(told: str) -> str:
    path = told.partition(":")[2]
    if not path.startswith("/"):
        raise click.ClickException(f"{told}: write TYPE:/MEMBER, EmploymentContract:/fee")
    return path


def _json(file: Path) -> Any:
    try:
        return parse(file.read_bytes())
    except OSError:
        raise click.ClickException(f"{file} cannot be read") from None


def _name(record_type: str, path: str, language: str) -> str:
    return member_name(SCHEMAS, record_type, path, language)
