"""`lmx keys profile`: the file by which a ministry's commands find gateway and key."""

import click

from certs.beginnings import profile as profile_text
from certs.key_files import write_file
from gateway.cli.keys_place import Place, ended, place_options
from gateway.proof.key_folder import generations
from gateway.proof.keys import KeyFileError


@click.command(
    epilog="Example: lmx keys profile --url http://127.0.0.1:8600 --keys kz-ministry --state KZ "
    "--name kz.labour-ministry/system"
)
@place_options
@click.option("--url", required=True, help="Base URL of the own gateway's API.")
@click.option("--as", "stem", default="submitter", show_default=True, help="File stem of the key.")
def profile(*, place: Place, url: str, stem: str) -> None:
    """Write profile.toml beside a submitter's newest certified key, for lmx submit and the others.

    After a rotation of the key run it again.
    """
    authority, stroke, _ = place.name.partition("/")
    if not stroke:
        raise click.UsageError("--name is a submitter: kz.labour-ministry/system")
    try:
        known = [one for one in generations(place.folder, stem) if one.chain_file.exists()]
        if not known:
            raise KeyFileError(f"{place.folder} holds no certified key of {stem}: lmx keys make")
        file = place.folder / "profile.toml"
        write_file(file, profile_text(authority, url.rstrip("/"), known[-1].stem).encode("utf-8"))
    except (KeyFileError, OSError) as error:
        ended(error)
    click.echo(f"written: {file}")
