"""Whether a port is free to listen at, asked before a server takes it.

The server shares a port with whoever else lets it be shared. Two gateways that share one would each
get every other request, and each refuses what is meant for the other.
"""

import errno
import socket
import threading
from collections.abc import Mapping

import click

from gateway.config.config import Address

# A gateway that was killed a moment ago leaves its parts to end by themselves.
PATIENCE_SECONDS = 5.0
_BETWEEN_SECONDS = 0.1
_REASONS = {
    errno.EADDRINUSE: "another program listens there; stop it, or write another port",
    errno.EADDRNOTAVAIL: "this machine has no such address; write one of its own, or 0.0.0.0",
    errno.EACCES: "this user may not listen there; write a port above 1023",
}


def require_free(addresses: Mapping[str, Address], stop: threading.Event) -> None:
    """End the command unless a server can listen at each; addresses: by section of gateway.toml.

    Waits a moment for one that is in use. stop: ends the waiting.
    """
    tries = int(PATIENCE_SECONDS / _BETWEEN_SECONDS)
    for section, address in addresses.items():
        for _ in range(tries):
            if _reason(address) != errno.EADDRINUSE or stop.wait(_BETWEEN_SECONDS):
                break
        reason = _reason(address)
        if reason:
            why = _REASONS.get(reason, "the host cannot be used; write an address of this machine")
            raise click.ClickException(f"[{section}] cannot listen at {address}: {why}")


def _reason(address: Address) -> int:
    """Give the error number of listening there, 0 when it can be done."""
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as tried:
        # As a server: connections of before that wait to be forgotten are no hindrance.
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((address.host, address.port))
        except OSError as error:
            return error.errno or errno.EADDRNOTAVAIL
    return 0
