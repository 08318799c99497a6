"""Renew our own published directory when something is due: its timestamp lives a day.

The commands of a person and this renewal take turns by the folder's lock. What needs holders (root
and targets) is only told, as `lmx directory status` does.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import structlog

from gateway.directory.publish import renew
from gateway.directory.published import is_published, read_published
from gateway.directory.roles import ROOT, TARGETS, CeremonyError
from gateway.directory.signing_keys import load_signers
from gateway.directory.status import status_of

LOOK_SECONDS = 60.0
# What cannot be renewed is told again after this long, not with every look.
TELL_SECONDS = 3600.0

_LOG = structlog.get_logger("lmx.directory")


@dataclass(frozen=True, slots=True)
class Renewing:
    """What is renewed, with which keys; told: when each sentence was last logged, monotonic."""

    published: Path
    keys: Path
    clock: Callable[[], datetime]
    monotonic: Callable[[], float]
    told: dict[str, float] = field(default_factory=dict)

    def run(self, wait: Callable[[float], bool]) -> None:
        """Look at once and then every minute, until `wait(seconds)` says to stop."""
        while True:
            self.round()
            if wait(LOOK_SECONDS):
                return

    def round(self) -> list[str]:
        """Renew what is due; gives what was renewed, in words. A failure is logged, never raised:
        the directory stands as it was, and the next round tries again."""
        if not is_published(self.published):
            return []
        at = self.clock()
        try:
            done = renew(self.published, load_signers(self.keys), at=at)
            self._tell_holders(at)
        except (CeremonyError, OSError) as error:
            self._tell("directory not renewed", type(error).__name__, str(error))
            return []
        if done:
            _LOG.info("directory renewed", roles=done)
        return done

    def _tell_holders(self, at: datetime) -> None:
        for one in status_of(read_published(self.published)):
            if one.role in (ROOT, TARGETS) and one.state(at) != "sound":
                self._tell("directory ceremony due", one.role, one.todo)

    def _tell(self, event: str, kind: str, todo: str) -> None:
        now, last = self.monotonic(), self.told.get(kind)
        if last is None or now - last >= TELL_SECONDS:
            self.told[kind] = now
            _LOG.warning(event, kind=kind, todo=todo)
