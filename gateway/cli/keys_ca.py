"""`lmx keys ca`: the built-in CA, for a state that has none of its own."""

from pathlib import Path

import click

from certs.authority_folder import certify_request, make_folders, open_folder, renew_list
from certs.generations import KeyStepError, read_certificates, take_in
from certs.key_files import pem, write_file
from certs.request import RequestError, read_request
from gateway.cli.keys_place import ended, now
from gateway.proof.key_folder import generations
from gateway.proof.keys import KeyFileError, load_certificates

_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.group(epilog="Example: lmx keys ca init --state KZ --name Ministry --root stick --ca ca")
def ca() -> None:
    """The built-in CA: an offline root, and an issuing CA below it."""


@ca.command(epilog="Example: lmx keys ca init --state KZ --name Ministry --root stick --ca ca")
@click.option("--state", required=True, help="Alpha-2: KZ.")
@click.option("--name", required=True, help="Who runs the CA; stands in its certificates.")
@click.option("--root", type=_FOLDER, required=True, help="Folder of the root, goes offline.")
@click.option("--ca", "folder", type=_FOLDER, required=True, help="Folder of the issuing CA.")
@click.option("--crl-url", "list_url", default="", help="Where issuing.crl will be published.")
def init(*, state: str, name: str, root: Path, folder: Path, list_url: str) -> None:
    """Make the root and the issuing CA of a state, each with an empty revocation list.

    Do it on a machine without network. The root's folder then goes into a safe: it is needed
    again only for the next issuing CA, or when this one is to be revoked.
    """
    if len(state) != 2 or not state.isupper():
        raise click.UsageError("--state is alpha-2 in capitals: KZ")
    try:
        made = make_folders(root, folder, state, name, list_url, at=now())
    except (KeyFileError, OSError) as error:
        ended(error)
    click.echo(f"made: {root}/root.key, root.pem, root.crl: keep this folder offline")
    click.echo(f"made: {made.folder}/issuing.key, issuing.pem, issuing.crl, root.pem")
    click.echo(f"Next: list {made.folder}/root.pem in the directory as authority/roots.pem")


@ca.command(epilog="Example: lmx keys ca issue kz/keys/seal.csr --ca ca")
@click.argument(
    "requests",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option("--ca", "folder", type=_FOLDER, required=True, help="Folder of the issuing CA.")
@click.option("--out", type=_FOLDER, help="Folder for the certificates; else beside the requests.")
def issue(*, requests: tuple[Path, ...], folder: Path, out: Path | None) -> None:
    """Certify REQUESTS for the role that each asks for, as docs/reference/certificates.md says.

    Compare the name and the role that are printed with what you were asked for before you hand
    the certificate out.
    """
    for file in requests:
        try:
            asked = read_request(file.read_bytes())
            # The register grows with each certificate, so it is read anew for the next.
            chain = certify_request(open_folder(folder), asked, at=now())
            target = (out or file.parent) / f"{file.stem}.pem"
            write_file(target, pem(chain))
        except (RequestError, KeyFileError, OSError) as error:
            raise click.ClickException(f"{file}: {error}") from None
        until = f"{chain[0].not_valid_after_utc:%Y-%m-%d}"
        click.echo(f"issued: {target}  {asked.name}, {asked.role} of {asked.state}, until {until}")


@ca.command(epilog="Example: lmx keys ca crl --ca ca")
@click.option("--ca", "folder", type=_FOLDER, required=True, help="Folder of the issuing CA.")
def crl(*, folder: Path) -> None:
    """Sign the revocation list anew, valid for 30 days; do it every week."""
    try:
        made = renew_list(open_folder(folder), (), at=now())
    except (KeyFileError, OSError) as error:
        ended(error)
    told = made.register
    click.echo(f"signed: {made.list_file}, number {told.list_number}, {len(told.revoked)} revoked")


def issue_next(keys: Path, stem: str, role: str, name: str, folder: Path) -> None:
    """Certify the newest key of a role with the built-in CA and take the certificate in.

    RequestError, KeyStepError or KeyFileError says why not.
    """
    request = generations(keys, stem)[-1].request_file
    if not request.exists():
        raise KeyStepError(f"{request} is missing: lmx keys request {role}")
    authority = open_folder(folder)
    chain = certify_request(authority, read_request(request.read_bytes()), at=now())
    roots = load_certificates(folder / "root.pem")
    state = authority.register.state
    found = read_certificates(pem(chain))
    take_in(keys, stem, role, found, roots, state=state, name=name, at=now())
