"""One port of a gateway behind granian (DESIGN section 6: HTTP/1.1 only)."""

import os
from functools import partial
from pathlib import Path
from typing import Any

import click
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server

from gateway.cli.peer_tls import PeerFiles, serve_mutual_tls
from gateway.cli.serve import started
from gateway.cli.with_parent import end_with_parent
from gateway.config.config import Address, Config
from gateway.console import application as console
from gateway.console.application import console_application
from gateway.model.refusal import Refusal
from gateway.proof.key_folder import KeyFolder
from gateway.proof.keys import KeyFileError
from gateway.proof.trust_folder import load_trust
from gateway.web import peers, published, submitters
from gateway.web.door import Door
from gateway.web.peers import peer_application
from gateway.web.published import directory_application
from gateway.web.renewed import Renewed
from gateway.web.submitters import submitter_application
from gateway.wiring import Gateway, Newest, partner_roots

HEADER_MILLISECONDS = 10_000
STOP_SECONDS = 10
# A worker that takes over has this long to come up before the one it follows is ended; granian's
# own 3.5 s left the port without anybody on a busy machine.
TAKE_OVER_SECONDS = 10.0
_SIZES = {"peer": peers.SIZES, "console": console.SIZES, "api": submitters.SIZES}


def serve_one(config: Config, port: str) -> None:
    """Serve one port of a gateway until the process is stopped."""
    address: Address | None = (
        config.directory.address if port == "directory" else getattr(config, port)
    )
    if address is None:
        raise click.ClickException(f"gateway.toml names no [{port}] host and port to serve at")
    server = Server(
        f"lmx-{port}",
        address=address.host,
        port=address.port,
        interface=Interfaces.RSGI,
        http=HTTPModes.http1,
        workers=1,
        http1_settings=HTTP1Settings(header_read_timeout=HEADER_MILLISECONDS),
        workers_kill_timeout=STOP_SECONDS,
        respawn_interval=TAKE_OVER_SECONDS,
        log_enabled=True,
        log_level=LogLevels.warning,
        websockets=False,
    )
    if port == "peer":
        _mutual_tls(server, config)
    loader = partial(application, config, port, os.getpid())
    server.serve(target_loader=loader, wrap_loader=False)


def application(config: Config, port: str, parent: int) -> Any:
    """Build the application of one port behind its door, in the process that serves it.

    parent: the process that started it, with which it ends.
    """
    end_with_parent(parent)
    if port == "directory":
        return Door(directory_application(config.directory.published), published.SIZES)
    renewed = Renewed(Newest(started(config)).gateway, partial(_application, port=port))
    return Door(renewed, _SIZES[port])


def _application(gateway: Gateway, port: str) -> Any:
    if port == "peer":
        return peer_application(gateway.office, gateway.config.pulled_by)
    if port == "console":
        return console_application(gateway.office, gateway.config, gateway.route)
    return submitter_application(gateway.office, gateway.route)


def _roots(config: Config) -> Path:
    # Without opening stores: connections open after the fork.
    try:
        return partner_roots(config, load_trust(config.trust))
    except Refusal as refusal:
        raise click.ClickException(f"{config.name} does not start. {refusal}") from None


def _mutual_tls(server: Any, config: Config) -> None:
    files = PeerFiles(
        KeyFolder(config.keys), _roots(config), config.lists, config.data / "peer-lists"
    )
    try:
        serve_mutual_tls(server, files)
    except (Refusal, KeyFileError, OSError) as error:
        raise click.ClickException(f"{config.name}: the peer port has no TLS. {error}") from None
