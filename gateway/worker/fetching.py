"""Fetch attachments beside delivery: large ones hold up no record."""

from collections.abc import Callable
from dataclasses import dataclass

import structlog

from gateway.exchange.fetching import fetch_attachments
from gateway.worker.worker import Round

LOOK_SECONDS = 0.5

_LOG = structlog.get_logger("lmx.attachments")


@dataclass(frozen=True, slots=True)
class Fetching:
    """`current` gives what one round works with."""

    current: Callable[[], Round]

    def run(self, wait: Callable[[float], bool]) -> None:
        """Look twice a second until `wait(seconds)` says to stop."""
        while not wait(LOOK_SECONDS):
            self.round()

    def round(self) -> None:
        """Fetch what is coming, once for every partner; a failure is logged and tried again."""
        now = self.current()
        for state, link in now.links.items():
            try:
                found = fetch_attachments(now.office, link, state)
            except Exception as error:  # noqa: BLE001 one bad round must not end fetching for ever
                # The text of an unknown error may hold content, so only its kind is told.
                _LOG.error("attachments not fetched", partner=state, kind=type(error).__name__)
                continue
            if found.failure:
                _LOG.warning("attachments not fetched", partner=state, why=found.failure)
