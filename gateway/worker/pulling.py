"""Fetch from partners where we only connect outward: one thread a partner, for ever."""

from collections.abc import Callable
from dataclasses import dataclass

import structlog

from gateway.delivery.link import Link
from gateway.exchange.office import Office
from gateway.exchange.pull import Pulled, pull

# Below what a stopping gateway gives its parts (cli/serve.py, 10 s).
WAIT_SECONDS = 8
BUSY_SECONDS = 0.02
IDLE_SECONDS = 0.25

_LOG = structlog.get_logger("lmx.worker")


@dataclass(frozen=True, slots=True)
class Pulling:
    """One partner that is asked; current: our office and the link to it as they stand now."""

    state: str
    current: Callable[[], tuple[Office, Link]]

    def run(self, wait: Callable[[float], bool]) -> None:
        """Ask until `wait(seconds)` says to stop."""
        pause = BUSY_SECONDS
        while not wait(pause):
            try:
                pulled = self.once(WAIT_SECONDS)
                pause = BUSY_SECONDS if pulled.taken else IDLE_SECONDS
            except Exception as error:  # noqa: BLE001 one bad round must not end delivery for ever
                # The text of an unknown error may hold content, so only its kind is told.
                _LOG.error("not fetched", partner=self.state, kind=type(error).__name__)
                pause = IDLE_SECONDS

    def once(self, seconds: int) -> Pulled:
        """Ask once; the partner may wait so many seconds for something."""
        office, link = self.current()
        pulled = pull(office, link, self.state, wait=seconds)
        if pulled.failure:
            _LOG.warning("not fetched", partner=self.state, why=pulled.failure)
        for kind in pulled.kinds:
            _LOG.error("item not taken", partner=self.state, kind=kind)
        return pulled
