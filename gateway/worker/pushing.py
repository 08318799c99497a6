"""Tell ministries' own addresses what waits for them, beside delivery: a slow one stops nothing."""

from collections.abc import Callable
from dataclasses import dataclass

import structlog

from gateway.exchange.office import Office
from gateway.exchange.webhooks import tell_webhooks

LOOK_SECONDS = 0.5

_LOG = structlog.get_logger("lmx.webhooks")


@dataclass(frozen=True, slots=True)
class Pushing:
    """`office` gives the office with the newest trust."""

    office: Callable[[], Office]

    def run(self, wait: Callable[[float], bool]) -> None:
        """Look twice a second until `wait(seconds)` says to stop."""
        while not wait(LOOK_SECONDS):
            self.round()

    def round(self) -> None:
        """Tell what is due, once; a failure is logged and tried again."""
        try:
            found = tell_webhooks(self.office())
        except Exception as error:  # noqa: BLE001 one bad round must not end telling for ever
            # The text of an unknown error may hold content, so only its kind is told.
            _LOG.error("webhooks not told", kind=type(error).__name__)
            return
        for name, why in found.failed.items():
            _LOG.warning("webhook not taken", webhook=name, why=why)
