"""`lmx worker`: deliver and witness for a gateway."""

import signal
import threading
import time
from functools import partial
from pathlib import Path

import click

from gateway.cli.serve import settings, started
from gateway.config.config import Config
from gateway.delivery.bell import NAME, Bell
from gateway.delivery.link import Link
from gateway.exchange.office import Office
from gateway.wiring import Newest, now
from gateway.worker.fetching import Fetching
from gateway.worker.following import Following
from gateway.worker.pulling import Pulling
from gateway.worker.pushing import Pushing
from gateway.worker.renewing import Renewing
from gateway.worker.worker import Round, Worker


@click.command()
@click.option("--config", type=click.Path(path_type=Path), required=True, help="gateway.toml")
def worker(config: Path) -> None:
    """Deliver messages and receipts, have logs cosigned, follow directories, until stopped.

    With [directory] renew_with it renews our own published directory too.

    Example: lmx worker --config kz/gateway.toml
    """
    work(settings(config))


def work(config: Config) -> None:
    """Work for a gateway until the process is stopped."""
    gateway = started(config)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    following = Following(
        gateway.config.trust, gateway.config.directory, Newest(gateway).office, time.monotonic
    )
    beside = [threading.Thread(target=following.run, args=(stop.wait,), name="following")]
    pushing = Pushing(Newest(gateway).office)
    beside.append(threading.Thread(target=pushing.run, args=(stop.wait,), name="pushing"))
    fetching = Fetching(partial(_round, Newest(gateway)))
    beside.append(threading.Thread(target=fetching.run, args=(stop.wait,), name="fetching"))
    own = gateway.config.directory
    if own.renew_with is not None:
        renewing = Renewing(own.published, own.renew_with, now, time.monotonic)
        beside.append(threading.Thread(target=renewing.run, args=(stop.wait,), name="renewing"))
    for state in gateway.config.pull_from:
        pulling = Pulling(state, partial(_linked, Newest(gateway), state))
        name = f"pulling from {state}"
        beside.append(threading.Thread(target=pulling.run, args=(stop.wait,), name=name))
    try:
        hearing = Bell(gateway.config.data / NAME).hung()
    except OSError as error:
        raise click.ClickException(
            f"{gateway.config.data / NAME} cannot be a pipe: {error}"
        ) from None
    for one in beside:
        one.start()
    Worker(partial(_round, Newest(gateway))).run(partial(hearing.wait, stopped=stop.is_set))
    for one in beside:
        one.join()


def _round(newest: Newest) -> Round:
    found = newest.gateway()
    links = {state: found.link_to(state) for state in found.partners}
    return Round(found.office, links, found.pulled_by)


def _linked(newest: Newest, state: str) -> tuple[Office, Link]:
    found = newest.gateway()
    return found.office, found.link_to(state)
