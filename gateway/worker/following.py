"""Follow directories beside the deliveries: every few minutes, and at once on a partner's hint."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from gateway.config.config import DirectorySettings
from gateway.directory.failure import UNREACHABLE
from gateway.directory.fetch import BoundedFetcher
from gateway.directory.follow import Source
from gateway.directory.followed import Followed, follow_once, read_followed, sources
from gateway.exchange.office import Office
from gateway.exchange.record import Event, log_events
from gateway.store.directory_rows import count_fallen, newest_seen

LOOK_SECONDS = 1.0
# A hint that the directory's server cannot meet yet is not asked about more often than this.
HINT_SECONDS = 5.0
# Gateways that start together are not up in one moment: so long an unreachable directory is asked
# again soon and not told of.
QUIET_SECONDS = 30.0

_LOG = structlog.get_logger("lmx.directory")


@dataclass(frozen=True, slots=True)
class Following:
    """What is followed; asked: when each state was last asked, by the monotonic clock.

    fallen: how often each partner had named a lower version, as far as was told; begun: when the
    first round was, by the monotonic clock.
    """

    trust: Path
    settings: DirectorySettings
    office: Callable[[], Office]
    monotonic: Callable[[], float]
    asked: dict[str, float] = field(default_factory=dict)
    fallen: dict[str, int] = field(default_factory=dict)
    begun: list[float] = field(default_factory=list)

    def run(self, wait: Callable[[float], bool]) -> None:
        """Go round until `wait(seconds)` says to stop."""
        while not wait(LOOK_SECONDS):
            try:
                self.round()
            except Exception as error:  # noqa: BLE001 one bad round must not end following for ever
                _LOG.error("round failed", kind=type(error).__name__)

    def round(self) -> list[Followed]:
        """Ask each directory that is due; gives what came of it."""
        if not self.begun:
            self.begun.append(self.monotonic())
        known = read_followed(self.trust)
        with self.office().store.read() as turn:
            hinted, fallen = newest_seen(turn), dict(count_fallen(turn))
        self._tell_fallen(fallen)
        found = []
        for source in sources(self.trust, self.settings.follow):
            old = known.get(source.state)
            behind = hinted.get(source.state, 0) > (old.version if old else 0)
            soon = behind or (self._quiet() and old is not None and old.failure == UNREACHABLE)
            if self._due(source, HINT_SECONDS if soon else self.settings.every):
                found.append(self._ask(source, old))
        return found

    def _quiet(self) -> bool:
        return self.monotonic() - self.begun[0] < QUIET_SECONDS

    def _tell_fallen(self, fallen: dict[str, int]) -> None:
        for partner, count in fallen.items():
            if count > self.fallen.get(partner, 0):
                # Its messages name a lower version than they did: a directory played back to it.
                _LOG.error("directory alarm", partner=partner, code="directory.rollback")
        self.fallen.update(fallen)

    def _due(self, source: Source, every: float) -> bool:
        at, last = self.monotonic(), self.asked.get(source.state)
        if last is not None and at - last < every:
            return False
        self.asked[source.state] = at
        return True

    def _ask(self, source: Source, old: Followed | None) -> Followed:
        office = self.office()
        at = office.clock()
        new = follow_once(source, BoundedFetcher(self.monotonic), at=at)
        if new.alarm(at):
            _LOG.error(
                "directory alarm", state=new.state, code=new.failure, standing=new.standing(at)
            )
        elif new.failure and not (self._quiet() and new.failure == UNREACHABLE):
            _LOG.warning("directory not reached", state=new.state, code=new.failure)
        if (new.version, new.sha256) != ((old.version, old.sha256) if old else (0, "")):
            _logged(office, new)
            _LOG.info("directory changed", state=new.state, version=new.version)
        return new


def _logged(office: Office, new: Followed) -> None:
    # evidence-log 3.1: X.10, a change of a directory, with its digest.
    members = {"dirv": {new.state: [new.version, new.sha256]}}
    with office.store.write(office.home) as turn:
        log_events(turn, office, [Event("X.10", office.home, members)])
