"""`lmx keys evidence`: fetch and keep what certification authorities say of keys in use."""

import json
import time
from dataclasses import asdict
from functools import partial
from pathlib import Path

import click

from gateway.cli.agreement_files import read_trust
from gateway.cli.serve import settings
from gateway.directory.fetch import BoundedFetcher, fetched, posted
from gateway.exchange.revocations import Gathered, gather
from gateway.proof.responder import QUESTION_TYPE
from gateway.proof.revocation import LARGEST_EVIDENCE
from gateway.store.connection import StoreError, open_store
from gateway.wiring import now


@click.command(epilog="Example: lmx keys evidence --config kz/gateway.toml")
@click.option("--config", type=click.Path(path_type=Path), required=True, help="gateway.toml")
@click.option("--json", "as_json", is_flag=True, help="Print it as one JSON document.")
@click.pass_context
def evidence(context: click.Context, *, config: Path, as_json: bool) -> None:
    """Fetch what its CA says of each certificate that followed directories list, and keep it.

    The OCSP responder that a certificate names is asked first, then its revocation list. What comes
    is verified by the issuer's key, or that of a responder it certified, and stored once a
    certificate and window; its SHA-256 is printed. Run it by a timer, as often as lists are signed.
    Exit 1: a certificate that its directory still lets count is revoked, or nothing could be had.
    """
    found = settings(config)
    bounded = BoundedFetcher(time.monotonic)
    fetch = partial(fetched, bounded, most=LARGEST_EVIDENCE)
    ask = partial(posted, bounded, kind=QUESTION_TYPE, most=LARGEST_EVIDENCE)
    try:
        store = open_store(found.database)
    except StoreError as error:
        raise click.ClickException(str(error)) from None
    told = gather(store, read_trust(found.trust).directories, fetch, ask, at=now())
    if as_json:
        click.echo(json.dumps([asdict(one) for one in told], ensure_ascii=False, indent=2))
    else:
        for one in told:
            click.echo(_line(one))
    context.exit(1 if any(one.code for one in told) else 0)


def _line(one: Gathered) -> str:
    whose = f"{one.state}  {one.role:<10} {one.name}"
    if one.code == "certificate.revoked":
        return (
            f"{whose}  REVOKED by its issuer, and its directory lets it count: have the state "
            f"publish the revocation  {one.kind} sha256 {one.sha256}"
        )
    if one.sha256:
        return f"{whose}  not revoked, until {one.ends}  {one.kind} sha256 {one.sha256}"
    return f"{whose}  {one.why}" + (f"  [{one.code}]" if one.code else "")
