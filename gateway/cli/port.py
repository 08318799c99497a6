"""One port of a gateway behind granian (DESIGN section 6: HTTP/1.1 only)."""

from functools import partial
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server

from gateway.cli.serve import started
from gateway.config.config import Address, Config
from gateway.console import application as console
from gateway.console.application import console_application
from gateway.web import peers, submitters
from gateway.web.door import Door
from gateway.web.peers import peer_application
from gateway.web.submitters import submitter_application
from gateway.wiring import partner_roots

HEADER_MILLISECONDS = 10_000
STOP_SECONDS = 10


def serve_one(config: Config, port: str) -> None:
    """Serve one port of a gateway until the process is stopped."""
    address: Address = getattr(config, port)
    tls: dict[str, Any] = {}
    if port == "peer":
        keys = config.keys
        tls = {
            "ssl_cert": keys / "tls.pem",
            "ssl_key": keys / "tls.key",
            "ssl_ca": partner_roots(config),
            "ssl_client_verify": True,
        }
    server = Server(
        f"lmx-{port}",
        address=address.host,
        port=address.port,
        interface=Interfaces.RSGI,
        http=HTTPModes.http1,
        workers=1,
        http1_settings=HTTP1Settings(header_read_timeout=HEADER_MILLISECONDS),
        workers_kill_timeout=STOP_SECONDS,
        log_enabled=True,
        log_level=LogLevels.warning,
        websockets=False,
        **tls,
    )
    server.serve(target_loader=partial(application, config, port), wrap_loader=False)


def application(config: Config, port: str) -> Any:
    """Build the application of one port behind its door, in the process that serves it."""
    gateway = started(config)
    if port == "peer":
        return Door(peer_application(gateway.office, gateway.witness), peers.SIZES)
    if port == "console":
        pages = console_application(gateway.office, config, gateway.link_to)
        return Door(pages, console.SIZES)
    return Door(submitter_application(gateway.office, gateway.link_to), submitters.SIZES)
