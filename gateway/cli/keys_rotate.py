"""`lmx keys rotate`: a new key follows the old one, with a time in which both count."""

from datetime import datetime, timedelta
from pathlib import Path

import click

from certs.generations import KeyStepError, ask, follow_on, hosts_of, make_key, make_note_key
from certs.request import RequestError
from gateway.cli.keys_announce import MEMBER, gateway_entries, publish, submitter_entries
from gateway.cli.keys_ca import issue_next
from gateway.cli.keys_place import CERTIFIED, Place, ended, instant, now, place_options
from gateway.model.refusal import Refusal
from gateway.proof import note
from gateway.proof.key_folder import Generation, generations, log_stem
from gateway.proof.keys import KeyFileError, load_certificates

NOTICE = timedelta(days=1)


@click.command(epilog="Example: lmx keys rotate seal --config kz/gateway.toml --ca ca")
@click.argument("role", type=click.Choice([*CERTIFIED, "log", "witness"]), metavar="ROLE")
@place_options
@click.option("--partner", default="", help="For log: alpha-2 of the partner, or home.")
@click.option("--as", "stem", default="", help="File stem, where it is not the role.")
@click.option(
    "--from", "begins", default="", help="When the new key begins to sign; else in a day."
)
@click.option(
    "--overlap",
    type=click.IntRange(1, 90),
    default=7,
    show_default=True,
    help="Days from then in which the old one still counts.",
)
@click.option("--until", default="", help="When the old one ends, in place of --overlap.")
@click.option(
    "--ca",
    "authority",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the built-in CA, to certify the new key at once.",
)
@MEMBER
@click.option("--pkcs11", "uri", default="", help="Make the new key in a module: RFC 7512 URI.")
def rotate(
    *,
    role: str,
    place: Place,
    partner: str,
    stem: str,
    begins: str,
    overlap: int,
    until: str,
    authority: Path | None,
    member: Path | None,
    uri: str,
) -> None:
    """Make the key that follows a key of ROLE, and open its window once it is certified.

    With --ca in one step. With a CA of your own in two: this command makes key and request; after
    lmx keys import this command again opens the window. The gateway takes the new key up by
    itself. A day's notice lets every partner have read the directory by then.
    """
    at = now()
    starts = instant(begins, at + NOTICE)
    ends = instant(until, starts + timedelta(days=overlap))
    origin = _origin(place, role, partner)
    name = log_stem(origin) if role == "log" else stem or role
    try:
        new = _newest(place, role, name, origin, uri)
        if not origin and not new.chain_file.exists():
            if authority is None:
                _wait(new, role)
                return
            issue_next(place.folder, name, role, place.listed(role), authority)
        _require_time(place.folder, name, starts)
        follow_on(place.folder, name, begins=starts, ends=ends)
        click.echo(f"{new.stem} signs from {starts:%Y-%m-%d %H:%M} UTC;")
        click.echo(f"  the key before it counts until {ends:%Y-%m-%d %H:%M} UTC")
        if "/" in place.name:
            publish(submitter_entries(place, name, member, ""), member)
        elif member is not None:
            publish(gateway_entries(place, member), member)
        else:
            click.echo("Next: lmx keys announce, which writes what the directory lists")
    except (KeyStepError, KeyFileError, RequestError, OSError, Refusal, ValueError) as error:
        ended(error)


def _origin(place: Place, role: str, partner: str) -> str:
    """Give the name that a key without certificate has in its lines, empty for a certified one."""
    if role == "log":
        return place.log(partner)
    return f"{place.name}/witness" if role == "witness" else ""


def _newest(place: Place, role: str, stem: str, origin: str, uri: str) -> Generation:
    known = generations(place.folder, stem)
    if not known:
        raise KeyStepError(f"{place.folder} holds no key of {stem}: lmx keys make {role}")
    if len(known) > 1 and known[-1].window.begins is None:
        return known[-1]
    if origin:
        kind = note.LOG_KEY if role == "log" else note.COSIGNER_KEY
        made = make_note_key(place.folder, stem, origin, kind, uri)
        click.echo(f"made: a key that follows, {made.vkey.text()}")
    else:
        hosts = hosts_of(load_certificates(known[-1].chain_file)[0])
        one = make_key(place.folder, stem, uri)
        request = ask(one, role, place.state, place.listed(role), hosts)
        click.echo(f"made: {one.private_file} and {request}")
    return generations(place.folder, stem)[-1]


def _wait(new: Generation, role: str) -> None:
    click.echo(f"{new.stem} waits for its certificate: have {new.request_file.name} certified,")
    click.echo(f"  then lmx keys import CERTIFICATE --role {role}, then this command again")


def _require_time(folder: Path, stem: str, starts: datetime) -> None:
    *_, old, new = generations(folder, stem)
    if not new.chain_file.exists():
        return
    leaf = load_certificates(new.chain_file)[0]
    if not leaf.not_valid_before_utc <= starts <= leaf.not_valid_after_utc:
        raise KeyStepError(
            f"the new certificate holds from {leaf.not_valid_before_utc:%Y-%m-%d %H:%M} to "
            f"{leaf.not_valid_after_utc:%Y-%m-%d %H:%M} UTC; give a --from between"
        )
    ended_at = load_certificates(old.chain_file)[0].not_valid_after_utc
    if starts > ended_at:
        raise KeyStepError(
            f"the certificate before ends on {ended_at:%Y-%m-%d %H:%M} UTC and nothing would sign "
            "from then; give an earlier --from"
        )
