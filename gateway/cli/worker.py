"""`lmx worker`: deliver and witness for a gateway."""

import signal
import threading
import time
from functools import partial
from pathlib import Path

import click

from gateway.cli.serve import settings, started
from gateway.wiring import Newest
from gateway.worker.following import Following
from gateway.worker.worker import Round, Worker


@click.command()
@click.option("--config", type=click.Path(path_type=Path), required=True, help="gateway.toml")
def worker(config: Path) -> None:
    """Deliver messages and receipts, have logs cosigned, follow directories, until stopped.

    Example: lmx worker --config kz/gateway.toml
    """
    gateway = started(settings(config))
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    following = Following(
        gateway.config.trust, gateway.config.directory, Newest(gateway).office, time.monotonic
    )
    beside = threading.Thread(target=following.run, args=(stop.wait,), name="following")
    beside.start()
    Worker(partial(_round, Newest(gateway))).run(stop.wait)
    beside.join()


def _round(newest: Newest) -> Round:
    now = newest.gateway()
    links = {state: now.link_to(state) for state in now.partners}
    return Round(now.office, links)
