"""`lmx worker`: deliver and witness for a gateway."""

import signal
import threading
from pathlib import Path

import click

from gateway.cli.serve import settings, started
from gateway.worker.worker import Worker


@click.command()
@click.option("--config", type=click.Path(path_type=Path), required=True, help="gateway.toml")
def worker(config: Path) -> None:
    """Deliver messages and receipts, publish logs and have them cosigned, until stopped.

    Example: lmx worker --config kz/gateway.toml
    """
    gateway = started(settings(config))
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    links = {state: gateway.link_to(state) for state in gateway.config.partners}
    Worker(gateway.office, links).run(stop.wait)
