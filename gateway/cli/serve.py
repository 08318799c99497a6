"""`lmx init` and `lmx serve`: start a gateway, a process a port and one for the worker."""

import gc
import importlib
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable
from functools import partial
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gateway.cli.free_ports import require_free
from gateway.cli.with_parent import end_with_parent, hold_stops, let_stops_come
from gateway.config.config import Address, Config, ConfigError, load_config
from gateway.model.refusal import Refusal
from gateway.proof.keys import KeyFileError

if TYPE_CHECKING:
    from gateway.wiring import Gateway

PORTS = ("api", "peer", "console", "directory")
STOP_SECONDS = 10


def settings(file: Path) -> Config:
    """Load the settings, or end the command with what is wrong."""
    try:
        return load_config(file)
    except ConfigError as error:
        raise click.ClickException(str(error)) from None


def started(config: Config) -> "Gateway":
    """Open the gateway, or end the command with what is not sound."""
    # A command that ends at wrong settings pays for none of this.
    from gateway.store.connection import StoreError  # noqa: PLC0415
    from gateway.wiring import open_gateway  # noqa: PLC0415

    try:
        return open_gateway(config)
    except (KeyFileError, StoreError, Refusal, OSError) as error:
        raise click.ClickException(f"{config.name} does not start. {error}") from None


@click.command()
@click.option("--config", type=click.Path(path_type=Path), required=True, help="gateway.toml")
def init(config: Path) -> None:
    """Check the settings, keys and trust of a gateway, and make its stores.

    Example: lmx init --config kz/gateway.toml
    """
    gateway = started(settings(config))
    states = ", ".join(gateway.partners) or "none yet"
    for state in gateway.partners:
        try:
            office = gateway.office
            office.keys.log_keys(office.log(state), office.clock())
        except (KeyFileError, Refusal) as error:
            told = f"make it with lmx keys make, list it and publish the directory ({error})"
            click.echo(f"The log for {state} has no key: {told}", err=True)
    click.echo(f"{gateway.config.name}: stores made, keys and trust are sound; partners: {states}")


@click.command()
@click.option("--config", type=click.Path(path_type=Path), required=True, help="gateway.toml")
@click.option("--only", type=click.Choice(PORTS), help="Serve one port only.")
def serve(config: Path, only: str | None) -> None:
    """Serve a gateway: API, peer port, console and worker, each a process, until stopped.

    Example: lmx serve --config kz/gateway.toml
    """
    found = settings(config)
    if only is None:
        _serve_all(found)
    else:
        # Only the process of a port pays for importing its server.
        require_free({only: listened(found, only)}, threading.Event())
        port = importlib.import_module("gateway.cli.port")
        port.serve_one(found, only)


def _serve_all(config: Config) -> None:
    # Before any part is started, so that no signal leaves one behind.
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    require_free({one: listened(config, one) for one in _parts(config) if one != "worker"}, stop)
    # What parts need is imported and compiled once and shared: each alone would take as long and
    # as much memory. Nothing is opened and no thread runs before they part. What lives for ever
    # is no garbage to look for, and each look would make a start longer.
    gc.disable()
    apart = multiprocessing.get_context("fork")
    processes = []
    for name in _parts(config):
        if stop.is_set():
            break
        # Each is split off as soon as what it needs is there: the API is first, and answers
        # while the others' is imported.
        process = apart.Process(
            target=_part, args=(_ready(config, name), os.getpid()), name=f"lmx {name}"
        )
        hold_stops()
        process.start()
        let_stops_come()
        processes.append(process)
    click.echo(f"{config.name}: API http://{config.api}, console http://{config.console}")
    # A part that ends is a fault: all end, so that who supervises us starts a whole gateway.
    while not stop.wait(0.5) and all(one.is_alive() for one in processes):
        pass
    for one in processes:
        one.terminate()
    for one in processes:
        _end(one)
    if not stop.is_set():
        raise click.ClickException(f"{config.name}: a part of the gateway ended; see its log above")


def listened(config: Config, port: str) -> Address:
    """Give where a port listens, or end the command when the settings do not say."""
    address: Address | None = (
        config.directory.address if port == "directory" else getattr(config, port)
    )
    if address is None:
        raise click.ClickException(f"gateway.toml names no [{port}] host and port to serve at")
    return address


def _parts(config: Config) -> list[str]:
    absent = {"directory": config.directory.address is None, "peer": config.peer is None}
    first, *others = PORTS
    # The worker needs most: those after it share what it has.
    return [one for one in (first, "worker", *others) if not absent.get(one, False)]


def _ready(config: Config, name: str) -> Callable[[], None]:
    """Import what a part needs, in this process; gives how it is run in its own."""
    if name == "worker":
        worker = importlib.import_module("gateway.cli.worker")
        return partial(worker.work, config)
    port = importlib.import_module("gateway.cli.port")
    port.served_by(name)
    if name != "directory":
        importlib.import_module("gateway.wiring").load_shared(config)
    return partial(port.serve_one, config, name)


def _part(run: Callable[[], None], parent: int) -> None:
    gc.freeze()
    gc.enable()
    # Until it has its own way to end, a part ends as any process does.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    let_stops_come()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    end_with_parent(parent)
    try:
        run()
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)


def _end(process: BaseProcess) -> None:
    # What is not stored by now was not promised; a part that stays would hold its port for ever.
    process.join(STOP_SECONDS)
    if process.is_alive():
        process.kill()
        process.join()
