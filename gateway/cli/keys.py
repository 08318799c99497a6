"""`lmx keys`: the keys of a gateway or a submitter, and the built-in CA."""

import click

from gateway.cli.keys_announce import announce
from gateway.cli.keys_ca import ca
from gateway.cli.keys_evidence import evidence
from gateway.cli.keys_import import import_
from gateway.cli.keys_make import make
from gateway.cli.keys_profile import profile
from gateway.cli.keys_request import request
from gateway.cli.keys_revoke import revoke
from gateway.cli.keys_rotate import rotate
from gateway.cli.keys_show import show


@click.group(epilog="Example: lmx keys show --config kz/gateway.toml")
def keys() -> None:
    """Make, certify, rotate and revoke keys; the built-in CA for a state that has none.

    Every command works on files of one folder. What a command writes for the directory is
    published by `lmx directory`.
    """


for one in (make, request, import_, ca, announce, profile, rotate, revoke, evidence, show):
    keys.add_command(one)
