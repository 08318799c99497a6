"""A port is asked for before a server takes it."""

import socket
import threading

import click
import pytest

from gateway.cli.free_ports import require_free
from gateway.config.config import Address


def _stopped() -> threading.Event:
    # Whoever stops the command does not wait for a port.
    stop = threading.Event()
    stop.set()
    return stop


def test_a_port_of_a_server_that_would_share_it_is_in_use() -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = Address("127.0.0.1", other.getsockname()[1])
        told = rf"\[api\] cannot listen at {taken}: another program listens there; stop it"
        with pytest.raises(click.ClickException, match=told):
            require_free({"api": taken}, _stopped())


def test_a_port_that_comes_free_meanwhile_is_taken() -> None:
    other = socket.socket()
    other.bind(("127.0.0.1", 0))
    other.listen()
    address = Address("127.0.0.1", other.getsockname()[1])

    class _Freed(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            del timeout
            other.close()
            return False

    require_free({"api": address}, _Freed())


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid"])
def test_an_address_that_is_not_this_machine_s_is_named(host: str) -> None:
    with pytest.raises(click.ClickException, match=f"cannot listen at {host}:8600"):
        require_free({"console": Address(host, 8600)}, _stopped())
