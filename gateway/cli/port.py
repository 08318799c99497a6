"""One port of a gateway behind granian (DESIGN section 6: WSGI, HTTP/1.1 only)."""

from functools import partial
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server import Server

from gateway.cli.serve import started
from gateway.config.config import Address, Config
from gateway.console.application import console_application
from gateway.proof.key_folder import KeyFolder
from gateway.web.peers import peer_application
from gateway.web.submitters import submitter_application
from gateway.wiring import now, partner_roots


def serve_one(config: Config, port: str) -> None:
    """Serve one port of a gateway until the process is stopped."""
    address: Address = getattr(config, port)
    tls: dict[str, Any] = {}
    if port == "peer":
        own, _ = KeyFolder(config.keys).certified_generation("tls", now())
        tls = {
            "ssl_cert": own.chain_file,
            "ssl_key": own.private_file,
            "ssl_ca": partner_roots(config),
            "ssl_client_verify": True,
        }
    server = Server(
        f"lmx-{port}",
        address=address.host,
        port=address.port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        workers=1,
        blocking_threads=4,
        log_enabled=True,
        log_level=LogLevels.warning,
        websockets=False,
        **tls,
    )
    server.serve(target_loader=partial(application, config, port), wrap_loader=False)


def application(config: Config, port: str) -> Any:
    """Build the WSGI application of one port, in the process that serves it."""
    gateway = started(config)
    if port == "peer":
        return peer_application(gateway.office, gateway.witness)
    if port == "console":
        return console_application(gateway.office, config, gateway.link_to)
    return submitter_application(gateway.office, gateway.link_to)
