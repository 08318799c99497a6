"""One port of a gateway behind granian (DESIGN section 6: HTTP/1.1 only)."""

import importlib
import os
import signal
import sys
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import click
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server

from gateway.cli.peer_tls import PeerFiles, serve_mutual_tls
from gateway.cli.serve import listened, started
from gateway.cli.with_parent import end_with_parent, hold_stops, let_stops_come
from gateway.config.config import Config
from gateway.model.refusal import Refusal
from gateway.proof.key_folder import KeyFolder
from gateway.proof.keys import KeyFileError
from gateway.proof.trust_folder import load_trust
from gateway.web.door import Door
from gateway.web.renewed import Renewed
from gateway.wiring import ROOT, Gateway, Newest, partner_roots

HEADER_MILLISECONDS = 10_000
STOP_SECONDS = 10
# A worker that takes over has this long to come up before the one it follows is ended; granian's
# own 3.5 s left the port without anybody on a busy machine.
TAKE_OVER_SECONDS = 10.0
_SERVED_BY = {
    "api": "gateway.web.submitters",
    "peer": "gateway.web.peers",
    "console": "gateway.console.application",
    "directory": "gateway.web.published",
}


# granian gives its server as a variable: one of processes or one of threads.
class _Server(Server):  # type: ignore[misc, valid-type]
    """granian's server, without a file of its process's number."""

    def _write_pidfile(self) -> None:
        # There it also reads what each process of the machine takes, for a limit that we do not
        # set: the more of them there are, the later the port would open.
        return


def served_by(port: str) -> ModuleType:
    """Import what answers at a port: the process of another port does not pay for it."""
    return importlib.import_module(_SERVED_BY[port])


def serve_one(config: Config, port: str) -> None:
    """Serve one port of a gateway until the process is stopped."""
    address = listened(config, port)
    server = _Server(
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
    # For each process that the server forks, now and when one takes over.
    os.register_at_fork(before=hold_stops, after_in_parent=let_stops_come)
    loader = partial(application, config, port, os.getpid())
    server.serve(target_loader=loader, wrap_loader=False)


def application(config: Config, port: str, parent: int) -> Any:
    """Build the application of one port behind its door, in the process that serves it.

    parent: the process that started it, with which it ends.
    """
    # The way to end that it inherits only takes notice, and it would stay until it is killed.
    # Nothing is promised before the port is open, so it just ends.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    let_stops_come()
    end_with_parent(parent)
    served = served_by(port)
    if port == "directory":
        return Door(served.directory_application(config.directory.published), served.SIZES)
    build = partial(_application, served=served, port=port)
    return Door(Renewed(Newest(_started(config)).gateway, build), served.SIZES)


def _started(config: Config) -> Gateway:
    try:
        return started(config)
    except click.ClickException as error:
        # The server's process would show where in this program the sentence was written.
        error.show()
        sys.exit(error.exit_code)


def _application(gateway: Gateway, served: ModuleType, port: str) -> Any:
    if port == "peer":
        return served.peer_application(gateway.office, gateway.config.pulled_by)
    if port == "console":
        return served.console_application(
            gateway.office, gateway.config, gateway.route, ROOT / "schemas"
        )
    return served.submitter_application(gateway.office, gateway.route)


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
